"""Which pieces of ink belong to the same digit: dynamic programming over groups of neighbours."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log

import numpy as np

from mnistlab.preprocessing import image_from_ink
from mnistlab.reading.ink import Patch, joined
from mnistlab.reading.pieces import Pieces
from mnistlab.reading.prediction import Prediction, where_digits_are_expected

Reader = Callable[[np.ndarray], list[Prediction]]
"""Predicts all images of a batch, uint8 `(N, 28, 28)`."""

LEAST_TOGETHER = -5.0
"""A group is not read if the log odds that it belongs together are smaller."""

LEAST_PROBABILITY = 0.01
"""Smaller probabilities count as this: how little something looks like a digit says no more."""

TOGETHER_WEIGHT = 0.25
"""Of the log odds that pieces belong together, beside the log probabilities: it read the most of 2,100 numbers."""


@dataclass(frozen=True, eq=False)
class Group:
    """Pieces, `start` to `stop` - 1, that are read as one digit, or as none."""

    start: int
    stop: int
    patch: Patch
    prediction: Prediction


def group_pieces(pieces: Pieces, read: Reader) -> list[Group]:
    """Divide pieces into digits.

    Parameters
    ----------
    pieces : Pieces
        One or more.
    read : callable
        It is called once, with the images of all groups that can be a digit.

    Returns
    -------
    list of Group
        From left to right; each piece is in one of them.
    """
    spans = [(start, stop, together) for start, stop, together in _spans(pieces.together) if together > LEAST_TOGETHER]
    patches = [joined(pieces.patches[start:stop]) for start, stop, _ in spans]
    predictions = map(where_digits_are_expected, read(np.stack([image_from_ink(patch.ink) for patch in patches])))
    best: list[tuple[float, list[Group]]] = [(0.0, [])]  # of the pieces before each: the score, and the groups
    best += [(-inf, [])] * len(pieces.patches)
    for (start, stop, together), patch, prediction in zip(spans, patches, predictions, strict=True):
        score = best[start][0] + _fit(prediction) + TOGETHER_WEIGHT * together
        if score > best[stop][0]:
            best[stop] = score, [*best[start][1], Group(start, stop, patch, prediction)]
    return best[-1][1]


def _spans(together: np.ndarray) -> list[tuple[int, int, float]]:
    """All groups of neighbours, in the order of their first piece, with the log odds that they belong together.

    These are the mean of all pairs times the number of joints: pairs are not independent of each other.
    """
    spans = []
    count, most = len(together), together.shape[1] + 1
    for start in range(count):
        total = 0.0
        for stop in range(start + 1, min(start + most, count) + 1):
            total += sum(float(together[n, stop - n - 2]) for n in range(start, stop - 1))
            spans.append((start, stop, 2 * total / (stop - start)))
    return spans


def _fit(prediction: Prediction) -> float:
    """The log probability that something is one digit, and the one that it is read as."""
    known = prediction.digit_probability
    return sum(log(max(p, LEAST_PROBABILITY)) for p in (prediction.confidence, 1.0 if known is None else known))
