"""Pens, and what they leave on a page.

A page is what light falls on: float32 `(H, W, 3)`, red, green, blue, 0 (black) to 1 (white). It is painted on in place.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.writing import box_of
from mnistlab.strokes import Drawing

Colour = tuple[float, float, float]
"""Red, green, blue, 0 to 1."""

FRACTION_BITS = 4
"""OpenCV takes points in 16ths of a pixel."""

SUPERSAMPLING = 4
"""Pixels drawn for each pixel of a thin line, in each direction: OpenCV's lines have whole widths."""


@dataclass(frozen=True)
class Pen:
    """A pen as one person uses it once."""

    colour: Colour
    width: float  # as a share of the digit's height
    opacity: float = 1.0  # of full ink: less is paler
    grain: float = 0.0  # share of the ink that the paper's tooth leaves out, as a pencil or chalk does
    pressure: float = 0.0  # how much the width changes along a stroke, as a share


MakePen = Callable[[np.random.Generator], Pen]


def spread(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number between two, each factor equally likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def colour_near(rng: np.random.Generator, colour: Colour, distance: float = 0.08) -> Colour:
    """Return a colour at most this far from another in each channel."""
    red, green, blue = np.clip(np.array(colour) + rng.uniform(-distance, distance, 3), 0, 1)
    return float(red), float(green), float(blue)


def grey(rng: np.random.Generator, low: float, high: float) -> Colour:
    """Return a grey between two."""
    value = rng.uniform(low, high)
    return value, value, value


def black_pen(rng: np.random.Generator) -> Pen:
    colour = colour_near(rng, grey(rng, 0.06, 0.2), 0.04)
    return Pen(colour, spread(rng, 0.03, 0.14), rng.uniform(0.85, 1), 0, rng.uniform(0, 0.25))


def blue_pen(rng: np.random.Generator) -> Pen:
    colour = rng.uniform(0.05, 0.22), rng.uniform(0.1, 0.32), rng.uniform(0.42, 0.75)
    return Pen(colour, spread(rng, 0.025, 0.11), rng.uniform(0.8, 1), rng.uniform(0, 0.1), rng.uniform(0, 0.25))


def any_pen(rng: np.random.Generator) -> Pen:
    return (black_pen, blue_pen)[rng.integers(2)](rng)


def pencil(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.2, 0.4), spread(rng, 0.03, 0.08), rng.uniform(0.6, 0.9), rng.uniform(0.15, 0.4), 0.15)


def faint_pencil(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.35, 0.5), spread(rng, 0.02, 0.06), rng.uniform(0.35, 0.55), rng.uniform(0.1, 0.35), 0.15)


def fine_liner(rng: np.random.Generator) -> Pen:
    return Pen(colour_near(rng, grey(rng, 0.05, 0.25), 0.05), spread(rng, 0.006, 0.016), rng.uniform(0.85, 1))


def marker(rng: np.random.Generator) -> Pen:
    """Of a whiteboard."""
    colours = (0.1, 0.1, 0.12), (0.1, 0.2, 0.6), (0.75, 0.1, 0.12), (0.05, 0.45, 0.25)
    colour = colour_near(rng, colours[rng.integers(4)], 0.08)
    return Pen(colour, spread(rng, 0.04, 0.13), rng.uniform(0.8, 1), rng.uniform(0, 0.1), 0.1)


def red_pen(rng: np.random.Generator) -> Pen:
    return Pen((rng.uniform(0.65, 0.9), rng.uniform(0.05, 0.25), rng.uniform(0.05, 0.3)), spread(rng, 0.03, 0.13))


def highlighter(rng: np.random.Generator) -> Pen:
    colours = (0.95, 0.92, 0.1), (0.45, 0.9, 0.25), (0.98, 0.35, 0.65), (1, 0.6, 0.1), (0.25, 0.75, 0.95)
    return Pen(colours[rng.integers(5)], spread(rng, 0.08, 0.18), rng.uniform(0.75, 0.95))


def chalk(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.82, 0.98), spread(rng, 0.04, 0.11), rng.uniform(0.8, 1), rng.uniform(0.2, 0.5), 0.2)


def white_pen(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.85, 1), spread(rng, 0.03, 0.12))


