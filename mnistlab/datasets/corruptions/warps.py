"""Corruptions that move ink: shear, scale, turn and shift."""

from math import cos, sin

import numpy as np
from scipy.ndimage import affine_transform

from mnistlab.datasets.corruptions.windows import windows
from mnistlab.preprocessing import SIDE

SHEAR = 0.4
"""Angle of the shear to either side, in radians: 23 degrees."""

SCALE = 0.7
"""Height and width, as a share of what they were."""

ROTATION = 0.4
"""Angle of the turn to either side, in radians: 23 degrees."""

SHIFT = 3
"""Pixels of the shift, up or down and to the left or right."""


def shear(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shear by `SHEAR` to a random side.

    A row moves by the sine of the angle for each row of distance from the middle, and rows are spread by its cosine,
    because scikit-image defined a shear so until version 0.19.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.
    rng : Generator

    Returns
    -------
    float array of shape (N, 28, 28)
        0 to 1.
    """
    matrices = [[[cos(angle), 0], [-sin(angle), 1]] for angle in (SHEAR, -SHEAR)]
    return _either_way(images, matrices, rng)


def scale(images: np.ndarray) -> np.ndarray:
    """Scale to `SCALE` of the size, around the middle of the image; else as `shear`."""
    return _warped(images, [[1 / SCALE, 0], [0, 1 / SCALE]])


def rotate(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn by `ROTATION` to a random side, around the middle of the image; else as `shear`."""
    matrices = [[[cos(angle), sin(angle)], [-sin(angle), cos(angle)]] for angle in (ROTATION, -ROTATION)]
    return _either_way(images, matrices, rng)


def translate(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shift by `SHIFT` up or down, and by as much to the left or right, at random; else as `shear`."""
    padded = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    return windows(padded, *(2 * SHIFT * rng.integers(2, size=(2, len(images)))))


def _either_way(images: np.ndarray, matrices: list[list[list[float]]], rng: np.random.Generator) -> np.ndarray:
    """Each image warped by one of two matrices, at random."""
    is_first = rng.integers(2, size=(len(images), 1, 1)) == 0
    return np.where(is_first, *(_warped(images, matrix) for matrix in matrices))


def _warped(images: np.ndarray, matrix: list[list[float]]) -> np.ndarray:
    """Images whose pixels come from where a matrix says: from (row, column), counted from the middle, to the same."""
    of_all = np.eye(3)  # the first axis is that of the images
    of_all[1:, 1:] = matrix
    middle = np.array([0, (SIDE - 1) / 2, (SIDE - 1) / 2])
    return np.asarray(affine_transform(images, of_all, middle - of_all @ middle, order=1))
