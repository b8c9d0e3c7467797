"""The files that a training keeps in its run's folder, and where it resumes after an interruption."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mnistlab.errors import RunError
from mnistlab.runs.history import Epoch, History, Point
from mnistlab.system.files import replacing
from mnistlab.system.run_files import BEST_WEIGHTS, HISTORY_CSV, LAST_EPOCH, ORIGIN

Save = Callable[[Path], object]
"""Writes something to the path that it is given."""

Saved = TypeVar("Saved")

IMAGES = {"train": "training images", "validation": "validation images"}
"""What the two sha256 of an origin belong to."""


@dataclass(frozen=True)
class TrainingLength:
    """How long a training takes at most."""

    epochs: int
    steps_per_epoch: int

    @property
    def steps(self) -> int:
        """All steps of all epochs."""
        return self.epochs * self.steps_per_epoch


def read_origin(run_dir: Path) -> dict[str, Any] | None:
    """Return what a training wrote down when it began, None before that.

    Returns
    -------
    dict
        The fields of its `mnistlab.training.presets.TrainConfig`, the sha256 of its ``train`` and its
        ``validation`` images, and the fields of its `TrainingLength` under ``length``.
    """
    path = run_dir / ORIGIN
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def read_length(run_dir: Path) -> TrainingLength | None:
    """Return how long the training in a run's folder takes at most, None if none has begun."""
    origin = read_origin(run_dir)
    return TrainingLength(**origin["length"]) if origin and "length" in origin else None


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

    @property
    def finished(self) -> bool:
        """Whether the training is over: all epochs are done, or the last ones brought no improvement."""
        return len(self.history) >= self.length.epochs or 0 < self.patience <= self.history.epochs_since_kept

    def begin(self, origin: Mapping[str, Any]) -> None:
        """Write down from which configuration and data the training starts.

        Parameters
        ----------
        origin : mapping
            As `read_origin` returns it, without ``length``.

        Raises
        ------
        RunError
            If the folder holds a training from another configuration or other data. Nothing is changed then.
        """
        before = read_origin(self.run_dir)
        if before is None:
            (self.run_dir / ORIGIN).parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.run_dir / ORIGIN) as unfinished:
                unfinished.write_text(json.dumps({**origin, "length": vars(self.length)}), encoding="utf-8")
        else:
            require_same(self.run_dir, before, origin)

    def resume(self, load: Callable[[Path], tuple[Saved, int]]) -> Saved | None:
        """Return what was saved after the last finished epoch, None if there was none; read the history up to there.

        Parameters
        ----------
        load : callable
            Takes the path of the checkpoint, returns what it holds and the steps taken so far.
        """
        if not (self.run_dir / LAST_EPOCH).exists():
            return None
        saved, steps = load(self.run_dir / LAST_EPOCH)
        history = History.read(self.run_dir / HISTORY_CSV, self.history.to_the_end)
        self.history = history.up_to(steps // self.length.steps_per_epoch)
        return saved

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
        self.history = self.history.plus(epoch)
        if self.history.kept is epoch:
            self._write(BEST_WEIGHTS, save_weights)
        self.history.write(self.run_dir / HISTORY_CSV)
        if save_all:  # last: the epoch counts as finished once this is there
            self._write(LAST_EPOCH, save_all)

    def discard_unfinished_epoch(self) -> None:
        """Forget the points after the last finished epoch."""
        self.history = self.history.up_to(len(self.history))

    def _write(self, name: str, save: Save) -> None:
        with replacing(self.run_dir / name) as unfinished:
            save(unfinished)


def require_same(run_dir: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise RunError if a run was begun with other values than those of `now`, which it names."""
    different = [name for name in now if before.get(name) != now[name]]
    if different:
        raise RunError(
            f"{run_dir.name} was begun with {_listed(before, different)}, not {_listed(now, different)}: "
            "run the cell with current_run again to begin a new run"
        )


def _listed(values: Mapping[str, Any], names: list[str]) -> str:
    """The first three of these values, in a line; of a sha256 the first digits."""
    shown = [f"{IMAGES[n]} {values[n][:8]}" if n in IMAGES else f"{n} {values.get(n)}" for n in names[:3]]
    return ", ".join(shown + ["…"] * (len(names) > 3))
