"""How well a model reads digits that people draw with a pen, under conditions like those of the pad."""

import html
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.evaluation.calibration import calibration_error, reliability
from mnistlab.evaluation.metrics import ACCURACY_COLUMNS, accuracy_row, mean_interval
from mnistlab.logits import argmax
from mnistlab.preprocessing import BOX, SIDE, image_from_drawing
from mnistlab.strokes import CANVAS, place

FULL_SIZE = CANVAS * BOX / SIDE
"""Longest side, in canvas pixels, of a digit that fills the canvas as MNIST's digits fill their image: 200."""

MIN_DRAWINGS = 100
"""Drawings needed for an accuracy: with fewer, a single one changes it by more than 1 %."""


@dataclass(frozen=True)
class Condition:
    """One way to draw on a canvas of 280 pixels."""

    name: str
    size: float = FULL_SIZE  # longest side of the box around the pen's path, in canvas pixels
    pen_width: float = 24  # canvas pixels
    in_a_corner: bool = False  # a random one of the four; otherwise in the middle
    tilt: float = 0.0  # degrees, to a random side


CONDITIONS = (
    Condition("centred, pen 24"),
    Condition("40 % size in a corner, pen 12", size=0.4 * FULL_SIZE, pen_width=12, in_a_corner=True),
    Condition("thin pen 8", pen_width=8),
    Condition("thick pen 40", pen_width=40),
    Condition("tilted 15 degrees", tilt=15),
)
"""Ways in which people draw on a pad."""


