"""From logits to probabilities and digits."""

import numpy as np
from scipy import special

CLASSES = 10


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the softmax of logits `(N, 10)`: probabilities, each row sums to 1."""
    return special.softmax(logits, axis=1)


def argmax(scores: np.ndarray) -> np.ndarray:
    """Return the most likely digit for each row of logits or probabilities `(N, 10)`, int `(N,)`."""
    return scores.argmax(axis=1)
