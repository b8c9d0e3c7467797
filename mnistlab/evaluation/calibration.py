"""Calibration: how well confidence agrees with accuracy, and how to make them agree."""

import numpy as np
import pandas as pd
from scipy.special import log_softmax


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Return the expected calibration error: how much confidence and accuracy differ, 0..1.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    bins : int
        Confidences are sorted into this many equal intervals of 0..1.

    Returns
    -------
    float
        The mean, over all images, of their bin's |accuracy - mean confidence|.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks, ICML 2017.
    """
    table = reliability(probabilities, labels, bins)
    return float(((table["accuracy"] - table["confidence"]).abs() * table["images"]).sum() / len(labels))


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> pd.DataFrame:
    """Return the values of a reliability diagram: one row for each bin of confidence that holds an image.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    bins : int
        Confidences are sorted into this many equal intervals of 0..1.

    Returns
    -------
    DataFrame
        ``confidence`` and ``accuracy``, the means of the bin in 0..1, and ``images``, their number.
    """
    confidence = probabilities.max(axis=1).astype(float)
    bins_of_images = pd.DataFrame(
        {
            "bin": np.minimum((confidence * bins).astype(int), bins - 1),
            "confidence": confidence,
            "accuracy": (probabilities.argmax(axis=1) == labels).astype(float),
        }
    ).groupby("bin")
    return bins_of_images.mean().assign(images=bins_of_images.size())


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature: the number that logits are divided by so that confidence agrees with accuracy.

    It minimises the cross-entropy on images that the model has not learned from. A weak prior keeps
    it near 1, so that a few images, all predicted correctly, do not make a model certain of everything.

    Parameters
    ----------
    logits : float array of shape (N, 10)
    labels : int array of shape (N,)

    Returns
    -------
    float
        Above 1 for a model that is too confident, below 1 for one that is not confident enough.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks, ICML 2017.
    """
    from scipy.optimize import minimize_scalar  # late: measuring does not need it

    rows = np.arange(len(labels))

    def cost(log_temperature: float) -> float:
        log_likelihood = log_softmax(logits.astype(float) / np.exp(log_temperature), axis=1)[rows, labels]
        return float(-log_likelihood.sum() + (log_temperature / 0.5) ** 2 / 2)

    return float(np.exp(minimize_scalar(cost, bounds=(-2, 2), method="bounded").x))


def fit_evidence(of_digits: np.ndarray, of_outliers: np.ndarray) -> tuple[float, float]:
    """Return scale and shift that turn evidence for a digit into the logit of its probability.

    The probability holds where digits and outliers are equally frequent, however many there are here.

    Parameters
    ----------
    of_digits, of_outliers : float array of shape (N,)
        The model's eleventh logit for images that it has not learned from.

    References
    ----------
    J. Platt: Probabilistic outputs for support vector machines, 1999.
    """
    from sklearn.linear_model import LogisticRegression  # late: importing it takes a second

    evidence = np.concatenate([of_digits, of_outliers]).astype(float)[:, None]
    is_digit = np.repeat([1, 0], [len(of_digits), len(of_outliers)])
    fitted = LogisticRegression(class_weight="balanced").fit(evidence, is_digit)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
