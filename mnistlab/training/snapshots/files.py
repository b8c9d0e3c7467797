"""Snapshots in a run's folder: one small file for each epoch."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mnistlab.errors import RunError
from mnistlab.system.files import open_regular, remove, replacing
from mnistlab.system.run_files import SNAPSHOTS

MOST = 30
"""Snapshots of a training, at most: of more epochs, those that are evenly spaced, with the first and the last."""

LARGEST = float(np.finfo(np.float16).max)

NAME = re.compile(r"epoch-(\d{4,})\.npz")


class SnapshotWriter:
    """Writes the snapshots of a training.

    Parameters
    ----------
    run_dir : Path
    epochs : int
        Of the whole training, at most.
    """

    def __init__(self, run_dir: Path, epochs: int) -> None:
        self._run_dir = run_dir
        self.epochs = {round(part * epochs / (MOST - 1)) for part in range(MOST)}

    def add(self, epoch: int, weights: Sequence[np.ndarray]) -> None:
        """Write the weights after an epoch, if it is one of `epochs`; 0 is the model before its training.

        They are kept with half the precision: a model answers the same with them, but cannot be trained on.

        Parameters
        ----------
        epoch : int
        weights : sequence of arrays
            As ``get_weights`` of a Keras model returns them.
        """
        if epoch not in self.epochs:
            return
        path = _path(self._run_dir, epoch)
        path.parent.mkdir(parents=True, exist_ok=True)
        halves = {str(i): np.clip(array, -LARGEST, LARGEST).astype(np.float16) for i, array in enumerate(weights)}
        with replacing(path) as unfinished, unfinished.open("wb") as file:
            np.savez(file, **halves)


def snapshot_epochs(run_dir: Path) -> list[int]:
    """Return the epochs of a run that have a snapshot, in order; 0 is the model before its training."""
    found = (NAME.fullmatch(path.name) for path in (run_dir / SNAPSHOTS).glob("*.npz"))
    return sorted(int(match[1]) for match in found if match)


def read_snapshot(run_dir: Path, epoch: int) -> list[np.ndarray]:
    """Return the weights of a model as they were after an epoch.

    Parameters
    ----------
    run_dir : Path
    epoch : int
        One of `snapshot_epochs`.

    Returns
    -------
    list of float32 arrays
        As ``set_weights`` of a Keras model takes them.

    Raises
    ------
    RunError
        If there is no such snapshot, or if it is damaged.
    """
    path = _path(run_dir, epoch)
    try:
        with open_regular(path) as file, np.load(file, allow_pickle=False) as arrays:
            return [arrays[str(i)].astype(np.float32) for i in range(len(arrays.files))]
    except FileNotFoundError:
        epochs = ", ".join(map(str, snapshot_epochs(run_dir))) or "none: train with snapshots True"
        raise RunError(f"{run_dir.name} has no snapshot of epoch {epoch}, it has {epochs}") from None
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(f"{SNAPSHOTS}/{path.name} of {run_dir.name} is damaged ({error}): train again") from error


def discard_snapshots(run_dir: Path, after: int) -> None:
    """Remove the snapshots of later epochs than `after`, which a training that is resumed will write again."""
    for epoch in snapshot_epochs(run_dir):
        if epoch > after:
            remove(_path(run_dir, epoch))


def _path(run_dir: Path, epoch: int) -> Path:
    return run_dir / SNAPSHOTS / f"epoch-{epoch:04}.npz"
