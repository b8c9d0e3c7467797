"""The smallest network, written out in NumPy: a weight for each pixel and digit, and a softmax.

Weights are float `(784, 10)`. The logits of an image are its pixels times the weights.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from mnistlab.datasets.digits import Digits
from mnistlab.logits import CLASSES, softmax
from mnistlab.preprocessing import SIDE
from mnistlab.system.threads import one_blas_thread

BATCH_SIZE = 10
"""Images a step."""

STEP_SIZE = 0.1
"""What the gradient is multiplied with."""

MEASUREMENTS = 20
"""Times during a training at which it is measured how well it reads, evenly spread."""

PIXELS = SIDE * SIDE


def pixels(images: np.ndarray) -> np.ndarray:
    """Return all pixels of each image in a row, float32 `(N, 784)` in 0..1."""
    return images.reshape(len(images), PIXELS).astype(np.float32) / 255


def loss(weights: np.ndarray, digits: Digits) -> float:
    """Return the cross-entropy in nats, mean over the images."""
    return _loss(pixels(digits.images) @ weights, digits.labels)


def gradient(weights: np.ndarray, digits: Digits) -> np.ndarray:
    """Return how the loss changes with each weight, `(784, 10)`."""
    return _gradient(weights, pixels(digits.images), digits.labels)


def accuracy(weights: np.ndarray, digits: Digits) -> float:
    """Return the share of the images that are read correctly, 0..1."""
    return _accuracy(pixels(digits.images) @ weights, digits.labels)


def learn(digits: Digits, unseen: Digits, epochs: int, seed: int, step_size: float = STEP_SIZE) -> pd.DataFrame:
    """Train, and measure meanwhile what is learned of these images and of others.

    Parameters
    ----------
    digits : Digits
        To learn from: ten or more.
    unseen : Digits
        Others, to measure with.
    epochs : int
        Passes over the images.
    seed : int
        For the order of the images. The weights begin at 0.
    step_size : float
        What the gradient is multiplied with.

    Returns
    -------
    DataFrame
        By the number of images seen so far, each counted as often as it was seen: ``training loss``, ``unseen loss``,
        ``training accuracy`` and ``unseen accuracy``.
    """
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(len(digits)) for _ in range(epochs)])
    batches = order[: len(order) // BATCH_SIZE * BATCH_SIZE].reshape(-1, BATCH_SIZE)
    measured = {*np.linspace(0, len(batches), MEASUREMENTS + 1).round().astype(int).tolist()}
    given = {"training": (pixels(digits.images), digits.labels), "unseen": (pixels(unseen.images), unseen.labels)}
    training, labels = given["training"]
    weights = np.zeros((PIXELS, CLASSES), np.float32)
    rows = {0: _measured(weights, given)}
    with one_blas_thread():  # with several, such small products take longer
        for steps, batch in enumerate(batches, start=1):
            weights -= step_size * _gradient(weights, training[batch], labels[batch])
            if steps in measured:
                rows[steps * BATCH_SIZE] = _measured(weights, given)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("images seen")


def _measured(weights: np.ndarray, given: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    row = {}
    for name, (images, labels) in given.items():
        logits = images @ weights
        row[f"{name} loss"], row[f"{name} accuracy"] = _loss(logits, labels), _accuracy(logits, labels)
    return row


def _loss(logits: np.ndarray, labels: np.ndarray) -> float:
    return float((logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels]).mean())


def _gradient(weights: np.ndarray, given: np.ndarray, labels: np.ndarray) -> np.ndarray:
    errors = softmax(given @ weights) - np.eye(CLASSES, dtype=np.float32)[labels]
    return given.T @ errors / len(labels)


def _accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return int((logits.argmax(axis=1) == labels).sum()) / len(labels)
