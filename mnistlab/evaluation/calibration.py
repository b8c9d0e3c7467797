"""Whether confidence can be believed, and how to make it so."""

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Return the expected calibration error: how far confidence and accuracy lie apart, 0..1.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    bins : int
        Confidences are sorted into this many equal intervals of 0..1.

    Returns
    -------
    float
        Mean over all images of their bin's |accuracy - mean confidence|.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks, ICML 2017.
    """
    table = reliability(probabilities, labels, bins)
    return float(((table["accuracy"] - table["confidence"]).abs() * table["images"]).sum() / len(labels))


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> pd.DataFrame:
    """Return what a reliability diagram shows: one row for each bin of confidence that holds an image.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    bins : int
        Confidences are sorted into this many equal intervals of 0..1.

    Returns
    -------
    DataFrame
        ``confidence`` and ``accuracy``, means of the bin in 0..1, and ``images``, how many it holds.
    """
    confidence = probabilities.max(axis=1).astype(float)
    sorted_in = pd.DataFrame(
        {
            "bin": np.minimum((confidence * bins).astype(int), bins - 1),
            "confidence": confidence,
            "accuracy": (probabilities.argmax(axis=1) == labels).astype(float),
        }
    ).groupby("bin")
    return sorted_in.mean().assign(images=sorted_in.size())


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature that logits must be divided by for their probabilities to come true.

    It minimises the cross-entropy on images that the model has not learned from. A mild prior holds
    it near 1, so that a handful of images, all read right, cannot make a model sure of everything.

    Parameters
    ----------
    logits : float array of shape (N, 10)
    labels : int array of shape (N,)

    Returns
    -------
    float
        Above 1 for a model that is too sure, below 1 for one that is not sure enough.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks, ICML 2017.
    """
    each = np.arange(len(labels))

    def cost(log_temperature: float) -> float:
        likelihood = log_softmax(logits.astype(float) / np.exp(log_temperature), axis=1)[each, labels]
        return float(-likelihood.sum() + (log_temperature / 0.5) ** 2 / 2)

    return float(np.exp(minimize_scalar(cost, bounds=(-2, 2), method="bounded").x))
