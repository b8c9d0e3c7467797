"""Pictures of the pairs of digits that a model confuses."""

import numpy as np

from mnistlab.evaluation.metrics import confusion_matrix, most_confident_errors
from mnistlab.logits import argmax


def confused_pairs(
    probabilities: np.ndarray, labels: np.ndarray, images: np.ndarray, pairs: int = 10, examples: int = 8
) -> dict[str, np.ndarray]:
    """Return images of the most frequent mistakes, pair by pair.

    Parameters
    ----------
    probabilities : float array of shape (N, 10)
    labels : int array of shape (N,)
    images : uint8 array of shape (N, 28, 28)
    pairs : int
        Pairs of label and answer, at most.
    examples : int
        Images of each, the most confident mistakes; empty ones where there are not so many.

    Returns
    -------
    dict of str to uint8 array of shape (examples, 28, 28)
        By what was confused and how often: ``"5 read as 3: 70"``. The most frequent mistake first.
    """
    matrix = confusion_matrix(probabilities, labels)
    np.fill_diagonal(matrix, 0)
    errors, answers = most_confident_errors(probabilities, labels, len(labels)), argmax(probabilities)
    rows = {}
    for place in np.argsort(-matrix, axis=None, kind="stable")[: min(pairs, np.count_nonzero(matrix))]:
        label, answer = divmod(int(place), len(matrix))
        chosen = errors[(labels[errors] == label) & (answers[errors] == answer)][:examples]
        row = np.zeros((examples, *images.shape[1:]), np.uint8)
        row[: len(chosen)] = images[chosen]
        rows[f"{label} read as {answer}: {matrix[label, answer]}"] = row
    return rows
