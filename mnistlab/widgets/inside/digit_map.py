"""A widget: a map of digits, of which one is chosen by mouse, finger or arrow keys and shown."""

from collections.abc import Sequence

import numpy as np
from traitlets import Bytes, Int, List, Unicode

from mnistlab.datasets.digits import Digits
from mnistlab.widgets.inside.page_widget import PageWidget, read_parts
from mnistlab.widgets.page_input import whole_number

MARGIN = 0.03
"""Share of the map's side that is left free at each edge."""


class DigitMap(PageWidget):
    """Each digit at its place, as its label; a ring marks mistakes. The image of the chosen one is shown beside.

    Parameters
    ----------
    points : float array of shape (N, 2)
        Places on the map; N is 1 or more.
    digits : Digits
        N of them.
    answers : int array of shape (N,)
        What the model takes them for.
    names : sequence of N str, optional
        ``"test digit 321"``; their numbers if left out.

    Attributes
    ----------
    chosen : int
        Which one is chosen, from 0: at first a mistake, if there is one.
    """

    _esm, _css = read_parts("digit_map")
    points = Bytes().tag(sync=True)
    """float32 (N, 2): x to the right and y down, 0 to 1."""
    labels = Bytes().tag(sync=True)
    """uint8 (N,)"""
    answers = Bytes().tag(sync=True)
    """uint8 (N,)"""
    images = Bytes().tag(sync=True)
    """uint8 (N, 28, 28)"""
    captions = List(Unicode()).tag(sync=True)
    chosen = Int().tag(sync=True)

    def __init__(
        self, points: np.ndarray, digits: Digits, answers: np.ndarray, names: Sequence[str] | None = None
    ) -> None:
        names = names or [f"digit {number}" for number in range(len(digits))]
        told = zip(names, digits.labels, answers, strict=True)
        super().__init__(
            {"chosen": whole_number(0, len(digits) - 1)},
            points=_in_square(points).astype("<f4").tobytes(),
            labels=digits.labels.tobytes(),
            answers=answers.astype(np.uint8).tobytes(),
            images=digits.images.tobytes(),
            captions=[f"{name}: label {label}, answer {answer}" for name, label, answer in told],
            chosen=int((answers != digits.labels).argmax()),
        )

    def __repr__(self) -> str:
        return f"DigitMap({len(self.captions):,} digits; chosen: {self.captions[self.chosen]})"


def _in_square(points: np.ndarray) -> np.ndarray:
    """Move points into a square from 0 to 1, all distances on the same scale; y goes down, as in a page."""
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max()) or 1.0
    placed = 0.5 + (1 - 2 * MARGIN) * (points - (low + high) / 2) / side
    return np.asarray(np.column_stack([placed[:, 0], 1 - placed[:, 1]]))
