"""Strokes and drawings: what they are, and the picture that they make."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, inf, radians, sin
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw

from mnistlab.system.threads import one_at_a_time

Stroke = Sequence[tuple[float, float]]
"""Pen down to pen up: points (x, y) in canvas pixels, x to the right, y down."""

Drawing = Sequence[Stroke]
"""Strokes, in the order in which they were drawn."""

CANVAS = 280
"""Default width and height of a canvas, in canvas pixels: ten for each pixel of an image."""

PEN_WIDTH = 24
"""Default width of the pen, in canvas pixels: a digit that fills the canvas gets lines as thick as MNIST's."""

FARTHEST = 1e9
"""Largest coordinate, in canvas pixels: with larger ones, sums overflow."""

SUPERSAMPLING = 2
"""Pixels drawn for each canvas pixel, in each direction, and then averaged: this makes edges smooth."""


class DrawingSurface(Protocol):
    """Anything that strokes can be drawn on point by point, such as the drawing pad."""

    def start_stroke(self, x: float, y: float) -> None:
        """Put the pen down at (x, y), in canvas pixels."""

    def extend_stroke(self, x: float, y: float) -> None:
        """Move the pen to (x, y), in canvas pixels."""

    def end_stroke(self) -> None:
        """Lift the pen."""


@one_at_a_time
def replay(surface: DrawingSurface, drawing: Drawing) -> None:
    """Draw a drawing point by point, as a person would; on a pad, nobody else draws in between.

    Parameters
    ----------
    surface : DrawingSurface
        Where to draw, for example a `mnistlab.pad.DrawingPad`. What is on it already stays.
    drawing : sequence of strokes
        Of points (x, y) in canvas pixels, x to the right, y down. A stroke without points is left out.

    Raises
    ------
    ValueError
        As `rasterize`, of the drawing.
    """
    for first, *others in (points.tolist() for points in points_of(drawing) if len(points)):
        surface.start_stroke(*first)
        for point in others:
            surface.extend_stroke(*point)
        surface.end_stroke()


def points_of(drawing: Drawing, canvas_size: int = CANVAS) -> list[np.ndarray]:
    """Return each stroke's points, floats `(N, 2)`; ValueError if a drawing is not made of points in canvas pixels."""
    strokes = [_points(stroke) for stroke in (drawing if np.iterable(drawing) else [drawing])]
    every = np.concatenate([np.empty((0, 2)), *strokes])
    if len(every) and every.min() >= 0 and every.max() <= 1 and np.ptp(every, axis=0).any():
        raise ValueError(f"all coordinates are between 0 and 1: multiply them by {canvas_size} to get canvas pixels")
    return strokes


def _points(stroke: Stroke) -> np.ndarray:
    try:
        points = np.asarray(list(stroke) or np.empty((0, 2)))
    except (TypeError, ValueError):  # no points, or points of different lengths
        points = np.empty(())
    if points.shape[1:] != (2,) or points.dtype.kind not in "iuf":
        raise ValueError("expected a list of strokes, each a list of points (x, y), as [[(90, 80), (190, 80)], ...]")
    points = points.astype(float)
    if not (np.abs(points) <= FARTHEST).all():  # NaN is not, either
        raise ValueError(f"a stroke has a point that is not two finite numbers, {FARTHEST:g} at most: leave it out")
    return points


