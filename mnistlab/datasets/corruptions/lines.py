"""Corruptions that draw a line over the image: dotted, and in a zigzag."""

from math import e

import numpy as np

from mnistlab.preprocessing import SIDE

REACH = 2.3
"""The line's brightness is 1 + log(1 - distance / `REACH`), with the distance from its middle in pixels: 0 at 1.45."""

DOT = 2
"""Columns of a dot, and of a gap; the first is a gap."""

DOTTED_COLUMNS = (0, 27)
"""Where the dotted line starts and ends."""

ZIGZAG_COLUMNS = (2, 25)
"""Where the zigzag starts and ends."""

ZIGZAG_FALL = (-5, 5)
"""Rows by which the zigzag ends lower than it starts: from the first number up to one less than the second."""

TOOTH = 2.0
"""How far the zigzag's corners are from its middle; and half of the way from one corner to the next along it."""

START_ROWS = (0, 27)
"""Rows where lines start, from the first number up to one less than the second."""


def dotted_line(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a dotted white line from the left edge to the right edge, between two random rows.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.
    rng : Generator

    Returns
    -------
    float array of shape (N, 28, 28)
        More than 1 where ink and line add up.
    """
    rows = rng.integers(*START_ROWS, (2, len(images)))
    columns = np.broadcast_to(np.reshape(DOTTED_COLUMNS, (2, 1)), rows.shape)
    is_dot = np.arange(SIDE) // DOT % 2 == 1
    return images + _segment(rows, columns) * is_dot


def zigzag(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a white zigzag from the left to the right, at a random height and slope; else as `dotted_line`."""
    starts = rng.integers(*START_ROWS, len(images))
    rows, columns = _corners(starts, rng.integers(*ZIGZAG_FALL, len(images)))
    segments = (_segment(rows[i : i + 2], columns[i : i + 2]) for i in range(len(rows) - 1))
    return images + sum(segments)


def _corners(starts: np.ndarray, falls: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the zigzag's start, of its six corners and of its end, `(8, N)`."""
    first, last = ZIGZAG_COLUMNS
    lengths = np.hypot(last - first, falls)[np.newaxis]  # 23 to 23.5, with room for six corners
    teeth, zero = np.arange(6)[:, np.newaxis], np.zeros_like(lengths)
    # Beside the middle, as in corruptions.py: it decides whether the line reaches column 25.
    end = -TOOTH / (2 * (lengths % (2 * TOOTH)))
    along = np.vstack([zero, zero + TOOTH * (2 * teeth + 1), lengths])
    across = np.vstack([zero, zero + TOOTH * (-1.0) ** teeth, end])
    cosine, sine = (last - first) / lengths, falls / lengths
    return starts + sine * along + cosine * across, first + cosine * along - sine * across


def _segment(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """A line between two points for each image, `(N, 28, 28)`; rows and columns are `(2, N)`, from left to right.

    The distance is measured up and down, and the ends are cut upright, so that segments join.
    """
    (top, bottom), (left, right) = (values[..., np.newaxis, np.newaxis] for values in (rows, columns))
    y, x = np.arange(SIDE)[:, np.newaxis], np.arange(SIDE)
    distances = np.abs(y - top - (bottom - top) / (right - left) * (x - left))
    brightness = 1 + np.log(np.clip(1 - distances / REACH, 1 / e, 1))
    return brightness * ((x >= np.floor(left)) & (x < np.ceil(right)))
