"""What a model puts out, and what it says: logits, probabilities, digits."""

import numpy as np
from scipy import special

CLASSES = 10


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the softmax of logits `(N, 10)`: each row sums to 1. The only one on the way."""
    return special.softmax(logits, axis=1)


def argmax(logits: np.ndarray) -> np.ndarray:
    """Return the most likely digit for each row of logits or probabilities, `(N,)`."""
    return logits.argmax(axis=1)