class Rasterizer:
    """Turns strokes into a picture piece by piece, so that a growing drawing need not be drawn again.

    `width` and `height` are those of the canvas and of the picture, in canvas pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("L", (width * SUPERSAMPLING, height * SUPERSAMPLING))
        self._draw = ImageDraw.Draw(self._image)

    def add(self, points: Stroke, width: float) -> None:
        """Draw a disc at each point and a bar between each two neighbours, `width` canvas pixels wide, 1 or more."""
        scaled, radius = [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points], width * SUPERSAMPLING / 2
        for x, y in scaled:
            # Pillow counts the last pixel as part of the ellipse, hence the 1.
            self._draw.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=255)
        for (x0, y0), (x1, y1) in pairwise(scaled):
            dx, dy = x1 - x0, y1 - y0
            if length := (dx * dx + dy * dy) ** 0.5:
                across, down = -dy * radius / length, dx * radius / length
                ends = (x0 + across, y0 + down), (x1 + across, y1 + down)
                self._draw.polygon((*ends, (x1 - across, y1 - down), (x0 - across, y0 - down)), fill=255)

    def picture(self) -> np.ndarray:
        """Return what is drawn so far: uint8 `(height, width)`, light ink (255) on a dark background (0)."""
        return np.asarray(self._image.reduce(SUPERSAMPLING))


def rasterize(
    drawing: Drawing, pen_width: float | Sequence[float] = PEN_WIDTH, canvas_size: int = CANVAS
) -> np.ndarray:
    """Turn a drawing into a picture, with a round pen.

    Parameters
    ----------
    drawing : sequence of strokes
        Each stroke is a sequence of points (x, y) in canvas pixels, x to the right, y down. A stroke of
        one point is a dot; one without points leaves nothing. What lies outside the canvas is cut off.
    pen_width : float or sequence of float
        Width of the pen in canvas pixels, 1 or more: one for all strokes, or one for each stroke.
    canvas_size : int
        Width and height of the canvas and of the picture, in canvas pixels.

    Returns
    -------
    uint8 array of shape (canvas_size, canvas_size)
        Light ink (255) on a dark background (0), with smooth edges. All 0 if nothing is on the canvas.

    Raises
    ------
    ValueError
        If the drawing is not made of points in canvas pixels: pairs, finite, and several not all between 0 and 1.
        If there are more or fewer pen widths than strokes, or a width is less than 1.
    """
    rasterizer, strokes = Rasterizer(canvas_size, canvas_size), points_of(drawing, canvas_size)
    for points, width in zip(strokes, pen_widths(drawing, pen_width), strict=True):
        rasterizer.add(points.tolist(), width)
    return rasterizer.picture()


def pen_widths(drawing: Drawing, pen_width: float | Sequence[float]) -> Sequence[float]:
    """Return the width of the pen for each stroke; ValueError as `rasterize`."""
    widths = pen_width if isinstance(pen_width, Sequence) else [pen_width] * len(drawing)
    if len(widths) != len(drawing):
        raise ValueError(f"{len(drawing)} strokes need {len(drawing)} pen widths, or one for all: got {len(widths)}")
    if wrong := [width for width in widths if not 1 <= width < inf]:
        raise ValueError(f"a pen must be at least 1 canvas pixel wide: got {wrong[0]}")
    return widths


def place(
    drawing: Drawing, size: float, centre: tuple[float, float] = (CANVAS / 2, CANVAS / 2), tilt: float = 0.0
) -> Drawing:
    """Scale, rotate and move a drawing.

    Parameters
    ----------
    drawing : sequence of strokes
        Each stroke is a sequence of points (x, y), x to the right, y down, in any unit.
    size : float
        Longest side of the bounding box of the result's points, in canvas pixels. A drawing whose
        points are all the same is only moved.
    centre : pair of float
        Centre of that bounding box: x and y in canvas pixels.
    tilt : float
        Rotation before scaling, in degrees clockwise.

    Returns
    -------
    list of strokes
        In canvas pixels, with as many strokes and points as the drawing.

    Raises
    ------
    ValueError
        If the drawing has no points.
    """
    lengths = [len(stroke) for stroke in drawing]
    if not sum(lengths):
        raise ValueError("the drawing is empty: there is nothing to place")
    rotated = np.concatenate([np.asarray(stroke, float).reshape(-1, 2) for stroke in drawing]) @ _rotation(tilt)
    low, high = rotated.min(axis=0), rotated.max(axis=0)
    longest = max(high - low)
    points = (rotated - (low + high) / 2) * (size / longest if longest else 1.0) + centre
    return [[(float(x), float(y)) for x, y in stroke] for stroke in np.split(points, np.cumsum(lengths)[:-1])]


def _rotation(degrees: float) -> np.ndarray:
    """Matrix that rotates rows (x, y) clockwise on a canvas whose y points down."""
    angle = radians(degrees)
    return np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
