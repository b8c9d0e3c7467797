"""What pens leave on a page.

A page is what light falls on: float32 `(H, W, 3)`, red, green, blue, 0 (black) to 1 (white). It is painted on in place.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.pens import Colour, Pen
from mnistlab.benchmarks.scenes.parts.writing import box_of
from mnistlab.strokes import Drawing, Stroke

FRACTION_BITS = 4
"""OpenCV takes points in 16ths of a pixel."""

SUPERSAMPLING = 4
"""Pixels drawn for each pixel of a thin line, in each direction: OpenCV's lines have whole widths."""

THIN = 8
"""Lines of less than so many pixels are drawn larger, and then averaged."""


def write(rng: np.random.Generator, page: np.ndarray, drawing: Drawing, pen: Pen, width: float | None = None) -> None:
    """Write a drawing, in pixels, on a page; the pen's width in pixels may be given, else it fits the drawing."""
    if not drawing:
        return
    width = pen_width(drawing, pen) if width is None else width
    window, mask = _coverage(rng, page.shape[:2], drawing, width, pen.pressure)
    ink = mask * np.float32(pen.opacity / 255)
    if pen.grain:
        ink *= np.clip(1.15 - pen.grain * np.abs(rng.standard_normal(ink.shape, np.float32)), 0, 1)
    paint(page[window], ink, pen.colour)


def pen_width(drawing: Drawing, pen: Pen) -> float:
    """Return the width of a pen in pixels for a drawing in pixels; a line is never too thin to be seen."""
    box = box_of(drawing)
    return max(pen.width * max(box.height, 0.5 * box.width), 1.3)


def paint(page: np.ndarray, amount: np.ndarray, colour: Colour) -> None:
    """Mix a colour into a page: `amount`, float32 (H, W), is its share at each pixel, 0 to 1."""
    page *= cv2.merge([1 - amount] * 3)
    page += cv2.merge([amount * channel for channel in colour])


def rule(page: np.ndarray, lines: Drawing, width: float, colour: Colour, opacity: float) -> None:
    """Draw thin lines right across a page, such as those of ruled paper; below 1 pixel, they get paler."""
    mask = np.zeros(page.shape[:2], np.uint8)
    polylines(mask, lines, max(1, round(width)))
    paint(page, mask * np.float32(min(width, 1) * opacity / 255), colour)


def polylines(
    mask: np.ndarray, drawing: Sequence[Stroke | np.ndarray], width: int, smooth_edges: bool = True
) -> np.ndarray:
    """Draw strokes, in pixels, with 255 on a mask, uint8 (H, W), in place, and return it."""
    paths = [np.round(np.asarray(stroke) * 2**FRACTION_BITS).astype(np.int32) for stroke in drawing]
    cv2.polylines(mask, paths, False, 255, width, cv2.LINE_AA if smooth_edges else cv2.LINE_8, FRACTION_BITS)
    return mask


def polygon(shape: tuple[int, int], corners: np.ndarray) -> np.ndarray:
    """Return a mask, uint8 (H, W), with 255 inside a polygon."""
    mask = np.zeros(shape, np.uint8)
    points = np.round(corners * 2**FRACTION_BITS).astype(np.int32)
    cv2.fillPoly(mask, [points], (255,), cv2.LINE_AA, FRACTION_BITS)
    return mask


def _coverage(
    rng: np.random.Generator, shape: tuple[int, ...], drawing: Drawing, width: float, pressure: float
) -> tuple[tuple[slice, slice], np.ndarray]:
    """The part of a page that strokes lie in, and how much of each of its pixels they cover, 0 to 255."""
    box = box_of(drawing).grown(width + 2)
    left, top = max(0, int(box.left)), max(0, int(box.top))
    right, bottom = max(left + 1, min(shape[1], int(box.right) + 1)), max(top + 1, min(shape[0], int(box.bottom) + 1))
    scale = SUPERSAMPLING if width < THIN else 1
    mask = np.zeros(((bottom - top) * scale, (right - left) * scale), np.uint8)
    for stroke in drawing:
        path = (np.asarray(stroke, float).reshape(-1, 2) - (left, top)) * scale
        for piece, factor in _pieces(rng, path, pressure):
            polylines(mask, [piece], max(1, round(width * scale * factor)))
    averaged = cv2.resize(mask, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    return np.s_[top:bottom, left:right], np.asarray(averaged)


def _pieces(rng: np.random.Generator, path: np.ndarray, pressure: float) -> list[tuple[np.ndarray, float]]:
    """The path in pieces, each with the factor of its width: it changes slowly along the path."""
    if not pressure or len(path) < 4:
        return [(path, 1.0)]
    count = min(24, len(path) - 1)
    ends = np.linspace(0, len(path) - 1, count + 1).astype(int)
    factors = 1 + pressure * np.sin(np.linspace(0, rng.uniform(2, 7), count) + rng.uniform(0, 7))
    return [(path[ends[i] : ends[i + 1] + 1], float(factors[i])) for i in range(count)]
