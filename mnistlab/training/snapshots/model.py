"""A model as it was after an epoch of its training."""

from pathlib import Path

from mnistlab.model import build_model
from mnistlab.system.backend import keras
from mnistlab.training.checkpoints import finished_state
from mnistlab.training.snapshots.files import read_snapshot


def model_after(run_dir: Path, epoch: int) -> keras.Model:
    """Return the model of a run as it was after an epoch; its logits are not calibrated.

    Parameters
    ----------
    run_dir : Path
    epoch : int
        One of `mnistlab.training.snapshots.files.snapshot_epochs`; 0 is the model before its training.

    Raises
    ------
    RunError
        If there is no such snapshot, or if it is damaged, or if nothing was trained there.
    """
    model = build_model(finished_state(run_dir).origin["architecture"])
    model.set_weights(read_snapshot(run_dir, epoch))
    return model
