"""Metrics of a classifier, each computed from the same logits or probabilities."""

from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import ndtri

from mnistlab.logits import CLASSES, argmax
from mnistlab.preprocessing import model_input

BATCH = 1000
"""Images a step: 3 MB of input, large enough to keep the cores busy."""


class Classifier(Protocol):
    """What measuring asks of a Keras model: no TensorFlow is imported for it."""

    def __call__(self, x: np.ndarray, training: bool) -> np.ndarray:
        """Return logits for a batch `(N, 28, 28, 1)`."""
        ...


def infer(model: Classifier, images: np.ndarray) -> np.ndarray:
    """Return a model's logits.

    Parameters
    ----------
    model : keras.Model
        As `mnistlab.model.build_model` makes them.
    images : uint8 array of shape (N, 28, 28)

    Returns
    -------
    float32 array of shape (N, 10) or (N, 11)
        `mnistlab.logits` takes them apart.
    """
    batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
    # Called directly: `predict` builds a graph for each new model, and from the fifth on TensorFlow warns of that.
    return np.concatenate([np.asarray(model(model_input(batch), training=False)) for batch in batches])


def accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of correct predictions, 0..1.

    Parameters
    ----------
    scores : float array of shape (N, 10)
        Logits or probabilities: the largest is the prediction.
    labels : int array of shape (N,)
    """
    return _correct(scores, labels) / len(labels)


def accuracy_interval(scores: np.ndarray, labels: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Return the confidence interval of the accuracy, Wilson's.

    Parameters
    ----------
    scores : float array of shape (N, 10)
        Logits or probabilities.
    labels : int array of shape (N,)
    level : float
        Confidence level, 0..1.

    Returns
    -------
    low, high : float
        0..1.

    References
    ----------
    E. B. Wilson: Probable inference, the law of succession, and statistical inference, JASA 22, 1927.
    """
    return share_interval(_correct(scores, labels), len(labels), level)


def share_interval(correct: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the confidence interval, Wilson's, of the share of `correct` among `n`; see `accuracy_interval`."""
    p, z = correct / n, float(ndtri((1 + level) / 2))
    centre = (2 * n * p + z**2) / (2 * (n + z**2))
    half_width = z / (2 * (n + z**2)) * (4 * n * p * (1 - p) + z**2) ** 0.5
    return (0.0 if correct == 0 else centre - half_width), (1.0 if correct == n else centre + half_width)


def mean_interval(mean: float, error: float, n: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a mean of shares, 0..1, that has some standard error.

    It is Wilson's for as many digits as would give that error if each were drawn by another writer; for `n`, those
    that there are, where the error is 0. See L. Kish: Survey sampling, 1965, on effective sample sizes.
    """
    independent = mean * (1 - mean) / error**2 if error else n
    return share_interval(mean * independent, independent)


ACCURACY_COLUMNS = ["accuracy", "low", "high", "mistakes"]


def accuracy_row(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float, float, int]:
    """Return a row of a table of accuracies, in the order of `ACCURACY_COLUMNS`.

    Parameters
    ----------
    scores : float array of shape (N, 10)
        Logits or probabilities.
    labels : int array of shape (N,)

    Returns
    -------
    accuracy, low, high : float
        With the ends of its 95 % interval, 0..1.
    mistakes : int
    """
    return accuracy(scores, labels), *accuracy_interval(scores, labels), len(labels) - _correct(scores, labels)


def confusion_matrix(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how often each digit was predicted as each, int `(10, 10)`; row: the label, column: the prediction."""
    pairs = labels * CLASSES + argmax(scores)
    return np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def most_confused(matrix: np.ndarray) -> tuple[int, int, int]:
    """Return the most frequent error in a confusion matrix: the label, the prediction, and how often."""
    errors = matrix - np.diag(np.diag(matrix))
    label, prediction = divmod(int(errors.argmax()), CLASSES)
    return label, prediction, int(errors.max())


def precision_recall(scores: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Return one row for each digit with its ``precision``, ``recall`` and number of ``images``.

    Precision: of the images predicted as this digit, the share that show it. Recall: of the images that
    show this digit, the share that were predicted as it. Both are 0 where there are no such images.
    """
    matrix = confusion_matrix(scores, labels)
    correct, predicted, images = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    return pd.DataFrame(
        {"precision": correct / np.maximum(predicted, 1), "recall": correct / np.maximum(images, 1), "images": images},
        index=pd.RangeIndex(CLASSES, name="digit"),
    )


def most_confident_errors(probabilities: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of the wrong predictions, the most confident first.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    count : int
        How many at most; a good model may have made fewer errors.

    Returns
    -------
    int array of shape (at most count,)
    """
    wrong = np.flatnonzero(argmax(probabilities) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:count]


def errors_of_each_digit(probabilities: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of wrong predictions in which every digit has its share, sorted by label.

    The most confident error of each digit is chosen first, then the second of each, and so on.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    count : int
        How many at most.

    Returns
    -------
    int array of shape (at most count,)
    """
    errors = most_confident_errors(probabilities, labels, len(labels))
    rank_within_digit = pd.Series(errors).groupby(labels[errors]).cumcount()
    chosen = errors[np.argsort(rank_within_digit, kind="stable")][:count]
    return chosen[np.argsort(labels[chosen], kind="stable")]


def _correct(scores: np.ndarray, labels: np.ndarray) -> int:
    return int((argmax(scores) == labels).sum())
