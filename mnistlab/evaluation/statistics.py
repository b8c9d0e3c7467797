"""Statistics of a dataset: counts, means, ink, distances."""

import numpy as np
from sklearn.metrics import euclidean_distances

from mnistlab.datasets.digits import Digits


def class_counts(digits: Digits) -> np.ndarray:
    """Return the number of images of each digit, int `(10,)`."""
    return np.bincount(digits.labels, minlength=10)


def samples_per_class(digits: Digits, count: int, seed: int) -> Digits:
    """Return `count` images of each digit chosen at random, in the order 0 to 9, `count` times."""
    rng = np.random.default_rng(seed)
    chosen = [rng.choice(np.flatnonzero(digits.labels == digit), count, replace=False) for digit in range(10)]
    return digits.take(np.stack(chosen, axis=1).ravel())


def mean_images(digits: Digits) -> np.ndarray:
    """Return the mean image of each digit, float64 `(10, 28, 28)` in 0..255."""
    return np.stack([digits.images[digits.labels == digit].mean(axis=0) for digit in range(10)])


def ink_shares(digits: Digits) -> np.ndarray:
    """Return the share of each image that is covered with ink, float64 `(N,)` in 0..1; grey counts in part."""
    return digits.images.mean(axis=(1, 2)) / 255


def nearest_mean(means: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Return the digit whose mean image is nearest to each image: a classifier with one template for each digit.

    Parameters
    ----------
    means : float array of shape (10, 28, 28)
        As `mean_images` makes them.
    images : uint8 array of shape (N, 28, 28)

    Returns
    -------
    int array of shape (N,)
        0..9, by the Euclidean distance between pixels.
    """
    return euclidean_distances(images.reshape(len(images), -1), means.reshape(len(means), -1)).argmin(axis=1)


def distances_from_mean(digits: Digits) -> np.ndarray:
    """Return the distance of each image from the mean of its digit, float64 `(N,)`.

    The distance is the root mean square of the differences between pixels, 0..255. It is computed
    digit by digit, so that no float copy of all images is needed.
    """
    distances = np.empty(len(digits))
    for digit, mean in enumerate(mean_images(digits).astype(np.float32)):
        chosen = digits.labels == digit
        distances[chosen] = np.sqrt(np.square(digits.images[chosen] - mean).mean(axis=(1, 2)))
    return distances


def extremes(labels: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Return the indices of the image with the smallest distance for each digit, then with the largest, int `(20,)`."""
    of_digit = [np.flatnonzero(labels == digit) for digit in range(10)]
    nearest = [indices[distances[indices].argmin()] for indices in of_digit]
    farthest = [indices[distances[indices].argmax()] for indices in of_digit]
    return np.array(nearest + farthest)
