"""How well a model reads the styles of digits that a generator draws."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from mnistlab.datasets.synthetic.styles import STYLES, synthetic_digits
from mnistlab.evaluation.metrics import ACCURACY_COLUMNS, accuracy_row


def style_plate(count: int) -> dict[str, np.ndarray]:
    """Return `count` images of each style, uint8 `(count, 28, 28)`."""
    images = _by_style(synthetic_digits(for_training=False).images)
    return {style: part[:count] for style, part in images.items()}


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
    scores, labels = (_by_style(values) for values in (predict(digits.images), digits.labels))
    rows = {style: accuracy_row(scores[style], labels[style]) for style in STYLES}
    return pd.DataFrame.from_dict(rows, orient="index", columns=ACCURACY_COLUMNS)


def _by_style(values: np.ndarray) -> dict[str, np.ndarray]:
    """Values of the synthetic digits to test with, apart for each style."""
    return dict(zip(STYLES, np.split(values, len(STYLES)), strict=True))
