"""The one digit in a picture, with what else is in it."""

from dataclasses import replace

import numpy as np

from mnistlab.pictures import find_ink
from mnistlab.pictures.pen import widened
from mnistlab.preprocessing import image_from_ink
from mnistlab.reading.grouping import Reader
from mnistlab.reading.prediction import Prediction

HEIGHT = 0.5
"""Another digit is at least so high, as a share of the height of the first."""

INK = 0.15
"""Its ink is at least this share of that of the first."""

LEAST_PROBABILITY = 0.25
"""It is a digit with at least this probability: one that is missed costs more than one too many."""


def digit_in_picture(picture: np.ndarray, read: Reader) -> Prediction:
    """Read the digit in a picture, and count what may be others.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
    read : callable
        Predicts a batch of images.

    Raises
    ------
    ValueError
        As `mnistlab.pictures.find_ink`.
    """
    found = find_ink(picture, steps=True)
    height, amount = _height(found.ink), float(found.ink.sum())
    large = [ink for ink in found.beside if _height(ink) >= HEIGHT * height and ink.sum() >= INK * amount]
    images = np.stack([image_from_ink(found.ink), *(image_from_ink(widened(ink)) for ink in large)])
    prediction, *beside = read(images)
    others = sum((p := other.digit_probability) is None or p >= LEAST_PROBABILITY for other in beside)
    return replace(prediction, others=others, share_beside=found.share_beside)


def _height(ink: np.ndarray) -> int:
    rows = np.flatnonzero(ink.any(axis=1))
    return int(rows[-1] - rows[0]) + 1
