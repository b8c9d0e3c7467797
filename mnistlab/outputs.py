"""What a model puts out, and what it says: logits, probabilities, digits."""

import numpy as np
from scipy.special import softmax

CLASSES = 10


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Return the softmax of logits `(N, 10)`: each row sums to 1. The only one on the way."""
    return softmax(logits, axis=1)


def predictions(logits: np.ndarray) -> np.ndarray:
    """Return the most likely digit for each row of logits or probabilities, `(N,)`."""
    return logits.argmax(axis=1)
