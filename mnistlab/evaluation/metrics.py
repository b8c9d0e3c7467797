"""Logits once, and every metric a line on top of them."""

from typing import Protocol

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn import metrics

from mnistlab.logits import CLASSES, argmax, softmax
from mnistlab.preprocessing import model_input

BATCH = 1000
"""Images a step: 3 MB of input, large enough to keep the cores busy."""


class Classifier(Protocol):
    """What measuring asks of a Keras model: no TensorFlow is imported for it."""

    def __call__(self, x: np.ndarray, training: bool) -> np.ndarray:
        """Return logits `(N, 10)` for a batch `(N, 28, 28, 1)`."""
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
    float32 array of shape (N, 10)
    """
    batches = (images[start : start + BATCH] for start in range(0, len(images), BATCH))
    # Called directly: `predict` builds a graph for each new model, and from the fifth on TensorFlow warns of that.
    return np.concatenate([np.asarray(model(model_input(batch), training=False)) for batch in batches])


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of correct predictions, 0..1."""
    return int((argmax(logits) == labels).sum()) / len(labels)


def accuracy_interval(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the accuracy, low and high.

    References
    ----------
    E. B. Wilson: Probable inference, the law of succession, and statistical inference, JASA 22, 1927.
    """
    correct = int((argmax(logits) == labels).sum())
    low, high = binomtest(correct, len(labels)).proportion_ci(0.95, method="wilson")
    return float(low), float(high)


def confusion_matrix(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return counts `(10, 10)`; row: the label, column: the prediction."""
    return metrics.confusion_matrix(labels, argmax(logits), labels=range(CLASSES))


def precision_recall(logits: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Return one row a digit with its precision, recall and number of images.

    Precision: of the images read as this digit, the share that are it. Recall: of the images that
    are this digit, the share that were read as it.
    """
    precision, recall, _, images = metrics.precision_recall_fscore_support(
        labels, argmax(logits), labels=range(CLASSES), zero_division=0
    )
    index = pd.RangeIndex(CLASSES, name="digit")
    return pd.DataFrame({"precision": precision, "recall": recall, "images": images}, index=index)


def most_confident_errors(logits: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of the worst mistakes, the most confidently wrong one first.

    Parameters
    ----------
    logits : float array of shape (N, 10)
    labels : int array of shape (N,)
    count : int
        How many at most; a good model may have made fewer mistakes.

    Returns
    -------
    int array of shape (at most count,)
    """
    wrong = np.flatnonzero(argmax(logits) != labels)
    confidence = softmax(logits[wrong]).max(axis=1)
    return wrong[np.argsort(-confidence, kind="stable")][:count]
