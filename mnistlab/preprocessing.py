"""From a drawing or a picture to the 28x28 image that a model takes, made as MNIST's digits were."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from mnistlab.picture_files.sources import PictureSource, as_picture
from mnistlab.pictures import find_ink
from mnistlab.pictures.drawn import ink_of_drawing
from mnistlab.strokes import CANVAS, PEN_WIDTH, Drawing, rasterize

SIDE = 28
"""Height and width of an image, in pixels."""

BOX = 20
"""Longest side of the digit in its image, in pixels."""

CENTRE = 14
"""Row and column of the centre of mass, counted from 0: in MNIST it is between 13.5 and 14.5."""


class Placement(NamedTuple):
    """Where an image lies in the picture that it was made from, in the picture's pixels."""

    top: float  # the upper edge of the image
    left: float  # its left edge
    scale: float  # height and width of one of its pixels


def normalize_digit(picture: PictureSource) -> np.ndarray:
    """Crop, scale and centre one digit as MNIST's digits were.

    The ink is found and cropped. Its longest side is scaled to 20 pixels with antialiasing; the aspect
    ratio stays. Its centre of mass is put as near to pixel (14, 14) of a 28x28 image as whole
    pixels allow.

    Parameters
    ----------
    picture : array, PIL.Image.Image, path, bytes or str
        A photo, scan or drawing of one digit: an array, of uint8 (H, W), (H, W, 3) or (H, W, 4) for example, or
        anything else that `mnistlab.picture_files.sources.as_picture` takes. The ink may be dark on a light
        background or light on a dark one; the background may be transparent, unevenly lit or noisy.

    Returns
    -------
    uint8 array of shape (28, 28)
        Light ink (up to 255) on a dark background (0).

    Raises
    ------
    ValueError
        If it is no picture, or if the picture is blank: nothing in it differs enough from the background.

    References
    ----------
    Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits.
    """
    return image_from_ink(find_ink(as_picture(picture)))


def image_from_ink(ink: np.ndarray) -> np.ndarray:
    """Crop, scale and centre ink that has been separated from its background, as `normalize_digit` does.

    Parameters
    ----------
    ink : uint8 array of shape (H, W)
        Light ink (up to 255) on a background of exactly 0; there must be some.

    Returns
    -------
    uint8 array of shape (28, 28)

    Raises
    ------
    ValueError
        If nothing of it is left at this size.
    """
    return placed_image(ink)[0]


def placed_image(ink: np.ndarray) -> tuple[np.ndarray, Placement]:
    """Return what `image_from_ink` returns, and where that lies in the ink; the errors are the same."""
    rows, columns = _box(ink)
    ink = ink[rows, columns]
    side = max(ink.shape)
    # Padded to a square before scaling, so that the shorter side is not rounded to whole pixels.
    square = np.pad(ink, [((side - n) // 2, (side - n + 1) // 2) for n in ink.shape])
    scaled = np.asarray(Image.fromarray(square).resize((BOX, BOX), Image.Resampling.BICUBIC))
    if not scaled.any():
        raise ValueError("the picture is blank: all that is in it are a few dots far from each other")
    box = _box(scaled)
    digit = scaled[box]
    (height, width), (top, left) = digit.shape, (_offset(digit, axis) for axis in (0, 1))
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[top : top + height, left : left + width] = digit
    scale = side / BOX
    first_row, first_column = (part.start - (side - n) // 2 for part, n in zip((rows, columns), ink.shape, strict=True))
    return image, Placement(
        first_row + (box[0].start - top) * scale, first_column + (box[1].start - left) * scale, scale
    )


def image_from_drawing(
    drawing: Drawing, pen_width: float | Sequence[float] = PEN_WIDTH, canvas_size: int = CANVAS
) -> np.ndarray:
    """Turn a drawing into an image: rasterize it, then crop, scale and centre it as MNIST's digits were.

    Parameters
    ----------
    drawing : sequence of strokes
        Each stroke is a sequence of points (x, y) in canvas pixels, x to the right, y down. A stroke of
        one point is a dot. What lies outside the canvas is cut off.
    pen_width : float or sequence of float
        Width of the pen in canvas pixels, 1 or more: one for all strokes, or one for each stroke.
    canvas_size : int
        Width and height of the canvas, in canvas pixels.

    Returns
    -------
    uint8 array of shape (28, 28)
        Light ink (up to 255) on a dark background (0).

    Raises
    ------
    ValueError
        If nothing is drawn on the canvas, or as `mnistlab.strokes.rasterize`.
    """
    return image_from_ink(ink_of_drawing(rasterize(drawing, pen_width, canvas_size)))


def model_input(images: np.ndarray) -> np.ndarray:
    """Turn images into what models take.

    Parameters
    ----------
    images : uint8 array of shape (N, 28, 28)
        0 to 255.

    Returns
    -------
    float32 array of shape (N, 28, 28, 1)
        0 to 1.
    """
    return images[..., np.newaxis].astype(np.float32) / 255


def _box(ink: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns from the first to the last that is not empty."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _offset(digit: np.ndarray, axis: int) -> int:
    """Whole pixels before the digit that put its centre of mass nearest to the image's centre."""
    mass = digit.sum(axis=1 - axis, dtype=float)
    centre_of_mass = np.average(np.arange(mass.size), weights=mass)
    return int(np.clip(round(CENTRE - centre_of_mass), 0, SIDE - mass.size))
