"""A drawing while it is being drawn."""

import numpy as np

from mnistlab.strokes import CANVAS, Rasterizer

Point = tuple[float, float]


class StrokeRecorder:
    """Records strokes with their pen widths, and keeps the picture that they make up to date.

    Parameters
    ----------
    canvas_size : int
        Width and height of the canvas, in canvas pixels. Points outside are moved to its edge.
    """

    def __init__(self, canvas_size: int = CANVAS) -> None:
        self._canvas_size = canvas_size
        self._strokes: list[list[Point]] = []
        self._widths: list[float] = []
        self._rasterizer = Rasterizer(canvas_size)
        self._pen_is_down = False

    @property
    def strokes(self) -> list[list[Point]]:
        """A copy of the strokes, in the order in which they were drawn."""
        return [list(stroke) for stroke in self._strokes]

    @property
    def widths(self) -> list[float]:
        """A copy of the pen's width for each stroke, in canvas pixels."""
        return list(self._widths)

    def start(self, x: float, y: float, width: float) -> Point:
        """Start a stroke at (x, y) with a pen of this width, all in canvas pixels; return its first point."""
        point = self._clip(x, y)
        self._strokes.append([point])
        self._widths.append(width)
        self._rasterizer.add([point], width)
        self._pen_is_down = True
        return point

    def extend(self, x: float, y: float) -> tuple[Point, Point] | None:
        """Move the pen to (x, y); return the line that it drew, or None if it was up or did not move."""
        if not self._pen_is_down:
            return None
        stroke, point = self._strokes[-1], self._clip(x, y)
        if point == stroke[-1]:
            return None
        stroke.append(point)
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

    def picture(self) -> np.ndarray:
        """Return the drawing as `mnistlab.strokes.rasterize` would: uint8 `(canvas_size, canvas_size)`."""
        return self._rasterizer.picture()

    def _replace(self, strokes: list[list[Point]], widths: list[float]) -> None:
        self._strokes, self._widths, self._pen_is_down = strokes, widths, False
        self._rasterizer = Rasterizer(self._canvas_size)
        for stroke, width in zip(strokes, widths, strict=True):
            self._rasterizer.add(stroke, width)

    def _clip(self, *point: float) -> Point:
        x, y = (min(max(float(value), 0.0), float(self._canvas_size)) for value in point)
        return x, y
