"""What digits leave that is no digit: one half of a digit, and two digits at once."""

from collections.abc import Sequence

import numpy as np

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.synthetic.shapes import edges
from mnistlab.strokes import Drawing, place

HALVES: dict[int, tuple[str, ...]] = {
    0: ("upper", "lower", "left"),
    1: (),
    2: ("lower", "left"),
    3: ("left",),
    4: ("lower", "left"),
    5: ("upper", "lower"),
    6: ("left",),
    7: (),
    8: ("left",),
    9: (),
}
"""Halves of each digit that are no digit themselves: the lower half of an 8 is a 0, the right half a 3."""


def halves(digits: Sequence[LabelledDrawing], seed: int = 0) -> list[Drawing]:
    """Return one half of each digit that has a half that is no digit itself; see `HALVES`.

    Parameters
    ----------
    digits : sequence of LabelledDrawing
    seed : int
        Decides which half, and where the digit is cut: from 42 to 58 % of its height or width.

    Returns
    -------
    list of drawings
        In the units of the digits; there are fewer than digits.
    """
    rng = np.random.default_rng(seed)
    found = []
    for digit in digits:
        sides = HALVES[digit.label]
        if sides:
            half = _half(digit.drawing, str(rng.choice(sides)), rng.uniform(0.42, 0.58))
            if sum(map(len, half)) > 3:
                found.append(half)
    return found


def pairs(digits: Sequence[LabelledDrawing], count: int, seed: int = 0) -> list[Drawing]:
    """Return drawings of two random digits side by side, from a clear gap to an overlap of a fifth.

    Parameters
    ----------
    digits : sequence of LabelledDrawing
    count : int
    seed : int

    Returns
    -------
    list of drawings
        About 1 high, y downwards.
    """
    rng = np.random.default_rng(seed)
    found: list[Drawing] = []
    for _ in range(count):
        left, right = (digits[i].drawing for i in rng.integers(len(digits), size=2))
        first = place(left, rng.uniform(0.7, 1), (0, 0))
        second = place(right, rng.uniform(0.7, 1), (0, rng.uniform(-0.15, 0.15)))
        gap = edges(first)[1] - edges(second)[0] + rng.uniform(-0.2, 0.3) * (edges(second)[1] - edges(second)[0])
        found.append([*first, *[[(x + gap, y) for x, y in stroke] for stroke in second]])
    return found


def _half(drawing: Drawing, side: str, share: float) -> Drawing:
    """Return what lies on one side of a cut; a stroke that crosses it falls apart."""
    axis = 1 if side in ("upper", "lower") else 0
    values = [point[axis] for stroke in drawing for point in stroke]
    cut = min(values) + share * (max(values) - min(values))
    sign = 1 if side in ("lower", "right") else -1
    strokes: list[list[tuple[float, float]]] = []
    for stroke in drawing:
        inside = False
        for point in stroke:
            if sign * (point[axis] - cut) < 0:
                inside = False
                continue
            if not inside:
                strokes.append([])
                inside = True
            strokes[-1].append(point)
    return strokes
