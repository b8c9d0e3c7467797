"""The vocabulary of drawing: strokes, and the picture that they make."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, radians, sin
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw

Stroke = Sequence[tuple[float, float]]
"""Pen down to pen up: points (x, y) in canvas pixels, x to the right, y down."""

Drawing = Sequence[Stroke]

CANVAS = 280
"""Width and height of a canvas, in pixels, unless told otherwise: ten for each pixel of an image."""

PEN = 24
"""Width of a pen, in canvas pixels, unless told otherwise: on a full canvas about as thick as in MNIST."""

SUPERSAMPLING = 2
"""Canvas pixels are drawn as this many by this many, then averaged: smooth edges."""


class Pen(Protocol):
    """Whatever can be drawn on: the drawing pad, or a page in a browser that shows one."""

    def start_stroke(self, x: float, y: float) -> None:
        """Put the pen down at canvas pixel (x, y)."""

    def extend_stroke(self, x: float, y: float) -> None:
        """Move it there."""

    def end_stroke(self) -> None:
        """Lift it."""


def replay(pen: Pen, drawing: Drawing) -> None:
    """Draw a drawing point by point, as a hand would; a stroke without points is left out."""
    for stroke in filter(len, drawing):
        pen.start_stroke(*stroke[0])
        for point in stroke[1:]:
            pen.extend_stroke(*point)
        pen.end_stroke()


class Ink:
    """What strokes leave on a canvas, added piece by piece: a drawing that grows need not be drawn anew.

    Parameters
    ----------
    canvas_size : int
        Width and height of the canvas, in pixels.
    """

    def __init__(self, canvas_size: int = CANVAS) -> None:
        self._canvas = Image.new("L", (canvas_size * SUPERSAMPLING, canvas_size * SUPERSAMPLING))
        self._pen = ImageDraw.Draw(self._canvas)

    def add(self, points: Stroke, width: float) -> None:
        """Draw a round dot at every point, a bar between each two; `width` in canvas pixels."""
        fine, radius = [(x * SUPERSAMPLING, y * SUPERSAMPLING) for x, y in points], width * SUPERSAMPLING / 2
        for x, y in fine:
            self._pen.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=255)  # both ends count
        for (x0, y0), (x1, y1) in pairwise(fine):
            dx, dy = x1 - x0, y1 - y0
            if length := (dx * dx + dy * dy) ** 0.5:
                across, down = -dy * radius / length, dx * radius / length
                ends = (x0 + across, y0 + down), (x1 + across, y1 + down)
                self._pen.polygon((*ends, (x1 - across, y1 - down), (x0 - across, y0 - down)), fill=255)

    def picture(self) -> np.ndarray:
        """Return the canvas as it is now; shape and values as `rasterize` returns them."""
        return np.asarray(self._canvas.reduce(SUPERSAMPLING))


def rasterize(drawing: Drawing, pen_width: float | Sequence[float] = PEN, canvas_size: int = CANVAS) -> np.ndarray:
    """Draw strokes with a round pen, as the drawing pad does.

    Parameters
    ----------
    drawing : sequence of strokes
        A stroke of one point is a dot. What lies outside the canvas is cut off.
    pen_width : float or sequence of float
        Canvas pixels: one number, or one for each stroke.
    canvas_size : int
        Width and height of the canvas, in pixels.

    Returns
    -------
    uint8 array of shape (canvas_size, canvas_size)
        Light ink (255) on a dark ground (0), edges smooth.

    Raises
    ------
    ValueError
        If there are more or fewer pen widths than strokes.
    """
    widths = pen_width if isinstance(pen_width, Sequence) else [pen_width] * len(drawing)
    if len(widths) != len(drawing):
        raise ValueError(f"{len(drawing)} strokes need as many pen widths, or one for all: got {len(widths)}")
    ink = Ink(canvas_size)
    for stroke, width in zip(drawing, widths, strict=True):
        ink.add(stroke, width)
    return ink.picture()


def place(
    drawing: Drawing, size: float, centre: tuple[float, float] = (CANVAS / 2, CANVAS / 2), tilt: float = 0.0
) -> Drawing:
    """Scale, turn and move a drawing.

    Parameters
    ----------
    drawing : sequence of strokes
    size : float
        Longest side of the box around the result's points, in canvas pixels.
    centre : pair of float
        Where the middle of that box comes to lie, x and y in canvas pixels.
    tilt : float
        Degrees, clockwise.

    Returns
    -------
    list of strokes

    Raises
    ------
    ValueError
        If the drawing has no points.
    """
    lengths = [len(stroke) for stroke in drawing]
    if not sum(lengths):
        raise ValueError("the drawing is empty: there is nothing to place")
    turned = np.concatenate([np.asarray(stroke, float).reshape(-1, 2) for stroke in drawing]) @ _rotation(tilt)
    low, high = turned.min(axis=0), turned.max(axis=0)
    longest = max(high - low)
    points = (turned - (low + high) / 2) * (size / longest if longest else 1.0) + centre
    strokes = np.split(points, np.cumsum(lengths)[:-1])
    return [[(float(x), float(y)) for x, y in stroke] for stroke in strokes]


def _rotation(degrees: float) -> np.ndarray:
    """Matrix that turns rows (x, y) clockwise on a canvas whose y grows downwards."""
    angle = radians(degrees)
    return np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
