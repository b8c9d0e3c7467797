"""A drawing while it is being drawn."""

import math
from dataclasses import dataclass

import numpy as np

from mnistlab.keeping.limits import MAX_POINTS, MAX_STROKES, OUTSIDE
from mnistlab.strokes import Rasterizer
from mnistlab.widgets.drawing.drawing_text import drawing_in, text_of
from mnistlab.widgets.drawing.sheet import DIGIT_SHEET, Point, Sheet, fitted


@dataclass(frozen=True, eq=False)
class Recording:
    """A drawing at one moment.

    Attributes
    ----------
    strokes : list of strokes
        In canvas pixels.
    widths : list of float
        The pen's width for each stroke, in canvas pixels.
    sheet : Sheet
        What it is drawn on.
    picture : uint8 array of shape (sheet.height, sheet.width)
        As `mnistlab.strokes.rasterize` returns it.
    """

    strokes: list[list[Point]]
    widths: list[float]
    sheet: Sheet
    picture: np.ndarray


class StrokeRecorder:
    """Records strokes with their pen widths, and keeps the picture that they make up to date.

    A drawing of `MAX_POINTS` points or `MAX_STROKES` strokes is full: it stays, and nothing more is drawn.

    Parameters
    ----------
    sheet : Sheet
        A stroke's first point is moved onto it, the others to within `mnistlab.keeping.limits.OUTSIDE` of it: a
        stroke may leave the sheet and come back, and draws nothing along its edge.

    Attributes
    ----------
    sheet : Sheet
        What is drawn on.
    revision : int
        Another number after each change.
    """

    def __init__(self, sheet: Sheet = DIGIT_SHEET) -> None:
        self.sheet, self._started = sheet, 0
        self.revision = 0
        self._replace([], [])

    @property
    def is_full(self) -> bool:
        """Whether nothing more can be drawn until something is removed."""
        return self._point_count >= MAX_POINTS or (len(self._strokes) >= MAX_STROKES and not self._pen_is_down)

    @property
    def open_stroke(self) -> int:
        """Number of the stroke that is being drawn, which no other has; 0 while the pen is up."""
        return self._started if self._pen_is_down else 0

    @property
    def strokes(self) -> list[list[Point]]:
        """A copy of the strokes, in the order in which they were drawn."""
        return [list(stroke) for stroke in self._strokes]

    @property
    def widths(self) -> list[float]:
        """A copy of the pen's width for each stroke, in canvas pixels."""
        return list(self._widths)

    def start(self, x: float, y: float, width: float) -> Point | None:
        """Start a stroke at (x, y) with a pen of this width, all in canvas pixels.

        Returns
        -------
        (x, y) or None
            The stroke's first point; None if the drawing is full.
        """
        self._pen_is_down = False
        if self.is_full:
            return None
        point = self._point(x, y, 0.0)
        self._point_count += 1
        self.revision += 1
        self._strokes.append([point])
        self._widths.append(width)
        self._rasterizer.add([point], width)
        self._pen_is_down, self._started = True, self._started + 1
        return point

    def extend(self, x: float, y: float) -> tuple[Point, Point] | None:
        """Move the pen to (x, y); return the line that it drew.

        None if there is no line: the pen was up or did not move, or the drawing is full.
        """
        if not self._pen_is_down or self.is_full:
            return None
        stroke, point = self._strokes[-1], self._point(x, y)
        if point == stroke[-1]:
            return None
        stroke.append(point)
        self._point_count += 1
        self.revision += 1
        self._rasterizer.add(stroke[-2:], self._widths[-1])
        return stroke[-2], point

    def end(self) -> bool:
        """Lift the pen; return whether it was down."""
        was_down, self._pen_is_down = self._pen_is_down, False
        return was_down

    def undo(self) -> None:
        """Remove the last stroke."""
        self._replace(self._strokes[:-1], self._widths[:-1])

    def clear(self) -> None:
        """Remove all strokes."""
        self._replace([], [])

    def move_to(self, sheet: Sheet) -> None:
        """Go on with another sheet; what is drawn stays, and is made smaller if it would not fit on it."""
        self.sheet = sheet
        self._replace(*fitted(self._strokes, self._widths, sheet))

    def as_text(self) -> str:
        """Return the sheet, strokes and widths as text, for `restore`."""
        return text_of(self._strokes, self._widths, self.sheet)

    def restore(self, text: str) -> None:
        """Put the sheet and the strokes of such a text in the place of what is there.

        Raises
        ------
        ValueError
            See `mnistlab.widgets.drawing.drawing_text.checked_text`.
        """
        strokes, widths, self.sheet = drawing_in(text)
        self._replace(strokes, widths)

    def recording(self) -> Recording | None:
        """Return the drawing as it is now; None if nothing is drawn."""
        if not self._strokes:
            return None
        return Recording(self.strokes, self.widths, self.sheet, self._rasterizer.picture())

    def _replace(self, strokes: list[list[Point]], widths: list[float]) -> None:
        self._strokes, self._widths, self._pen_is_down = strokes, widths, False
        self.revision += 1
        self._point_count = sum(map(len, strokes))
        self._rasterizer = Rasterizer(self.sheet.width, self.sheet.height)
        for stroke, width in zip(strokes, widths, strict=True):
            self._rasterizer.add(stroke, width)

    def _point(self, x: float, y: float, outside: float = OUTSIDE) -> Point:
        if math.isnan(x) or math.isnan(y):
            raise ValueError("a point has a coordinate that is not a number: leave it out")
        return self.sheet.clip(x, y, outside)
