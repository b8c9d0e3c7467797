"""Where lines at regular distances are missing: those of ruled and of squared paper are found by their neighbours."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

ALIKE = 0.2
"""Distances that differ by less than this share are the same."""

TOGETHER = 3.0
"""Lines that are no further apart, in pixels, are the same."""

MIN_ALIKE = 2
"""Distances that are the same, at least, if lines are at regular distances."""

MOST_MISSING = 5
"""Lines that are missing between two, at most."""


def missing_lines(lines: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Find where lines are missing between others, and next to the outermost, if their distances are regular.

    Parameters
    ----------
    lines : sequence of float arrays of shape (W,)
        The row of each line in each column.

    Yields
    ------
    float array of shape (W,)
        The row of a line, in each column, that may be there.
    """
    ordered = _apart(lines)
    distances = [_distance(*pair) for pair in pairwise(ordered)]
    usual = _usual(distances)
    if not usual:
        return
    for (one, other), distance in zip(pairwise(ordered), distances, strict=True):
        steps = round(distance / usual)
        if 1 < steps <= MOST_MISSING + 1 and abs(distance - steps * usual) < ALIKE * distance:
            yield from (one + (other - one) * step / steps for step in range(1, steps))
    for outermost, next_one in ((ordered[0], ordered[1]), (ordered[-1], ordered[-2])):
        if _is_alike(_distance(outermost, next_one), usual):
            yield 2 * outermost - next_one


def _apart(lines: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The lines from top to bottom, each once."""
    ordered: list[np.ndarray] = []
    for line in sorted(lines, key=lambda rows: float(np.median(rows))):
        if not ordered or _distance(ordered[-1], line) > TOGETHER:
            ordered.append(line)
    return ordered


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    return abs(float(np.median(other - one)))


def _is_alike(distance: float, usual: float) -> bool:
    return abs(distance - usual) < ALIKE * usual


def _usual(distances: Sequence[float]) -> float:
    """The distance that most are alike, the smallest of these; 0 if there is none."""
    alike = {one: sum(_is_alike(other, one) for other in distances) for one in distances}
    most = max(alike.values(), default=0)
    return min(one for one, count in alike.items() if count == most) if most >= MIN_ALIKE else 0.0
