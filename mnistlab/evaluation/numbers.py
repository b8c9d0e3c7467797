"""How well whole numbers are read that are composed from the digits of one writer each."""

import html
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.synthetic.numbers import ComposedNumber, compose_numbers
from mnistlab.evaluation.drawn import MIN_DRAWINGS, few_drawings
from mnistlab.evaluation.metrics import share_interval
from mnistlab.prediction import Predictor
from mnistlab.strokes import rasterize

HEIGHT = 280
"""Height of the pictures, in pixels."""

MARGIN = 20
"""Empty pixels on the left and on the right of the number."""

KINDS = {"drawing": "numbers", "grouping": "numbers", "picture": "numbers", "clear_picture": "clear"}
"""What is counted, and among which numbers: drawings read as the whole number that was written; drawings whose strokes
were all given to the right digit, whatever was read; pictures read as the whole number, among all and among those where
the boxes around the ink of neighbours overlap by 5 % at most."""


@dataclass(frozen=True, eq=False)
class NumberAccuracy:
    """How well whole numbers were read. It draws no conclusion from numbers composed of fewer than 100 drawings.

    Attributes
    ----------
    counts : DataFrame
        By source: the ``numbers``, those with ``clear`` pictures, and how many were right for each of `KINDS`.
    drawings : int
        Digits that the numbers were composed from.
    """

    counts: pd.DataFrame
    drawings: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough drawings for a share."""
        return self.drawings >= MIN_DRAWINGS

    @property
    def table(self) -> pd.DataFrame:
        """By source and for all: the numbers, then the share of each kind with its 95 % interval, 0..1.

        There must be a number with a clear picture in each source.
        """
        counts = pd.concat([self.counts, self.counts.sum().to_frame("all").T])
        table = counts[["numbers", "clear"]].copy()
        for kind, among in KINDS.items():
            pairs = list(zip(counts[kind], counts[among], strict=True))
            table[kind] = counts[kind] / counts[among]
            table[[f"{kind}_low", f"{kind}_high"]] = [share_interval(*pair) for pair in pairs]
        return table

    @property
    def metrics(self) -> dict[str, float]:
        """The shares of all numbers read as written, ``numbers_drawn`` and ``numbers_pictured``; or nothing."""
        if not self.is_enough:
            return {}
        drawn, pictured = (self.counts[kind].sum() / self.counts["numbers"].sum() for kind in ("drawing", "picture"))
        return {"numbers_drawn": float(drawn), "numbers_pictured": float(pictured)}

    def record(self) -> dict[str, object]:
        """Return the table, ready for JSON."""
        return {str(source): row for source, row in self.table.to_dict("index").items()}

    def __repr__(self) -> str:
        if not self.is_enough:
            return few_drawings(self.drawings)
        drawing, grouping, picture, clear_picture = self.table.loc["all", [*KINDS]]
        return (
            f"{self.counts['numbers'].sum():,} numbers: {drawing:.2%} of the drawings read as written, their strokes "
            f"grouped correctly in {grouping:.2%}; {picture:.2%} of their pictures read as written, "
            f"{clear_picture:.2%} where the ink of neighbours does not overlap by more than 5 %"
        )

    def _repr_html_(self) -> str:
        """The table, with a sentence above it; only that for too few drawings."""
        if not self.is_enough:
            return html.escape(repr(self))
        shares: list[Hashable] = list(self.table.columns.drop(["numbers", "clear"]))
        return str(self.table.style.format("{:.2%}", subset=shares).set_caption(html.escape(repr(self))).to_html())


def measure_numbers(
    predictor: Predictor, sources: Mapping[str, Sequence[LabelledDrawing]], count: int, seed: int = 0
) -> NumberAccuracy:
    """Measure how well numbers of 2 to 5 digits are read, as drawings and as pictures.

    Parameters
    ----------
    predictor : Predictor
    sources : mapping
        Names of sets of digits, and the digits that numbers are composed from: see `compose_numbers`. Drawings whose
        labels are known to be wrong are left out, as most of them are no digits.
    count : int
        Numbers to compose from each.
    seed : int

    Returns
    -------
    NumberAccuracy
    """
    right_labels = {source: [digit for digit in digits if not digit.is_wrong] for source, digits in sources.items()}
    rows = {}
    for source, digits in right_labels.items():
        row = np.zeros(2 + len(KINDS), int)
        for number in compose_numbers(digits, count, seed):
            drawn = predictor.read_number(number.drawing, number.pen_width)
            groups = tuple(digit.strokes for digit in drawn.digits)
            pictured = predictor.read_number_picture(picture_of(number)).text == number.text
            right = drawn.text == number.text, groups == number.groups, pictured, pictured and number.is_clear
            row += True, number.is_clear, *right
        rows[source] = row.tolist()
    counts = pd.DataFrame.from_dict(rows, orient="index", columns=["numbers", "clear", *KINDS])
    return NumberAccuracy(counts, sum(map(len, right_labels.values())))


def picture_of(number: ComposedNumber) -> np.ndarray:
    """Return a picture of a number, dark on white: uint8 `(280, W)`, as wide as the number needs."""
    points = np.array([point for stroke in number.drawing for point in stroke])
    low, high = points.min(axis=0), points.max(axis=0)
    shift_x, shift_y = MARGIN - low[0], HEIGHT / 2 - (low[1] + high[1]) / 2
    moved = [[(x + shift_x, y + shift_y) for x, y in stroke] for stroke in number.drawing]
    width = ceil(high[0] - low[0]) + 2 * MARGIN
    return 255 - rasterize(moved, number.pen_width, max(width, HEIGHT))[:HEIGHT, :width]
