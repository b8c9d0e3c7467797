"""What a dataset looks like, in numbers."""

import numpy as np

from mnistlab.datasets.digits import Digits


def class_counts(digits: Digits) -> np.ndarray:
    """Return how many images each digit has, int `(10,)`."""
    return np.bincount(digits.labels, minlength=10)


def samples_per_class(digits: Digits, count: int, seed: int) -> Digits:
    """Return `count` digits of each class drawn at random, as `count` times 0 to 9."""
    rng = np.random.default_rng(seed)
    chosen = [rng.choice(np.flatnonzero(digits.labels == digit), count, replace=False) for digit in range(10)]
    return digits.take(np.stack(chosen, axis=1).ravel())


def mean_images(digits: Digits) -> np.ndarray:
    """Return the mean image of each digit, float64 `(10, 28, 28)` in 0..255."""
    return np.stack([digits.images[digits.labels == digit].mean(axis=0) for digit in range(10)])


def ink_shares(digits: Digits) -> np.ndarray:
    """Return the share of each image that is inked, float64 `(N,)` in 0..1; grey counts in part."""
    return digits.images.mean(axis=(1, 2)) / 255


def distances_from_mean(digits: Digits) -> np.ndarray:
    """Return how far each image lies from its digit's mean, float64 `(N,)`.

    The distance is the root of the mean squared difference of their pixels, 0..255. It is computed
    a digit at a time, so that no float copy of all images is needed.
    """
    distances = np.empty(len(digits))
    for digit, mean in enumerate(mean_images(digits).astype(np.float32)):
        mine = digits.labels == digit
        distances[mine] = np.sqrt(np.square(digits.images[mine] - mean).mean(axis=(1, 2)))
    return distances


def extremes(labels: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Return the indices of the least distant image of 0 to 9, then of the most distant, int `(20,)`."""
    of_digit = [np.flatnonzero(labels == digit) for digit in range(10)]
    nearest = [mine[distances[mine].argmin()] for mine in of_digit]
    farthest = [mine[distances[mine].argmax()] for mine in of_digit]
    return np.array(nearest + farthest)
