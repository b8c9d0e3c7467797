"""From whatever was drawn to what MNIST would have made of it."""

import numpy as np
from PIL import Image

SIDE = 28
"""Height and width of an image, in pixels."""

BOX = 20
"""Longest side of the digit within its image, in pixels."""

CENTRE = 14
"""Row and column of the centre of mass, counted from 0: in MNIST it lies in 13.5 to 14.5."""


def normalize_digit(picture: np.ndarray) -> np.ndarray:
    """Prepare one digit as MNIST's authors prepared theirs.

    The ink is cropped, its longest side is scaled to 20 pixels keeping the aspect ratio, with
    antialiasing, and its centre of mass is placed in the centre of a 28x28 image (nearest to
    pixel 14, as in MNIST's own files).

    Parameters
    ----------
    picture : uint8 array of shape (H, W)
        Light ink on a ground of 0, at any size.

    Returns
    -------
    uint8 array of shape (28, 28)
        Light ink (up to 255) on a dark ground (0).

    Raises
    ------
    ValueError
        If the picture holds no ink.

    References
    ----------
    Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.
    """
    rows, columns = np.nonzero(picture)
    if rows.size == 0:
        raise ValueError("the picture is blank: there is no digit to normalise")
    ink = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = BOX / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    digit = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BICUBIC))
    top, left = (_offset(digit, axis) for axis in (0, 1))
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[top : top + height, left : left + width] = digit
    return image


def model_input(images: np.ndarray) -> np.ndarray:
    """Turn uint8 images `(N, 28, 28)` into the float32 `(N, 28, 28, 1)` in 0..1 that models take."""
    return images[..., np.newaxis].astype(np.float32) / 255


def _offset(digit: np.ndarray, axis: int) -> int:
    """Whole pixels before the digit that put its centre of mass nearest to the image's centre."""
    mass = digit.sum(axis=1 - axis, dtype=float)
    centre_of_mass = np.average(np.arange(mass.size), weights=mass)
    return int(np.clip(round(CENTRE - centre_of_mass), 0, SIDE - mass.size))
