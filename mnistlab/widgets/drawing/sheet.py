"""What is drawn on: a square sheet for one digit, or a wide one for a number."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnistlab.keeping.limits import OUTSIDE, PEN_WIDTHS
from mnistlab.strokes import CANVAS

Point = tuple[float, float]


@dataclass(frozen=True)
class Sheet:
    """A sheet's width and height, in canvas pixels."""

    width: int
    height: int

    @property
    def is_for_numbers(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height

    def clip(self, x: float, y: float, outside: float = OUTSIDE) -> Point:
        """Return a point, moved to within so many canvas pixels of the sheet."""
        return (
            float(min(max(x, -outside), self.width + outside)),
            float(min(max(y, -outside), self.height + outside)),
        )

    def clip_stroke(self, stroke: Sequence[Point]) -> list[Point]:
        """Return a stroke whose first point is moved onto the sheet, and the others to within `OUTSIDE` of it."""
        first, *others = stroke
        return [self.clip(*first, 0.0), *(self.clip(*point) for point in others)]


DIGIT_SHEET = Sheet(CANVAS, CANVAS)

NUMBER_SHEET = Sheet(580, CANVAS)
"""As high as the other: what is drawn there fits on it. As wide as the pad's other rows."""


def fitted(
    strokes: Sequence[Sequence[Point]], widths: Sequence[float], sheet: Sheet
) -> tuple[list[list[Point]], list[float]]:
    """Return strokes and pen widths as they are if a sheet holds them; else smaller, with their ink on the sheet.

    Parameters
    ----------
    strokes : sequence of strokes
        Each has at least one point, in canvas pixels.
    widths : sequence of float
        The pen's width for each stroke, in canvas pixels; none gets thinner than the pad's thinnest pen.
    sheet : Sheet
    """
    unchanged = [list(stroke) for stroke in strokes], list(widths)
    if [sheet.clip_stroke(stroke) for stroke in strokes] == unchanged[0]:
        return unchanged
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    size, radius = np.array([sheet.width, sheet.height], float), max(widths) / 2
    low, high = points.min(axis=0) - radius, points.max(axis=0) + radius
    scale = float(min(1.0, *(size / (high - low))))
    shift = size / 2 - scale * (low + high) / 2
    moved = [[sheet.clip(scale * x + shift[0], scale * y + shift[1], 0.0) for x, y in stroke] for stroke in strokes]
    return moved, [max(scale * width, float(PEN_WIDTHS[0])) for width in widths]
