"""Whether a training is the one that its run's folder was begun for."""

from dataclasses import asdict
from pathlib import Path

from mnistlab.datasets.digits import Digits
from mnistlab.runs.run import Run
from mnistlab.training.checkpoints import require_same
from mnistlab.training.presets import TrainConfig, configure

CONFIGURED = ("preset", "dataset", "epochs", "batch_size", "learning_rate", "seed")
"""Parameters of a notebook that `configure` takes."""


def require_run_of(config: TrainConfig, train: Digits, validation: Digits, run_dir: Path) -> None:
    """Raise RunError if the folder is that of a run with other parameters, as written in its ``run.json``.

    A folder without ``run.json``, or that of a notebook without presets, takes any training.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
        What will be trained and validated on.
    run_dir : Path
    """
    run = Run(run_dir)
    parameters = {name: value for name, value in run.parameters.items() if name in CONFIGURED}
    if not run.exists or "preset" not in parameters:
        return
    begun, now = asdict(configure(**parameters)), asdict(config)
    dataset = run.record.dataset
    available = dataset.images.get("train") if dataset else None
    if available and "train_size" in run.parameters:
        begun["train_size"] = min(run.parameters["train_size"] or available, available)
        now["train_size"] = len(train) + len(validation)
    require_same(run_dir, begun, now)
