from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.synthetic.numbers import GAP, OVERLAP, ComposedNumber, compose_numbers

TWO_WRITERS = [digit._replace(writer=n % 2) for n, digit in enumerate(EXAMPLES * 2)]


@pytest.fixture(scope="module")
def numbers() -> list[ComposedNumber]:
    return compose_numbers(TWO_WRITERS, 200, seed=4)


def edges(number: ComposedNumber, strokes: Sequence[int]) -> tuple[float, float]:
    across = [x for n in strokes for x, _ in number.drawing[n]]
    return min(across), max(across)


def test_a_number_has_two_to_five_digits_of_one_writer(numbers: list[ComposedNumber]) -> None:
    assert {len(number.text) for number in numbers} == {2, 3, 4, 5}
    for number in numbers:
        chosen = [TWO_WRITERS[position] for position in number.digits]
        assert "".join(str(digit.label) for digit in chosen) == number.text
        assert len({digit.writer for digit in chosen}) == 1
        assert [len(group) for group in number.groups] == [len(digit.drawing) for digit in chosen]
        assert sorted(n for group in number.groups for n in group) == list(range(len(number.drawing)))


def test_neighbours_have_a_gap_or_overlap_by_a_twentieth(numbers: list[ComposedNumber]) -> None:
    gaps, shares = [], []
    for number in numbers:
        boxes = [edges(number, group) for group in number.groups]
        for (left, right), (next_left, next_right) in pairwise(boxes):
            gaps.append(next_left - right)
            shares.append((right - next_left) / min(right - left, next_right - next_left))
    assert 0.9 * OVERLAP < max(shares) < OVERLAP + 1e-9
    assert 0.9 * GAP < max(gaps) < GAP


def test_whether_the_ink_of_neighbours_overlaps_is_told(numbers: list[ComposedNumber]) -> None:
    for number in numbers:
        pen = number.pen_width / 2
        boxes = [(left - pen, right + pen) for left, right in (edges(number, group) for group in number.groups)]
        shares = [(a[1] - b[0]) / min(a[1] - a[0], b[1] - b[0]) for a, b in pairwise(boxes)]
        assert number.is_clear == (max(shares) <= OVERLAP)
    assert 0.2 < np.mean([number.is_clear for number in numbers]) < 0.6


def test_heights_differ_and_some_strokes_are_late(numbers: list[ComposedNumber]) -> None:
    bottoms = [[max(y for n in group for _, y in number.drawing[n]) for group in number.groups] for number in numbers]
    assert np.mean([max(bottom) - min(bottom) for bottom in bottoms]) > 20
    several = [number for number in numbers if max(map(len, number.groups)) > 1]
    in_order = [number for number in several if sorted(number.groups) == list(number.groups) and _contiguous(number)]
    assert 0.5 < len(in_order) / len(several) < 0.9


def _contiguous(number: ComposedNumber) -> bool:
    return all(group[-1] - group[0] == len(group) - 1 for group in number.groups)


def test_the_seed_decides() -> None:
    assert compose_numbers(EXAMPLES, 5, seed=1) == compose_numbers(EXAMPLES, 5, seed=1)
    assert compose_numbers(EXAMPLES, 5, seed=1) != compose_numbers(EXAMPLES, 5, seed=2)
