"""A number of several digits, read from a drawing or from a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from mnistlab.reading.components import pieces_of_picture
from mnistlab.reading.grouping import Reader, group_pieces
from mnistlab.reading.pieces import Pieces
from mnistlab.reading.prediction import Prediction
from mnistlab.reading.stroke_pieces import pieces_of_drawing
from mnistlab.strokes import Drawing

NO_DIGIT = "?"
"""Stands in the text for what is not a digit."""


@dataclass(frozen=True, eq=False)
class NumberDigit:
    """A digit of a number, or something among its digits that is none.

    Attributes
    ----------
    strokes : tuple of int
        Positions in the drawing of the strokes that it is made of, from 0; none in a picture.
    box : tuple of float
        Left, top, right and bottom of its ink, in pixels of the canvas or of the picture.
    prediction : Prediction
        Its `is_digit` says whether it is a digit at all; in a number digits are taken to be more frequent than other
        things, so that its `digit_probability` is larger than that of the same drawing alone.
    """

    strokes: tuple[int, ...]
    box: tuple[float, float, float, float]
    prediction: Prediction

    @property
    def text(self) -> str:
        """The digit, ``"?"`` if it is none."""
        return str(self.prediction.digit) if self.prediction.is_digit else NO_DIGIT

    def record(self) -> dict[str, object]:
        """Return all but the image, ready for JSON."""
        box = [round(side, 1) for side in self.box]
        return {"box": box, "strokes": list(self.strokes), **self.prediction.record()}


@dataclass(frozen=True, eq=False)
class Number:
    """What was read, from left to right.

    Attributes
    ----------
    digits : tuple of NumberDigit
        One or more.
    text : str
        The digits; ``"?"`` stands for what is not a digit.
    is_number : bool
        Whether all of them are digits.
    confidence : float
        The product of the confidences in each digit, 0 to 1: that of the whole number, if they are digits.
    """

    digits: tuple[NumberDigit, ...]

    @property
    def text(self) -> str:
        return "".join(digit.text for digit in self.digits)

    @property
    def is_number(self) -> bool:
        return NO_DIGIT not in self.text

    @property
    def confidence(self) -> float:
        return prod(digit.prediction.confidence for digit in self.digits)

    def __repr__(self) -> str:
        return f"Number({self.text}, {self.confidence:.1%})"

    def __str__(self) -> str:
        return f"{self.text} ({self.confidence:.1%})" if self.is_number else f"{self.text} (? is not a digit)"

    def record(self) -> dict[str, object]:
        """Return all but the images, ready for JSON."""
        return {
            "number": self.text,
            "is_number": self.is_number,
            "confidence": round(self.confidence, 6),
            "digits": [digit.record() for digit in self.digits],
        }


def number_in_drawing(
    drawing: Drawing, pen_width: float | Sequence[float], canvas_size: int | None, read: Reader
) -> Number:
    """Read the number in a drawing; `mnistlab.prediction.Predictor.read_number` explains it."""
    return _read(pieces_of_drawing(drawing, pen_width, canvas_size), read)


def number_in_picture(picture: np.ndarray, read: Reader) -> Number:
    """Read the number in a picture; `mnistlab.prediction.Predictor.read_number_picture` explains it."""
    return _read(pieces_of_picture(picture), read)


def _read(pieces: Pieces, read: Reader) -> Number:
    digits = []
    for group in group_pieces(pieces, read):
        strokes = sorted(n for part in pieces.strokes[group.start : group.stop] for n in part)
        patch = group.patch
        left, top, right, bottom = (side / pieces.scale for side in (patch.left, patch.top, patch.right, patch.bottom))
        digits.append(NumberDigit(tuple(strokes), (left, top, right, bottom), group.prediction))
    return Number(tuple(digits))
