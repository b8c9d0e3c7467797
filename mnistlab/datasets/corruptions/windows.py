"""Parts of larger images, each at a place of its own."""

import numpy as np

from mnistlab.preprocessing import SIDE


def windows(images: np.ndarray, tops: np.ndarray, lefts: np.ndarray) -> np.ndarray:
    """Cut one part out of each image.

    Parameters
    ----------
    images : array of shape (N, H, W)
    tops, lefts : int array of shape (N,)
        First row and first column of each part.

    Returns
    -------
    array of shape (N, 28, 28)
    """
    rows, columns = (first[:, np.newaxis] + np.arange(SIDE) for first in (tops, lefts))
    which = np.arange(len(images))[:, np.newaxis, np.newaxis]
    return images[which, rows[:, :, np.newaxis], columns[:, np.newaxis]]
