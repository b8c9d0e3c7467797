"""Statistics of a dataset, counts, means, ink, slants, distances, and what can be read with these and with weights."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import euclidean_distances

from mnistlab.data import sample
from mnistlab.datasets.digits import Digits
from mnistlab.logits import CLASSES
from mnistlab.preprocessing import SIDE
from mnistlab.system.threads import one_blas_thread

LOGISTIC_IMAGES = 10_000
"""Images that logistic regression learns from, at most: of MNIST's test digits it then reads 91.6 %, with all 60,000
training images, which take six times as long, 92.1 %."""


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


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """Ten weighted sums of the pixels, one for each digit: the largest is the answer."""

    weights: np.ndarray  # float (10, 28, 28): above 0 where ink speaks for the digit
    biases: np.ndarray  # float (10,)

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the digit in each image, int `(N,)`; `images` are uint8 `(N, 28, 28)`."""
        return (_pixels(images) @ self.weights.reshape(CLASSES, -1).T + self.biases).argmax(axis=1)


def logistic_regression(digits: Digits, seed: int) -> LinearClassifier:
    """Choose the weights with which a softmax over ten weighted sums fits the labels best.

    Parameters
    ----------
    digits : Digits
        A sample of `LOGISTIC_IMAGES` of them is used.
    seed : int
        For the sample.
    """
    few = sample(digits, LOGISTIC_IMAGES, seed)
    # Large weights are held back (C), as the pixels at the edge have hardly any ink to be judged by.
    with one_blas_thread():  # with several, its narrow products take longer
        fitted = LogisticRegression(C=0.1, tol=1e-3, max_iter=1000).fit(_pixels(few.images), few.labels)
    return LinearClassifier(fitted.coef_.reshape(CLASSES, SIDE, SIDE), fitted.intercept_)


def slants(images: np.ndarray) -> np.ndarray:
    """Return how far each image leans to the right, float64 `(N,)` in degrees; below 0: to the left.

    The slant is that of the line along which the ink of the rows lies best: 0 for an upright stroke. Images without ink
    have none (nan).

    Parameters
    ----------
    images : uint8 array of shape (N, 28, 28)
    """
    places = np.arange(SIDE)
    ink = images.sum(axis=(1, 2), dtype=float)[:, np.newaxis]
    of_rows = images.sum(axis=2, dtype=float) / ink
    x_of_rows = np.einsum("nyx,x->ny", images, places, dtype=float) / ink
    y = places - (of_rows @ places)[:, np.newaxis]
    along = (x_of_rows * y).sum(axis=1)  # the mean of x does not matter, as y adds up to 0
    return np.degrees(np.arctan2(-along, (of_rows * y**2).sum(axis=1)))


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


def _pixels(images: np.ndarray) -> np.ndarray:
    """All pixels of each image in a row, float32 `(N, 784)` in 0..1."""
    return (images.reshape(len(images), -1) / 255).astype(np.float32)