@dataclass(frozen=True, eq=False)
class DrawnAccuracy:
    """How well drawn digits were read. It draws no conclusion from fewer than 100 drawings."""

    drawings: str  # name of the sets
    sets: Sequence[DrawingSet]  # what was read of them: the drawings of held-out writers
    count: int  # drawings in all sets
    table: pd.DataFrame  # by set and condition: accuracy, low and high end of its 95 % interval, mistakes
    reliability: pd.DataFrame  # over all sets and conditions, as `mnistlab.evaluation.calibration.reliability` makes it
    calibration_error: float  # expected, over the same
    error: float  # standard error of the mean accuracy, for other writers

    @property
    def is_enough(self) -> bool:
        """Whether there are enough drawings for an accuracy."""
        return self.count >= MIN_DRAWINGS

    @property
    def metrics(self) -> dict[str, float]:
        """The mean accuracy over sets and conditions, the lowest, that of each set; empty for too few drawings."""
        if not self.is_enough:
            return {}
        accuracies = self.table["accuracy"]
        return {
            "drawn_accuracy": float(accuracies.mean()),
            "drawn_accuracy_lowest": float(accuracies.min()),
            "drawn_calibration_error": self.calibration_error,
            **{f"{each.name}_accuracy": float(accuracies[each.name].mean()) for each in self.sets},
        }

    @property
    def mean_accuracy(self) -> tuple[float, float, float]:
        """The mean accuracy over sets and conditions, low and high end of its 95 % interval; NaN for too few drawings.

        The interval is that for other writers: one who writes unusually does so in all drawings.
        """
        if not self.is_enough:
            return np.nan, np.nan, np.nan
        mean = float(self.table["accuracy"].mean())
        return mean, *mean_interval(mean, self.error, self.count)

    @property
    def worst(self) -> tuple[DrawingSet, Condition]:
        """The set and the condition with the lowest accuracy."""
        row = int(self.table["accuracy"].argmin())
        return self.sets[row // len(CONDITIONS)], CONDITIONS[row % len(CONDITIONS)]

    def record(self) -> dict[str, object]:
        """Return all of it, ready for JSON."""
        rows = self.table.reset_index().to_dict("records")
        return {"drawings": self.drawings, "count": self.count, "conditions": rows}

    def __repr__(self) -> str:
        if not self.is_enough:
            return few_drawings(self.count)
        drawing_set, condition = self.worst
        means = f"{self.metrics['drawn_accuracy']:.2%} read correctly, mean of {len(CONDITIONS)} conditions"
        lowest = f"the lowest {self.metrics['drawn_accuracy_lowest']:.2%} ({drawing_set.name}, {condition.name})"
        return f"{self.count:,} drawings ({self.drawings}): {means}; {lowest}"

    def _repr_html_(self) -> str:
        """The table; without percentages if there are too few drawings for them."""
        table = self.table if self.is_enough else self.table[["mistakes"]]
        shares: list[Hashable] = list(table.columns.drop("mistakes"))
        styled = table.style.format("{:.2%}", subset=shares).format_index(escape="html")
        return str(styled.set_caption(html.escape(repr(self))).to_html())


def few_drawings(count: int) -> str:
    """Return the sentence that stands in place of an accuracy when there are too few drawings."""
    return (
        f"Drawn digits: only {count} drawings, too few to say how well a model reads them. "
        "'mnistlab fetch' downloads 1,200 (UJI)"
    )


def render(drawings: Iterable[LabelledDrawing], condition: Condition, seed: int = 0) -> np.ndarray:
    """Draw each digit under a condition and normalise it.

    Parameters
    ----------
    drawings : iterable of LabelledDrawing
        In any unit: they are scaled.
    condition : Condition
    seed : int
        For the corners and the side of the tilt.

    Returns
    -------
    uint8 array of shape (N, 28, 28)
    """
    rng = np.random.default_rng(seed)
    reach = (condition.size + condition.pen_width) / 2 if condition.in_a_corner else CANVAS / 2
    images = []
    for labelled in drawings:
        x, y = rng.choice([reach, CANVAS - reach], 2)
        placed = place(labelled.drawing, condition.size, (x, y), condition.tilt * rng.choice([-1, 1]))
        images.append(image_from_drawing(placed, condition.pen_width))
    return np.stack(images)


def rendered(drawing_set: DrawingSet, condition: Condition, seed: int = 0) -> Digits:
    """Return a set's digits, drawn as by `render`, from the user's cache if they are there."""
    return drawing_set.rendered(render, condition, seed)


def measure_drawn(
    predict: Callable[[np.ndarray], np.ndarray], name: str, sets: Sequence[DrawingSet], seed: int = 0
) -> DrawnAccuracy:
    """Measure how well a model reads what the held-out writers drew, under each of `CONDITIONS`.

    Parameters
    ----------
    predict : callable
        From images, uint8 `(N, 28, 28)`, to probabilities `(N, 10)`.
    name : str
        Name of the sets, as `mnistlab.datasets.drawings.load_drawings` returns it.
    sets : sequence of DrawingSet
    seed : int
        For the corners and the side of the tilt.

    Returns
    -------
    DrawnAccuracy
    """
    held_out = [drawing_set.held_out for drawing_set in sets]
    rows, given, labels, errors = {}, [], [], []
    for drawing_set in held_out:
        is_right = []
        for condition in CONDITIONS:
            digits = rendered(drawing_set, condition, seed)
            probabilities = predict(digits.images)
            rows[drawing_set.name, condition.name] = accuracy_row(probabilities, digits.labels)
            is_right.append(argmax(probabilities) == digits.labels)
            given.append(probabilities)
            labels.append(digits.labels)
        errors.append(_error_of_mean(np.mean(is_right, axis=0), digits.writers))
    index = pd.MultiIndex.from_tuples(rows, names=["drawings", "condition"])
    table = pd.DataFrame([*rows.values()], index, ACCURACY_COLUMNS)
    everything = np.concatenate(given), np.concatenate(labels)
    count = len(everything[1]) // len(CONDITIONS)
    calibration = reliability(*everything), calibration_error(*everything)
    return DrawnAccuracy(name, held_out, count, table, *calibration, float(np.linalg.norm(errors)) / len(errors))


def _error_of_mean(shares: np.ndarray, writers: np.ndarray) -> float:
    """The standard error of the mean of shares `(N,)`, each of a drawing, for other writers."""
    of_writers = np.bincount(np.unique(writers, return_inverse=True)[1], shares - shares.mean())
    return float(np.linalg.norm(of_writers)) / len(shares)
