"""From whatever was drawn or photographed to what MNIST would have made of it."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from mnistlab.pictures import find_ink
from mnistlab.strokes import CANVAS, PEN, Drawing, rasterize

SIDE = 28
"""Height and width of an image, in pixels."""

BOX = 20
"""Longest side of the digit within its image, in pixels."""

CENTRE = 14
"""Row and column of the centre of mass, counted from 0: in MNIST it lies in 13.5 to 14.5."""


def normalize_digit(picture: np.ndarray) -> np.ndarray:
    """Prepare one digit as MNIST's authors prepared theirs.

    The ink is found and cropped, its longest side is scaled to 20 pixels keeping the aspect ratio,
    with antialiasing, and its centre of mass is placed in the centre of a 28x28 image (nearest to
    pixel 14, as in MNIST's own files).

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA, at any size; dark ink on a light ground or light on dark. What
        `mnistlab.pictures.find_ink` can tell from the ground.

    Returns
    -------
    uint8 array of shape (28, 28)
        Light ink (up to 255) on a dark ground (0).

    Raises
    ------
    ValueError
        If the array is no picture, or blank.

    References
    ----------
    Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.
    """
    ink = _trimmed(find_ink(picture))
    side = max(ink.shape)
    # Squared before it is scaled, so that the shorter side does not jump from one whole pixel to the next.
    square = np.pad(ink, [((side - n) // 2, (side - n + 1) // 2) for n in ink.shape])
    digit = _trimmed(np.asarray(Image.fromarray(square).resize((BOX, BOX), Image.Resampling.BICUBIC)))
    (height, width), (top, left) = digit.shape, (_offset(digit, axis) for axis in (0, 1))
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[top : top + height, left : left + width] = digit
    return image


def image_from_drawing(
    drawing: Drawing, pen_width: float | Sequence[float] = PEN, canvas_size: int = CANVAS
) -> np.ndarray:
    """Return the image of a drawing, uint8 `(28, 28)`; parameters and errors of `rasterize` and `normalize_digit`."""
    return normalize_digit(rasterize(drawing, pen_width, canvas_size))


def model_input(images: np.ndarray) -> np.ndarray:
    """Turn uint8 images `(N, 28, 28)` into the float32 `(N, 28, 28, 1)` in 0..1 that models take."""
    return images[..., np.newaxis].astype(np.float32) / 255


def _trimmed(ink: np.ndarray) -> np.ndarray:
    """Without the empty rows and columns around it."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _offset(digit: np.ndarray, axis: int) -> int:
    """Whole pixels before the digit that put its centre of mass nearest to the image's centre."""
    mass = digit.sum(axis=1 - axis, dtype=float)
    centre_of_mass = np.average(np.arange(mass.size), weights=mass)
    return int(np.clip(round(CENTRE - centre_of_mass), 0, SIDE - mass.size))
