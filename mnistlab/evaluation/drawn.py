"""How drawn digits are read, under conditions like those on a pad."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistlab.datasets.drawings import labels_of
from mnistlab.datasets.formats import LabelledDrawing
from mnistlab.evaluation.metrics import accuracy, accuracy_interval
from mnistlab.logits import argmax
from mnistlab.preprocessing import BOX, SIDE, image_from_drawing
from mnistlab.strokes import CANVAS, place

FULL = CANVAS * BOX / SIDE
"""Longest side of a digit, in canvas pixels, that fills the canvas as MNIST's fill their image: 200."""


@dataclass(frozen=True)
class Condition:
    """One way of drawing on a canvas of 280 pixels."""

    name: str
    size: float = FULL  # longest side of the box around the pen's path, in canvas pixels
    pen_width: float = 24  # canvas pixels
    in_a_corner: bool = False  # any of the four, else in the middle
    tilt: float = 0.0  # degrees, to either side


CONDITIONS = (
    Condition("centred, pen 24"),
    Condition("40 % size in a corner, pen 12", size=0.4 * FULL, pen_width=12, in_a_corner=True),
    Condition("thin pen 8", pen_width=8),
    Condition("thick pen 40", pen_width=40),
    Condition("tilted 15 degrees", tilt=15),
)
"""What people do with a pad. Rows of the table of drawn digits."""


def render(drawings: Sequence[LabelledDrawing], condition: Condition, seed: int = 0) -> np.ndarray:
    """Draw every digit under one condition and normalise it.

    Parameters
    ----------
    drawings : sequence of LabelledDrawing
        In any unit: they are scaled.
    condition : Condition
    seed : int
        For the corners and the sides to tilt to.

    Returns
    -------
    uint8 array of shape (N, 28, 28)
    """
    rng = np.random.default_rng(seed)
    reach = (condition.size + condition.pen_width) / 2 if condition.in_a_corner else CANVAS / 2
    images = []
    for drawn in drawings:
        x, y = rng.choice([reach, CANVAS - reach], 2)
        placed = place(drawn.drawing, condition.size, (x, y), condition.tilt * rng.choice([-1, 1]))
        images.append(image_from_drawing(placed, condition.pen_width))
    return np.stack(images)


def drawn_digits(
    read: Callable[[np.ndarray], np.ndarray], drawings: Sequence[LabelledDrawing], seed: int = 0
) -> pd.DataFrame:
    """Measure how digits are read that people draw with a pen.

    Parameters
    ----------
    read : callable
        From images, uint8 `(N, 28, 28)`, to logits or probabilities `(N, 10)`.
    drawings : sequence of LabelledDrawing
    seed : int
        For the corners and the sides to tilt to.

    Returns
    -------
    DataFrame
        One row for each of `mnistlab.datasets.drawings.CONDITIONS`: ``accuracy`` in 0..1, the ``low`` and
        ``high`` end of its 95 % interval, and ``mistakes``, how many.
    """
    labels = labels_of(drawings)
    rows = {}
    for condition in CONDITIONS:
        logits = read(render(drawings, condition, seed))
        mistakes = int((argmax(logits) != labels).sum())
        rows[condition.name] = (accuracy(logits, labels), *accuracy_interval(logits, labels), mistakes)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high", "mistakes"])
