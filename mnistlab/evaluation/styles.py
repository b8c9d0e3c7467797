"""How well a model reads the styles of digits that a generator draws, and the slashed zeros that people draw."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.synthetic.styles import STYLES, synthetic_digits
from mnistlab.evaluation.drawn import CONDITIONS, render
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


def measure_slashed_zeros(
    predict: Callable[[np.ndarray], np.ndarray], sets: Sequence[DrawingSet], seed: int = 0
) -> pd.DataFrame:
    """Measure how well a model reads the zeros of two or more strokes that the held-out writers drew.

    The strokes after the first are slashes, bars, crosses and dots. Zeros whose labels are known to be wrong are left
    out.

    Parameters
    ----------
    predict : callable
        As for `measure_styles`.
    sets : sequence of DrawingSet
    seed : int
        As for `mnistlab.evaluation.drawn.measure_drawn`.

    Returns
    -------
    DataFrame
        By set, where there are any: the columns of `measure_styles` over all conditions of
        `mnistlab.evaluation.drawn.CONDITIONS`.
    """
    rows = {}
    for each in sets:
        zeros = [
            drawn
            for drawn in each.held_out.drawings
            if drawn.label == 0 and len(drawn.drawing) > 1 and not drawn.is_wrong
        ]
        if zeros:
            images = np.concatenate([render(zeros, condition, seed) for condition in CONDITIONS])
            rows[each.name] = accuracy_row(predict(images), np.zeros(len(images), np.uint8))
    return pd.DataFrame.from_dict(rows, orient="index", columns=ACCURACY_COLUMNS)


def _by_style(values: np.ndarray) -> dict[str, np.ndarray]:
    """Values of the synthetic digits to test with, apart for each style."""
    return dict(zip(STYLES, np.split(values, len(STYLES)), strict=True))
