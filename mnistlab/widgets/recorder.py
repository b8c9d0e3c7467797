"""A drawing while it is being drawn."""

import numpy as np

from mnistlab.strokes import CANVAS, Ink

Point = tuple[float, float]


class StrokeRecorder:
    """Strokes with their pen widths, and the ink that they leave.

    Parameters
    ----------
    canvas_size : int
        Width and height of the canvas, in pixels. Points beyond its edge are moved onto it.
    """

    def __init__(self, canvas_size: int = CANVAS) -> None:
        self._canvas_size = canvas_size
        self._strokes: list[list[Point]] = []
        self._widths: list[float] = []
        self._ink = Ink(canvas_size)
        self._down = False

    @property
    def strokes(self) -> list[list[Point]]:
        """A copy of the strokes, in the order in which they were begun."""
        return [list(stroke) for stroke in self._strokes]

    @property
    def widths(self) -> list[float]:
        """The pen's width for each stroke, in canvas pixels."""
        return list(self._widths)

    def start(self, x: float, y: float, width: float) -> Point:
        """Put the pen down; return where it touches the canvas."""
        point = self._onto_canvas(x, y)
        self._strokes.append([point])
        self._widths.append(width)
        self._ink.add([point], width)
        self._down = True
        return point

    def extend(self, x: float, y: float) -> tuple[Point, Point] | None:
        """Move the pen; return the line that it drew, None where it is up or has not moved."""
        if not self._down:
            return None
        stroke, point = self._strokes[-1], self._onto_canvas(x, y)
        if point == stroke[-1]:
            return None
        stroke.append(point)
        self._ink.add(stroke[-2:], self._widths[-1])
        return stroke[-2], point

    def end(self) -> bool:
        """Lift the pen; return whether it was down."""
        was_down, self._down = self._down, False
        return was_down

    def undo(self) -> None:
        """Take the last stroke back."""
        self._replace(self._strokes[:-1], self._widths[:-1])

    def clear(self) -> None:
        """Take all strokes back."""
        self._replace([], [])

    def picture(self) -> np.ndarray:
        """Return the ink, uint8 `(canvas_size, canvas_size)`, as `mnistlab.strokes.rasterize` makes it."""
        return self._ink.picture()

    def _replace(self, strokes: list[list[Point]], widths: list[float]) -> None:
        self._strokes, self._widths, self._down = strokes, widths, False
        self._ink = Ink(self._canvas_size)
        for stroke, width in zip(strokes, widths, strict=True):
            self._ink.add(stroke, width)

    def _onto_canvas(self, *point: float) -> Point:
        x, y = (min(max(float(value), 0.0), float(self._canvas_size)) for value in point)
        return x, y
