"""Loss and accuracy of a training: at the end of every epoch, and in between."""

import csv
import logging
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np

from mnistlab.system.files import replacing

log = logging.getLogger("mnistlab")


@dataclass(frozen=True)
class Epoch:
    """One pass over the training images."""

    number: int  # counted from 1
    loss: float  # cross-entropy in nats, mean over the epoch's training batches
    accuracy: float  # 0..1, likewise
    validation_loss: float  # at the epoch's end, on all validation images
    validation_accuracy: float
    seconds: float  # training and validation


@dataclass(frozen=True)
class Point:
    """Measurements within an epoch."""

    number: float  # passes over the training images so far: 1.5 in the middle of the second epoch
    loss: float  # cross-entropy in nats, mean over the training batches since the previous point
    accuracy: float  # 0..1, likewise
    validation_loss: float | None = None  # on a fixed part of the validation images; None: not measured here
    validation_accuracy: float | None = None


@dataclass(frozen=True)
class History:
    """The epochs of one training, in order, and the points measured within them."""

    epochs: tuple[Epoch, ...] = ()
    to_the_end: bool = False  # whether the last epoch's weights are kept, not the best one's
    points: tuple[Point, ...] = ()  # empty where only epochs were measured, as in older runs

    def __len__(self) -> int:
        return len(self.epochs)

    def __repr__(self) -> str:
        if not self.epochs:
            return "History(no epoch finished)"
        kept, epochs = self.kept, "1 epoch" if len(self) == 1 else f"{len(self)} epochs"
        return f"History({epochs}, kept {kept.number}: validation accuracy {kept.validation_accuracy:.2%})"

    @property
    def kept(self) -> Epoch:
        """The epoch whose weights are kept: the first with the highest validation accuracy, or the last."""
        if self.to_the_end:
            return self.epochs[-1]
        return max(self.epochs, key=lambda epoch: epoch.validation_accuracy)

    @property
    def epochs_since_kept(self) -> int:
        """Epochs after the kept one, 0 at the start."""
        return self.epochs[-1].number - self.kept.number if self.epochs else 0

    @property
    def seconds(self) -> float:
        """Time spent training and validating."""
        return sum(epoch.seconds for epoch in self.epochs)

    def column(self, name: str) -> list[float]:
        """One field of `Epoch` over all epochs, ``"validation_loss"`` for example."""
        return [getattr(epoch, name) for epoch in self.epochs]

    def curve(self, metric: str) -> tuple[list[float], list[float]]:
        """Return everything that was measured of a metric, in the order of time.

        Parameters
        ----------
        metric : {"loss", "accuracy", "validation_loss", "validation_accuracy"}

        Returns
        -------
        numbers : list of float
            Passes over the training images so far.
        values : list of float
            Training metrics: at the points, or by epoch where there are none. Validation metrics: at the
            points, and at the ends of the epochs.
        """
        by_epoch = self.epochs if metric.startswith("validation") or not self.points else ()
        measured = [m for m in _in_order(self.points, by_epoch) if getattr(m, metric) is not None]
        return [m.number for m in measured], [getattr(m, metric) for m in measured]

    def is_at_chance(self, labels: np.ndarray) -> bool:
        """Return whether the kept epoch reads no better than always answering with the commonest digit.

        Parameters
        ----------
        labels : int array of shape (N,)
            Of the validation images.

        Returns
        -------
        bool
            True if guessing gives as many correct answers, or more, in over 5 % of all cases.
        """
        from scipy.stats import binomtest  # slow to import

        correct = round(self.kept.validation_accuracy * len(labels))
        return bool(binomtest(correct, len(labels), _commonest(labels), alternative="greater").pvalue > 0.05)

    def conclusion(self, labels: np.ndarray) -> str:
        """Return in one sentence whether the network learned to read; `labels` as for `is_at_chance`."""
        right, guessed = f"{self.kept.validation_accuracy:.2%}", f"{_commonest(labels):.2%}"
        if self.is_at_chance(labels):
            return f"It did not learn to read: {right} is no better than always giving the same answer ({guessed})."
        return f"It reads {right} of the validation images; always giving the same answer is right for {guessed}."

    def up_to(self, number: int) -> "History":
        """The first `number` epochs."""
        points = tuple(point for point in self.points if point.number <= number)
        return replace(self, epochs=self.epochs[:number], points=points)

    def plus(self, measured: Epoch | Point) -> "History":
        """This history with one more epoch or point at its end."""
        if isinstance(measured, Point):
            return replace(self, points=(*self.points, measured))
        return replace(self, epochs=(*self.epochs, measured))

    def write(self, path: Path) -> None:
        """Write a CSV file with all digits of the numbers.

        A line with ``seconds`` is an epoch; one without is a point, its ``number`` a fraction.
        """
        with replacing(path) as unfinished, unfinished.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(Epoch))
            for measured in _in_order(self.points, self.epochs):
                writer.writerow(astuple(measured) if isinstance(measured, Epoch) else (*astuple(measured), ""))

    @classmethod
    def read(cls, path: Path, to_the_end: bool = False) -> "History":
        """Read what `write` wrote.

        A missing file is an empty history, and so is a damaged one: a warning in the log names it then.
        """
        try:
            if os.path.lexists(path):
                return cls._parse(path, to_the_end)
        except (OSError, ValueError, LookupError, TypeError, csv.Error) as error:
            reason = str(error).splitlines()[0]
            log.warning("%s/%s is damaged and left out (%s)", path.parent.name, path.name, reason)
        return cls((), to_the_end)

    @classmethod
    def _parse(cls, path: Path, to_the_end: bool) -> "History":
        """The history in a file; an error of some kind if it is not as `write` makes them."""
        if not path.is_file():  # opening a named pipe would wait without end
            raise ValueError("not a file")
        with path.open(newline="", encoding="utf-8") as file:
            text = file.read()
        header, *rows = csv.reader(text.splitlines())
        if header != [column.name for column in fields(Epoch)] or not text.endswith("\n"):
            raise ValueError("its first or last line is not whole")
        epochs = tuple(Epoch(int(row[0]), *map(float, row[1:])) for row in rows if row[-1])
        points = tuple(Point(*map(float, filter(None, row))) for row in rows if not row[-1])
        if [epoch.number for epoch in epochs] != [*range(1, len(epochs) + 1)]:
            raise ValueError("an epoch is missing")
        return cls(epochs, to_the_end, points)


def _in_order(points: Iterable[Point], epochs: Iterable[Epoch]) -> list[Point | Epoch]:
    """In the order of time: a point at the end of an epoch comes before that epoch, as sorting keeps their order."""
    return sorted([*points, *epochs], key=lambda measured: measured.number)


def _commonest(labels: np.ndarray) -> float:
    """The share of the commonest label."""
    return int(np.bincount(labels).max()) / len(labels)
