"""Lines around and below a digit, printed or drawn by hand: strokes in pixels."""

from itertools import pairwise

import numpy as np

from mnistlab.benchmarks.scenes.parts.writing import Box
from mnistlab.strokes import Stroke

WOBBLE = 0.012
"""How far a hand strays from a line, as a share of its length."""


def rectangle(box: Box) -> list[Stroke]:
    """Return the closed outline of a box."""
    left, top, right, bottom = box
    return [[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]]


def rectangle_by_hand(rng: np.random.Generator, box: Box) -> list[Stroke]:
    """Return the four sides of a box as a hand draws them: not straight, too long or too short."""
    left, top, right, bottom = box
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    slip = 0.02 * min(box.width, box.height)
    sides = []
    for start, end in pairwise(corners):
        start, end = start + rng.normal(0, slip, 2), end + rng.normal(0, slip, 2)
        overshoot = (end - start) * rng.uniform(-0.04, 0.07)
        sides.append(line_by_hand(rng, tuple(start - overshoot * rng.random()), tuple(end + overshoot)))
    return sides


def ellipse(box: Box) -> list[Stroke]:
    """Return the ellipse that fills a box."""
    return [_arc(box, np.linspace(0, 2 * np.pi, 90), np.ones(90))]


def ellipse_by_hand(rng: np.random.Generator, box: Box) -> list[Stroke]:
    """Return an ellipse as a hand draws it: its ends overlap, or do not meet."""
    start, turn = rng.uniform(0, 2 * np.pi), 2 * np.pi + rng.uniform(-0.45, 0.7)
    angles = start + rng.choice([-1, 1]) * np.linspace(0, turn, 100)
    drift = np.linspace(0, rng.uniform(-0.1, 0.1), 100)
    wobble = 0.03 * np.sin(2 * angles + rng.uniform(0, 6)) + 0.02 * np.sin(3 * angles + rng.uniform(0, 6))
    return [_arc(box, angles, 1 + drift + wobble)]


def line_by_hand(rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float]) -> Stroke:
    """Return a line as a hand draws it."""
    share = np.linspace(0, 1, 24)
    direction = np.array(end) - start
    normal = np.array([-direction[1], direction[0]])
    sway = rng.normal(0, WOBBLE) * np.sin(np.pi * share) + rng.normal(0, WOBBLE / 3) * np.sin(3 * np.pi * share)
    return _stroke(start + np.outer(share, direction) + np.outer(sway, normal))


def _arc(box: Box, angles: np.ndarray, radius: np.ndarray) -> Stroke:
    x, y = box.centre
    points = np.column_stack([np.cos(angles) * box.width / 2, np.sin(angles) * box.height / 2])
    return _stroke(points * radius[:, np.newaxis] + (x, y))


def _stroke(points: np.ndarray) -> Stroke:
    return [(float(x), float(y)) for x, y in points]
