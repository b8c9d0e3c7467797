"""Pictures' shapes, and from where a flat page is seen in them."""

from dataclasses import dataclass

import cv2
import numpy as np

Shape = tuple[int, int]
"""Height and width of a picture, in pixels."""

SIZES = (200, 400), (400, 900), (900, 1400)
"""Heights of small, usual and large pictures, in pixels."""


def picture_shape(rng: np.random.Generator) -> Shape:
    """Return the shape of a picture: eight of ten have a usual size; four of ten are square."""
    low, high = SIZES[int(rng.choice(3, p=[0.1, 0.8, 0.1]))]
    height = rng.uniform(low, high)
    width = height * (1.0 if rng.random() < 0.4 else rng.uniform(0.72, 1.4))
    return int(height), int(np.clip(width, SIZES[0][0], SIZES[-1][1]))


def small_shape(rng: np.random.Generator, low: int, high: int) -> Shape:
    """Return the shape of a small picture, its sides between two numbers of pixels; half are square."""
    height = int(rng.integers(low, high + 1))
    return height, height if rng.random() < 0.5 else int(np.clip(height * rng.uniform(0.7, 1.4), low, high))


@dataclass(frozen=True)
class View:
    """How a flat page is seen: turned, in perspective, and bent."""

    matrix: np.ndarray  # homography from the page to the picture, (3, 3), in pixels
    bend: float  # how far the middle of a line is moved, in pixels
    width: float  # of the picture, in pixels

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return where points of the page, float (N, 2), are in the picture."""
        x, y, depth = self.matrix @ np.column_stack([points, np.ones(len(points))]).T
        x, y = x / depth, y / depth
        return np.column_stack([x, y + self.bend * (1 - (2 * x / self.width - 1) ** 2)])


def seen(rng: np.random.Generator, shape: Shape, turn: float = 4, tilt: float = 0.05, bend: float = 0.0) -> View:
    """Return a random view.

    Parameters
    ----------
    rng : Generator
    shape : pair of int
        Height and width of the picture.
    turn : float
        Largest rotation to either side, in degrees.
    tilt : float
        How far each corner may move, as a share of the shorter side: this makes the perspective.
    bend : float
        As a share of the height.
    """
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = turned(corners, rng.uniform(-turn, turn), (width / 2, height / 2))
    moved += rng.uniform(-tilt, tilt, (4, 2)) * min(shape)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return View(np.asarray(matrix), rng.uniform(-bend, bend) * height, width)


def turned(points: np.ndarray, degrees: float, centre: tuple[float, float]) -> np.ndarray:
    """Return points, float (N, 2), turned clockwise around a centre."""
    angle = np.radians(degrees)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (points - centre) @ rotation + centre
