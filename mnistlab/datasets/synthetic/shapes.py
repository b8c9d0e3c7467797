"""Lines, curves and arcs, and the warp that makes a hand's drawing of them."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import cos, pi, radians, sin
from typing import TypeVar

import numpy as np

from mnistlab.errors import UnknownNameError
from mnistlab.strokes import Drawing, Stroke

T = TypeVar("T")

Maker = Callable[[np.random.Generator], Drawing]
"""Draws something with random proportions."""

WAVES = 3
"""Sine waves that a random warp is made of, in each direction."""

WARP = 0.03
"""Largest displacement of one wave, as a share of the digit's height."""

SLANT = 14
"""Largest slant to either side, in degrees."""

ASPECT = (0.75, 1.25)
"""Smallest and largest stretch of the width."""


def chosen(kind: str, name: str, table: Mapping[str, T], seed: int) -> tuple[T, np.random.Generator]:
    """Return the entry of that name, and random numbers of its own; UnknownNameError if there is no such entry."""
    if name not in table:
        raise UnknownNameError(kind, name, table)
    return table[name], np.random.default_rng([seed, list(table).index(name)])


def line(*corners: tuple[float, float]) -> Stroke:
    """A line through corners, with points so close that it can be warped."""
    points = [corners[0]]
    for (x0, y0), (x1, y1) in pairwise(corners):
        points += [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in np.linspace(0, 1, 9)[1:]]
    return points


def curve(*knots: tuple[float, float]) -> Stroke:
    """A smooth curve through knots."""
    from scipy.interpolate import CubicSpline  # late: reading images does not need it

    points = np.asarray(knots, float)
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    x, y = CubicSpline(length, points)(np.linspace(0, length[-1], 6 * len(knots))).T
    return list(zip(x, y, strict=True))


def arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Part of an ellipse around (x, y); angles in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, max(3, int(abs(end - start) / 12))))
    return [(x + width * cos(angle), y + height * sin(angle)) for angle in angles]


def edges(drawing: Drawing) -> tuple[float, float]:
    """The smallest and the largest x of a drawing."""
    across = [x for stroke in drawing for x, _ in stroke]
    return min(across), max(across)


def by_hand(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Slant, stretch and warp a drawing."""
    shear, stretch = np.tan(radians(rng.uniform(-SLANT, SLANT))), rng.uniform(*ASPECT)
    directions = rng.normal(size=(WAVES, 2)) * 2
    phases, shifts = rng.uniform(0, 2 * pi, WAVES), rng.uniform(-WARP, WARP, (WAVES, 2))
    warped = []
    for stroke in drawing:
        points = np.asarray(stroke, float)
        points = points * (stretch, 1) + np.outer(0.5 - points[:, 1], (shear, 0))
        points = points + np.sin(points @ directions.T + phases) @ shifts
        warped.append([(float(x), float(y)) for x, y in points])
    return warped
