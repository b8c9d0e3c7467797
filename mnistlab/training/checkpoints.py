"""What a training keeps in its run's folder, and where it resumes after an interruption."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mnistlab.errors import RunError
from mnistlab.runs.history import Epoch, History, Point
from mnistlab.system.files import remove
from mnistlab.system.run_files import BEST_WEIGHTS, CHECKPOINTS, LAST_EPOCH, PREVIOUS_CHECKPOINTS, STATE_HISTORY
from mnistlab.training.state import (
    Save,
    TrainingState,
    find_state,
    publish_history,
    read_description,
    restore,
    write_state,
)

Saved = TypeVar("Saved")

IMAGES = {"train": "training images", "validation": "validation images", "outlier_images": "outliers"}
"""What the sha256 of an origin belong to."""


@dataclass(frozen=True)
class TrainingLength:
    """How long a training takes at most."""

    epochs: int
    steps_per_epoch: int

    @property
    def steps(self) -> int:
        """All steps of all epochs."""
        return self.epochs * self.steps_per_epoch


def read_length(run_dir: Path) -> TrainingLength | None:
    """Return how long the training in a run's folder takes at most, None if that is not known."""
    try:
        return TrainingLength(**read_description(run_dir / CHECKPOINTS).origin["length"])
    except RunError:
        return None


class Checkpoints:
    """Keeps the history and the weights of one training; knows nothing of Keras.

    Parameters
    ----------
    run_dir : Path
    length : TrainingLength
    patience : int
        As in `mnistlab.training.presets.TrainConfig`.
    """

    def __init__(self, run_dir: Path, length: TrainingLength, patience: int) -> None:
        self.run_dir, self.length, self.patience = run_dir, length, patience
        self.history = History(to_the_end=not patience)
        self._origin: Mapping[str, Any] = {}

    @property
    def finished(self) -> bool:
        """Whether the training is over: all epochs are done, or the last ones brought no improvement."""
        return len(self.history) >= self.length.epochs or 0 < self.patience <= self.history.epochs_since_kept

    def begin(self, origin: Mapping[str, Any]) -> None:
        """Write down from which configuration and data the training starts, or find where it goes on.

        Parameters
        ----------
        origin : mapping
            The fields of the `mnistlab.training.presets.TrainConfig`, and the sha256 of the images: see `IMAGES`.

        Raises
        ------
        RunError
            If the folder holds a training from another configuration or other data; nothing is changed then. If it
            cannot be written.
        """
        found, _ = find_state(self.run_dir)
        if found:
            require_same(self.run_dir, found.origin, origin)
        self._origin = {**origin, "length": vars(self.length)}
        state = restore(self.run_dir)
        if state is None:
            write_state(self.run_dir, self._origin, 0, {})
        elif state.epochs:
            self.history = History.read(self.run_dir / STATE_HISTORY, self.history.to_the_end)
            self._tidy()

    def resume(self, load: Callable[[Path], Saved]) -> Saved | None:
        """Return what was saved after the last finished epoch, None if there was none.

        Parameters
        ----------
        load : callable
            Takes the path of the checkpoint, returns what it holds.

        Raises
        ------
        RunError
            If it cannot be loaded, although it is as it was written: by another version of Keras, perhaps.
        """
        if not self.history.epochs:
            return None
        try:
            return load(self.run_dir / LAST_EPOCH)
        except Exception as error:  # Keras raises many kinds
            raise RunError(
                f"{LAST_EPOCH} of {self.run_dir.name} cannot be loaded ({type(error).__name__}): "
                "use the versions that it was made with, or begin anew with --force"
            ) from error

    def add_point(self, point: Point) -> None:
        """Add a measurement within an epoch. It is written at the epoch's end."""
        self.history = self.history.plus(point)

    def add_epoch(self, epoch: Epoch, save_weights: Save, save_all: Save | None) -> None:
        """Write down an epoch, and keep its weights if they are the best so far.

        Parameters
        ----------
        epoch : Epoch
        save_weights : callable
            Writes the weights to predict with.
        save_all : callable, optional
            Writes everything that is needed to resume after this epoch; left out if the epoch was cut short.
        """
        kept_before = self.run_dir / BEST_WEIGHTS
        self.history = self.history.plus(epoch)
        is_best = self.history.kept is epoch
        saves: dict[str, Save] = {
            BEST_WEIGHTS: save_weights if is_best else lambda path: shutil.copyfile(kept_before, path),
            STATE_HISTORY: self.history.write,
        }
        if save_all:
            saves[LAST_EPOCH] = save_all
        write_state(self.run_dir, self._origin, len(self.history) if save_all else 0, saves)
        publish_history(self.run_dir)
        self._tidy()

    def discard_unfinished_epoch(self) -> None:
        """Forget the points after the last finished epoch."""
        self.history = self.history.up_to(len(self.history))

    def _tidy(self) -> None:
        """A finished training does not go on from the epoch before its last."""
        if self.finished:
            remove(self.run_dir / PREVIOUS_CHECKPOINTS)


def finished_state(run_dir: Path) -> TrainingState:
    """Return the last state of a training whose files fit together.

    Raises
    ------
    RunError
        If there is none, or a later one is damaged.
    """
    state, wrong = find_state(run_dir)
    if wrong:
        raise RunError(f"{wrong} in {run_dir}: train again, which goes on from what is whole")
    if state is None or Path(BEST_WEIGHTS).name not in state.sha256:
        raise RunError(f"nothing has been trained in {run_dir}: run 02_train first")
    return state


def require_same(run_dir: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise RunError if a run was begun with other values than those of `now`, which it names."""
    different = [name for name in now if before.get(name) != now[name]]
    if different:
        raise RunError(
            f"{run_dir.name} was begun with {_listed(before, different)}, not {_listed(now, different)}: "
            "run the cell with current_run again to begin a new run, or the command with --force"
        )


def _listed(values: Mapping[str, Any], names: list[str]) -> str:
    """The first three of these values, in a line; of a sha256 the first digits."""
    shown = [f"{IMAGES[n]} {values[n][:8]}" if n in IMAGES else f"{n} {values.get(n)}" for n in names[:3]]
    return ", ".join(shown + ["…"] * (len(names) > 3))
