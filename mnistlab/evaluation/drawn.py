"""How well a model reads digits that people draw with a pen, under conditions like those of the pad."""

import html
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistlab.datasets.cache import cached_images
from mnistlab.datasets.drawings import labels_of
from mnistlab.datasets.formats import LabelledDrawing
from mnistlab.evaluation.metrics import accuracy, accuracy_interval
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

    drawings: str  # name of the set
    count: int  # drawings in the set
    conditions: pd.DataFrame  # by the condition's name: accuracy, low and high end of its 95 % interval, mistakes

    @property
    def is_enough(self) -> bool:
        """Whether there are enough drawings for an accuracy."""
        return self.count >= MIN_DRAWINGS

    @property
    def metrics(self) -> dict[str, float]:
        """The mean accuracy over the conditions and the lowest, 0..1; empty if there are too few drawings."""
        if not self.is_enough:
            return {}
        accuracies = self.conditions["accuracy"]
        return {"drawn_accuracy": float(accuracies.mean()), "drawn_accuracy_lowest": float(accuracies.min())}

    @property
    def worst(self) -> Condition:
        """The condition with the most mistakes."""
        return CONDITIONS[int(self.conditions["mistakes"].argmax())]

    def record(self) -> dict[str, object]:
        """Return all of it, ready for JSON."""
        return {"drawings": self.drawings, "count": self.count, "conditions": self.conditions.to_dict("index")}

    def __repr__(self) -> str:
        if not self.is_enough:
            return few_drawings(self.count)
        mean, lowest = self.metrics.values()
        means = f"{mean:.2%} read correctly, mean of {len(CONDITIONS)} conditions"
        return f"{self.count:,} drawings ({self.drawings}): {means}; the lowest {lowest:.2%} ({self.worst.name})"

    def _repr_html_(self) -> str:
        """The table of the conditions; without percentages if there are too few drawings for them."""
        table = self.conditions if self.is_enough else self.conditions[["mistakes"]]
        shares: list[Hashable] = list(table.columns.drop("mistakes"))
        return str(table.style.format("{:.2%}", subset=shares).set_caption(html.escape(repr(self))).to_html())


def few_drawings(count: int) -> str:
    """Return the sentence that stands in place of an accuracy when there are too few drawings."""
    return (
        f"Drawn digits: only {count} drawings, too few to say how well a model reads them. "
        "'mnistlab fetch' downloads 1,200 (UJI)"
    )


def render(drawings: Sequence[LabelledDrawing], condition: Condition, seed: int = 0) -> np.ndarray:
    """Draw each digit under a condition and normalise it.

    Parameters
    ----------
    drawings : sequence of LabelledDrawing
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


def rendered(drawings: Sequence[LabelledDrawing], condition: Condition, seed: int = 0) -> np.ndarray:
    """Return the same as `render`, from the user's cache if it is there."""
    return cached_images(render, drawings, condition, seed)


def measure_drawn(
    predict: Callable[[np.ndarray], np.ndarray], name: str, drawings: Sequence[LabelledDrawing], seed: int = 0
) -> DrawnAccuracy:
    """Measure how well a model reads digits that people draw, under each of `CONDITIONS`.

    Parameters
    ----------
    predict : callable
        From images, uint8 `(N, 28, 28)`, to logits or probabilities `(N, 10)`.
    name : str
        Name of the set of drawings.
    drawings : sequence of LabelledDrawing
    seed : int
        For the corners and the side of the tilt.

    Returns
    -------
    DrawnAccuracy
    """
    labels = labels_of(drawings)
    rows = {}
    for condition in CONDITIONS:
        scores = predict(rendered(drawings, condition, seed))
        mistakes = int((argmax(scores) != labels).sum())
        rows[condition.name] = (accuracy(scores, labels), *accuracy_interval(scores, labels), mistakes)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high", "mistakes"])
    return DrawnAccuracy(name, len(drawings), table)
