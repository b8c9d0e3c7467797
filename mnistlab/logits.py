"""From a model's logits to probabilities and digits."""

import numpy as np

CLASSES = 10


def digit_logits(logits: np.ndarray) -> np.ndarray:
    """Return the ten logits of the digits, `(N, 10)`, of a model that gives `(N, 10)` or `(N, 11)`."""
    return logits[:, :CLASSES]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the softmax of logits `(N, 10)`: probabilities, each row sums to 1."""
    from scipy import special  # late: planning a training and training need no SciPy

    return special.softmax(logits, axis=1)


def digit_probability(logits: np.ndarray) -> np.ndarray | None:
    """Return the probability, `(N,)`, that there is a digit at all: the sigmoid of the eleventh logit.

    None for a model with ten logits, which has not learned what is no digit.
    """
    from scipy import special  # late, as above

    return special.expit(logits[:, CLASSES]) if logits.shape[1] > CLASSES else None


def argmax(scores: np.ndarray) -> np.ndarray:
    """Return the most likely digit for each row of logits or probabilities `(N, 10)`, int `(N,)`."""
    return scores.argmax(axis=1)