def screen_pen(rng: np.random.Generator) -> Pen:
    """The brush of a drawing program, black."""
    return Pen((0, 0, 0), spread(rng, 0.04, 0.18))


def light_screen_pen(rng: np.random.Generator) -> Pen:
    """The brush of a drawing program, white."""
    return Pen(grey(rng, 0.9, 1), spread(rng, 0.05, 0.18))


def write(rng: np.random.Generator, page: np.ndarray, drawing: Drawing, pen: Pen, width: float | None = None) -> None:
    """Write a drawing, in pixels, on a page; the pen's width in pixels may be given, else it fits the drawing."""
    if not drawing:
        return
    if width is None:
        width = pen_width(drawing, pen)
    window, ink = _coverage(rng, page.shape[:2], drawing, width, pen.pressure)
    if pen.grain:
        ink *= np.clip(1.15 - pen.grain * np.abs(rng.standard_normal(ink.shape, np.float32)), 0, 1)
    paint(page[window], ink * pen.opacity, pen.colour)


def pen_width(drawing: Drawing, pen: Pen) -> float:
    """Return the width of a pen in pixels for a drawing in pixels; a line is never too thin to be seen."""
    box = box_of(drawing)
    return max(pen.width * max(box.height, 0.5 * box.width), 1.3)


def paint(page: np.ndarray, amount: np.ndarray | float, colour: Colour) -> None:
    """Mix a colour into a page: `amount`, 0 to 1, may differ for each pixel, `(H, W)`."""
    share = amount[..., np.newaxis] if isinstance(amount, np.ndarray) else amount
    page += (np.array(colour, np.float32) - page) * share


def lines_on(page: np.ndarray, lines: Drawing, width: float, colour: Colour, opacity: float) -> None:
    """Draw thin lines right across a page, such as those of ruled paper; below 1 pixel, they get paler."""
    mask = np.zeros(page.shape[:2], np.uint8)
    polylines(mask, lines, max(1, round(width)))
    paint(page, mask * np.float32(min(width, 1) * opacity / 255), colour)


def polylines(mask: np.ndarray, drawing: Drawing, width: int, smooth_edges: bool = True) -> None:
    """Draw strokes, in pixels, with 255 on a mask, uint8 (H, W), in place."""
    paths = [np.round(np.asarray(stroke) * 2**FRACTION_BITS).astype(np.int32) for stroke in drawing]
    cv2.polylines(mask, paths, False, 255, width, cv2.LINE_AA if smooth_edges else cv2.LINE_8, FRACTION_BITS)


def _coverage(
    rng: np.random.Generator, shape: tuple[int, ...], drawing: Drawing, width: float, pressure: float
) -> tuple[tuple[slice, slice], np.ndarray]:
    """The part of a page that strokes lie in, and how much of each of its pixels they cover, 0 to 1."""
    box = box_of(drawing).grown(width + 2)
    left, top = (max(0, int(edge)) for edge in (box.left, box.top))
    right, bottom = max(left + 1, min(shape[1], int(box.right) + 1)), max(top + 1, min(shape[0], int(box.bottom) + 1))
    scale = SUPERSAMPLING if width < 8 else 1
    mask = np.zeros(((bottom - top) * scale, (right - left) * scale), np.uint8)
    for stroke in drawing:
        path = (np.asarray(stroke, float).reshape(-1, 2) - (left, top)) * scale
        for piece, factor in _pieces(rng, path, pressure):
            polylines(mask, [piece], max(1, round(width * scale * factor)))
    mask = cv2.resize(mask, (right - left, bottom - top), interpolation=cv2.INTER_AREA) if scale > 1 else mask
    return np.s_[top:bottom, left:right], mask.astype(np.float32) / 255


def _pieces(rng: np.random.Generator, path: np.ndarray, pressure: float) -> list[tuple[np.ndarray, float]]:
    """The path in pieces, each with the factor of its width: it changes slowly along the path."""
    if not pressure or len(path) < 4:
        return [(path, 1.0)]
    count = min(24, len(path) - 1)
    ends = np.linspace(0, len(path) - 1, count + 1).astype(int)
    factors = 1 + pressure * np.sin(np.linspace(0, rng.uniform(2, 7), count) + rng.uniform(0, 7))
    return [(path[ends[i] : ends[i + 1] + 1], float(factors[i])) for i in range(count)]
