"""What a number is put together from: strokes of a drawing, or parts of the ink in a picture."""

from dataclasses import dataclass

import numpy as np

from mnistlab.reading.ink import Patch

TALL = 0.8
"""This share of all pieces is lower than what counts as the height of a digit."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of ink from left to right, by the middle of their boxes.

    Attributes
    ----------
    patches : tuple of Patch
        The ink of each piece, all on a common ground.
    strokes : tuple of tuple of int
        For each piece, the positions in the drawing of the strokes that it is made of; none in a picture.
    together : float array of shape (N, K)
        In row i and column k, the log odds that the pieces i and i + 1 + k belong to the same digit, from their
        places alone; minus infinity where there is no such piece. A digit has K + 1 pieces at most.
    scale : float
        Pixels of the common ground for each pixel of the canvas or of the picture.
    """

    patches: tuple[Patch, ...]
    strokes: tuple[tuple[int, ...], ...]
    together: np.ndarray
    scale: float


def digit_height(sizes: np.ndarray) -> float:
    """Return the height of a digit, at least 1, from the widths and heights of strokes or components, `(N, 2)`.

    A flat one counts with half its width.
    """
    return max(1.0, float(np.quantile(np.maximum(sizes[:, 1], sizes[:, 0] / 2), TALL)))


def neighbours(boxes: np.ndarray, step: int) -> np.ndarray:
    """Return how each piece lies to the one that is `step` positions after it.

    Parameters
    ----------
    boxes : float array of shape (N, 4)
        Left, top, right and bottom, in heights of a digit.
    step : int

    Returns
    -------
    float array of shape (N - step, 4)
        From left to right: the gap between both boxes, negative where they overlap; their overlap as a share of the
        narrower one; the distance between their middles. Last, the height of the lower one.
    """
    one, other = boxes[:-step].T, boxes[step:].T
    gap = np.maximum(one[0], other[0]) - np.minimum(one[2], other[2])
    overlap = np.maximum(-gap, 0) / np.minimum(one[2] - one[0], other[2] - other[0])
    between = np.abs(one[0] + one[2] - other[0] - other[2]) / 2
    lower = np.minimum(one[3] - one[1], other[3] - other[1])
    return np.stack([gap, overlap, between, lower], axis=1)
