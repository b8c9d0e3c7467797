"""How well a model reads the styles of digits that a generator draws."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from mnistlab.datasets.synthetic.styles import STYLES, synthetic_digits
from mnistlab.evaluation.metrics import accuracy, accuracy_interval
from mnistlab.logits import argmax


def style_plate(count: int) -> dict[str, np.ndarray]:
    """Return `count` images of each style, uint8 `(count, 28, 28)`."""
    images = synthetic_digits(for_training=False).images
    return {style: part[:count] for style, part in zip(STYLES, np.split(images, len(STYLES)), strict=True)}


def lowest_style(table: pd.DataFrame) -> str:
    """Return the style with the lowest accuracy, with that, from the table of `measure_styles`."""
    accuracies = table["accuracy"]
    return f"{accuracies.idxmin()}: {accuracies.min():.1%}"


def measure_styles(predict: Callable[[np.ndarray], np.ndarray]) -> pd.DataFrame:
    """Measure how well a model reads each of `STYLES`, drawn with a seed that nobody trains on.

    Parameters
    ----------
    predict : callable
        From images, uint8 `(N, 28, 28)`, to probabilities `(N, 10)`.

    Returns
    -------
    DataFrame
        By style: ``accuracy``, ``low`` and ``high`` end of its 95 % interval, 0..1, and ``mistakes``.
    """
    digits = synthetic_digits(for_training=False)
    probabilities = predict(digits.images)
    rows = {}
    for style, part in zip(STYLES, np.split(np.arange(len(digits)), len(STYLES)), strict=True):
        scores, labels = probabilities[part], digits.labels[part]
        mistakes = int((argmax(scores) != labels).sum())
        rows[style] = accuracy(scores, labels), *accuracy_interval(scores, labels), mistakes
    return pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high", "mistakes"])
