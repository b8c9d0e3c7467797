"""The digits that pictures are composed from."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from mnistlab.benchmarks.scenes.parts.writing import box_of
from mnistlab.datasets.formats.labelled import LabelledDrawing

LYING = 2.0
"""A digit that is wider than high by this factor lies on its side, such as a 1 that somebody wrote sideways."""


class DigitPool:
    """Chooses digits: all labels are about equally frequent, and several at once have the same writer's number.

    Parameters
    ----------
    digits : sequence of LabelledDrawing
        Those whose labels are known to be wrong, and those that lie on their side, are never chosen.
    rng : Generator

    Raises
    ------
    ValueError
        If there are none to choose from; `choose` too.
    """

    def __init__(self, digits: Sequence[LabelledDrawing], rng: np.random.Generator) -> None:
        self._rng = rng
        self._by_label: dict[int, list[LabelledDrawing]] = defaultdict(list)
        self._by_writer: dict[int, list[LabelledDrawing]] = defaultdict(list)
        for digit in digits:
            if not digit.is_wrong:
                self._by_label[digit.label].append(digit)
                self._by_writer[digit.writer].append(digit)
        self._labels: list[int] = []  # what comes next, the last first
        if not self._by_label:
            raise ValueError("there are no digits to compose pictures from")

    def choose(self, count: int) -> list[LabelledDrawing]:
        """Return so many digits, 0 or more."""
        if not count:
            return []
        self._labels = self._labels or self._rng.permutation(sorted(self._by_label)).tolist()
        first = self._one_of(self._by_label[self._labels.pop()])
        return [first, *(self._one_of(self._by_writer[first.writer]) for _ in range(count - 1))]

    def _one_of(self, digits: Sequence[LabelledDrawing]) -> LabelledDrawing:
        for n in self._rng.permutation(len(digits)):
            box = box_of(digits[n].drawing)
            if box.width <= LYING * box.height:
                return digits[n]
        raise ValueError(f"all digits with the label {digits[0].label} lie on their side: none can be read")
