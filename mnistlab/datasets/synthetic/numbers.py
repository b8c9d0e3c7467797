"""Whole numbers, composed from single digits of one writer."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.synthetic.shapes import edges
from mnistlab.strokes import Drawing, Stroke, place

LENGTHS = (2, 5)
"""Fewest and most digits of a number."""

SIZES = (140, 200)
"""Smallest and largest longest side of a digit, in canvas pixels."""

PENS = (8, 24)
"""Thinnest and thickest pen, in canvas pixels."""

OVERLAP = 0.05
"""Largest overlap of two neighbours' boxes, as a share of the narrower one."""

GAP = 60
"""Largest gap between two neighbours' boxes, in canvas pixels."""

SHIFT = 25
"""Largest distance of a digit from the middle of the line, up or down, in canvas pixels."""

LATE_SHARE = 0.3
"""Share of the numbers in which the last strokes of digits are drawn after all others."""


class ComposedNumber(NamedTuple):
    """A number, and what reading it should find."""

    drawing: Drawing
    text: str
    groups: tuple[tuple[int, ...], ...]  # for each digit, from left to right, the positions of its strokes
    digits: tuple[int, ...]  # for each digit, its position among the digits that numbers were composed from
    pen_width: float  # canvas pixels
    is_clear: bool  # the boxes around the ink of two neighbours, not only around the pen's path, overlap by 5 % at most


def compose_numbers(digits: Sequence[LabelledDrawing], count: int, seed: int = 0) -> list[ComposedNumber]:
    """Compose numbers of 2 to 5 digits, each from the digits of one writer.

    Sizes and heights above the line differ. The boxes around the pen's path of two neighbours have a clear gap, or
    overlap by up to 5 % of the narrower one: their ink touches or overlaps then. In three of ten numbers the last
    stroke of every digit that has several is drawn after all others, as the bar of a 7 often is.

    Parameters
    ----------
    digits : sequence of LabelledDrawing
        In any unit, y downwards.
    count : int
    seed : int

    Returns
    -------
    list of ComposedNumber
        About 200 canvas pixels high.
    """
    rng = np.random.default_rng(seed)
    by_writer: dict[int, list[int]] = defaultdict(list)
    for position, digit in enumerate(digits):
        by_writer[digit.writer].append(position)
    writers = [*by_writer]
    numbers = []
    for _ in range(count):
        chosen = rng.choice(by_writer[writers[rng.integers(len(writers))]], rng.integers(LENGTHS[0], LENGTHS[1] + 1))
        numbers.append(_compose(digits, tuple(map(int, chosen)), rng))
    return numbers


def _compose(digits: Sequence[LabelledDrawing], chosen: tuple[int, ...], rng: np.random.Generator) -> ComposedNumber:
    pen_width = float(rng.uniform(*PENS))
    strokes: list[tuple[bool, int, Stroke]] = []  # whether it is late, the place of its digit, its points
    is_late = rng.random() < LATE_SHARE
    boxes: list[tuple[float, float]] = []
    for place_in_line, position in enumerate(chosen):
        drawing = place(digits[position].drawing, rng.uniform(*SIZES), (0, 100 + rng.uniform(-SHIFT, SHIFT)))
        left, right = edges(drawing)
        edge, width = (boxes[-1][1], boxes[-1][1] - boxes[-1][0]) if boxes else (0.0, 0.0)
        share = rng.uniform(-OVERLAP * 4, 1)
        gap = share * GAP if share > 0 else share / 4 * min(width, right - left)
        shift = edge + gap - left
        boxes.append((shift + left, shift + right))
        for n, stroke in enumerate(drawing):
            late = is_late and n == len(drawing) - 1 > 0
            strokes.append((late, place_in_line, [(x + shift, y) for x, y in stroke]))
    strokes.sort(key=lambda stroke: stroke[0])
    groups = [tuple(n for n, stroke in enumerate(strokes) if stroke[1] == k) for k in range(len(chosen))]
    text = "".join(str(digits[position].label) for position in chosen)
    is_clear = all(_overlap(*pair, pen_width) <= OVERLAP for pair in pairwise(boxes))
    return ComposedNumber([points for _, _, points in strokes], text, tuple(groups), chosen, pen_width, is_clear)


def _overlap(one: tuple[float, float], other: tuple[float, float], pen_width: float) -> float:
    """The overlap of the boxes around the ink of two neighbours, as a share of the narrower one."""
    return (one[1] + pen_width - other[0]) / (min(one[1] - one[0], other[1] - other[0]) + pen_width)
