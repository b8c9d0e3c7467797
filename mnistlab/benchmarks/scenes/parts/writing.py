"""Where and how large a digit is written: slanted, turned, smooth, somewhere in a box; several beside each other."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mnistlab.strokes import Drawing, place

SLANT = 0.2
"""Largest slant to either side: how far the top is shifted, as a share of the height."""

TURN = 6.0
"""Largest rotation to either side, in degrees."""


class Box(NamedTuple):
    """A rectangle in a picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, margin: float) -> "Box":
        """Return the box with a margin around it; with a negative one, the box inside."""
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)


def frame(shape: tuple[int, int], margin: float = 0.05) -> Box:
    """Return the box of a picture (H, W) without a margin, a share of its shorter side."""
    height, width = shape
    return Box(0, 0, width, height).grown(-margin * min(shape))


def box_of(drawing: Drawing) -> Box:
    """Return the smallest box around the pen's path."""
    points = np.concatenate([np.asarray(stroke, float).reshape(-1, 2) for stroke in drawing])
    return Box(*map(float, (*points.min(axis=0), *points.max(axis=0))))


def written(
    rng: np.random.Generator, drawing: Drawing, box: Box, share: tuple[float, float], spread: float = 1.0
) -> Drawing:
    """Write a drawing into a box, with a random slant and rotation.

    Parameters
    ----------
    rng : Generator
    drawing : sequence of strokes
        In any unit. Without strokes, nothing is written.
    box : Box
        In pixels.
    share : pair of float
        Smallest and largest height of what is written, as a share of the box's height; it is never wider than the box.
    spread : float
        How far from the middle of the box it may be: 0 is exactly there, 1 is anywhere inside.

    Returns
    -------
    sequence of strokes
        In pixels.
    """
    if not drawing:
        return []
    slanted = _slanted(rng, drawing)
    extent = box_of(slanted)
    scale = min(rng.uniform(*share) * box.height / max(extent.height, 1e-6), box.width / max(extent.width, 1e-6))
    free = np.array([box.width - scale * extent.width, box.height - scale * extent.height])
    centre = np.array(box.centre) + spread * rng.uniform(-0.5, 0.5, 2) * free
    return place(slanted, scale * max(extent.width, extent.height), (float(centre[0]), float(centre[1])))


def as_it_is(rng: np.random.Generator, drawings: Sequence[Drawing]) -> Drawing:
    """Return the only drawing, or none."""
    return drawings[0] if drawings else []


def side_by_side(rng: np.random.Generator, drawings: Sequence[Drawing], gap: tuple[float, float]) -> Drawing:
    """Arrange drawings on a line, about equally high, with gaps that are shares of that height."""
    strokes: list[Sequence[tuple[float, float]]] = []
    edge = 0.0
    for drawing in drawings:
        scaled = _of_height(rng, drawing)
        left, _, right, bottom = box_of(scaled)
        shift_x, shift_y = edge - left, rng.uniform(-0.06, 0.06) - bottom
        strokes += [[(x + shift_x, y + shift_y) for x, y in stroke] for stroke in scaled]
        edge += right - left + rng.uniform(*gap)
    return strokes


def one_above_other(rng: np.random.Generator, drawings: Sequence[Drawing], gap: tuple[float, float]) -> Drawing:
    """Arrange drawings below each other, with gaps that are shares of their height."""
    strokes: list[Sequence[tuple[float, float]]] = []
    edge = 0.0
    for drawing in drawings:
        scaled = _of_height(rng, drawing)
        left, top, right, bottom = box_of(scaled)
        shift_x, shift_y = rng.uniform(-0.15, 0.15) - (left + right) / 2, edge - top
        strokes += [[(x + shift_x, y + shift_y) for x, y in stroke] for stroke in scaled]
        edge += bottom - top + rng.uniform(*gap)
    return strokes


def _of_height(rng: np.random.Generator, drawing: Drawing) -> Drawing:
    """The drawing about 1 high."""
    return place(drawing, rng.uniform(0.85, 1.1), (0, 0))


def _slanted(rng: np.random.Generator, drawing: Drawing) -> Drawing:
    """The drawing with smooth strokes, slanted, made narrower or wider, and turned."""
    angle, slant = np.radians(rng.uniform(-TURN, TURN)), rng.uniform(-SLANT, SLANT)
    widening = rng.uniform(0.85, 1.15)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    matrix = np.array([[widening, 0], [-slant, 1]]) @ turn
    return [[(float(x), float(y)) for x, y in smooth(np.asarray(stroke, float)) @ matrix] for stroke in drawing]


def smooth(points: np.ndarray) -> np.ndarray:
    """Cut the corners of a path twice, as Chaikin does: float (N, 2) to (M, 2); the ends stay."""
    for _ in range(2):
        if 2 < len(points) < 400:
            before, after = points[:-1], points[1:]
            cut = np.stack([0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after], axis=1).reshape(-1, 2)
            points = np.concatenate([points[:1], cut, points[-1:]])
    return points
