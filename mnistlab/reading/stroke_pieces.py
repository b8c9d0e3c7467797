"""The strokes of a drawing as pieces of a number."""

from collections.abc import Sequence
from math import inf

import numpy as np

from mnistlab.reading.ink import Patch, cropped, joined
from mnistlab.reading.pieces import Pieces, digit_height, neighbours
from mnistlab.strokes import CANVAS, Drawing, Rasterizer, pen_widths, points_of

HEIGHT = 200
"""Canvas pixels, and pixels of ink: a drawing with higher digits is reduced. A digit on a pad is not."""

MAX_STROKES = 4
"""Strokes of one digit, at most."""

POINTS = 40
"""Points at equal distances that each stroke is measured at."""

MAX_SIDE = 1500
"""Longest side of a stroke's ink, in pixels: the whole drawing is reduced for a longer one."""

LOG_ODDS, WEIGHTS, DISTANCE_WEIGHT = 3.3, (-11.8, 5.1, -11.9, -3.4), -5.0
"""Of a logistic regression: whether two strokes belong to the same digit, from how they lie to each other.

Fitted to numbers composed from digits of writers that no reported number is measured on. The order in time is not in
it: it had no effect beside the places.
"""

BLANK = "the drawing is blank: there is no digit in it"

MARGIN = 0.025
"""Added to each side of a stroke's box, in heights of a digit: a dot or an upright line has a width, too."""


def pieces_of_drawing(drawing: Drawing, pen_width: float | Sequence[float], canvas_size: int | None) -> Pieces:
    """Turn each stroke into a piece; where more strokes lie on each other than a digit has, they are one piece.

    Parameters
    ----------
    drawing : sequence of strokes
        In canvas pixels, y downwards.
    pen_width : float or sequence of float
        One for all strokes, or one for each, in canvas pixels.
    canvas_size : int or None
        What lies outside a canvas of this width and height is cut off; None: nothing is.

    Raises
    ------
    ValueError
        If nothing is drawn on the canvas, or as `mnistlab.strokes.rasterize`.
    """
    strokes, widths = points_of(drawing, canvas_size or CANVAS), pen_widths(drawing, pen_width)
    paths = {n: _resampled(points) for n, points in enumerate(strokes) if len(points)}
    if not paths:
        raise ValueError(BLANK)
    sizes = np.array([np.ptp(path, axis=0) for path in paths.values()])
    height = digit_height(sizes)
    scale = min(1.0, HEIGHT / height, MAX_SIDE / max(float(sizes.max()), 1.0))
    patches = {}
    for n in paths:
        patch = _stroke_ink(strokes[n], widths[n], scale, canvas_size)
        if patch is not None:
            patches[n] = patch
    if not patches:
        raise ValueError(BLANK)
    order = sorted(patches, key=lambda n: _middle(paths[n]))
    piles = _piles(order, _log_odds(np.stack([paths[n] for n in order]), height))
    points = np.stack([_sample(np.concatenate([paths[n] for n in pile])) for pile in piles])
    ink = tuple(joined(patches[n] for n in pile) for pile in piles)
    return Pieces(ink, tuple(piles), _log_odds(points, height), scale)


def _resampled(points: np.ndarray) -> np.ndarray:
    """Points of a stroke at equal distances, float `(40, 2)`."""
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, length[-1], POINTS)
    return np.stack([np.interp(at, length, points[:, axis]) for axis in (0, 1)], axis=1)


def _sample(points: np.ndarray) -> np.ndarray:
    return points[np.linspace(0, len(points) - 1, POINTS).round().astype(int)]


def _middle(path: np.ndarray) -> float:
    return float(path[:, 0].min() + path[:, 0].max()) / 2


def _stroke_ink(points: np.ndarray, width: float, scale: float, canvas_size: int | None) -> Patch | None:
    """The ink of a stroke; None if it lies outside the canvas."""
    points, pen = points * scale, max(width * scale, 1.0)
    low, high = np.floor(points.min(axis=0) - pen / 2), np.ceil(points.max(axis=0) + pen / 2)
    if canvas_size is not None:
        low, high = np.maximum(low, 0), np.minimum(high, round(canvas_size * scale))
    columns, rows = (high - low).astype(int).tolist()
    if min(columns, rows) <= 0:
        return None
    rasterizer = Rasterizer(columns, rows)
    rasterizer.add((points - low).tolist(), pen)
    ink = rasterizer.picture()
    return cropped(int(low[0]), int(low[1]), ink) if ink.any() else None


def _log_odds(paths: np.ndarray, height: float) -> np.ndarray:
    """The log odds that a stroke and each of the next three belong to the same digit, `(N, 3)`."""
    odds = np.full((len(paths), MAX_STROKES - 1), -inf)
    points = paths / height
    margin = np.array([MARGIN, 0])
    boxes = np.concatenate([points.min(axis=1) - margin, points.max(axis=1) + margin], axis=1)
    for k in range(min(MAX_STROKES, len(paths)) - 1):
        between_points = points[: -k - 1, :, np.newaxis] - points[k + 1 :, np.newaxis]
        distance = np.sqrt(np.square(between_points).sum(axis=-1).min(axis=(1, 2)))
        odds[: -k - 1, k] = LOG_ODDS + neighbours(boxes, k + 1) @ WEIGHTS + DISTANCE_WEIGHT * distance
    return odds


def _piles(order: list[int], odds: np.ndarray) -> list[tuple[int, ...]]:
    """Put five or more strokes together of which each belongs with its next three; the others stay alone."""
    crowded = np.all(odds > 0, axis=1).tolist()
    piles: list[tuple[int, ...]] = []
    end = 0  # of the pile that is being made
    for n, stroke in enumerate(order):
        if n < end:
            piles[-1] += (stroke,)
        else:
            piles.append((stroke,))
        if crowded[n] and (n < end or crowded[n + 1]):
            end = n + MAX_STROKES
    return piles
