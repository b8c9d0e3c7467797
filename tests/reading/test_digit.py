from collections.abc import Callable, Sequence

import numpy as np
import pytest

from mnistlab.pictures import InkSteps
from mnistlab.reading import digit as reading
from mnistlab.reading.digit import digit_in_picture
from mnistlab.reading.prediction import Prediction

SIDE = 100
PICTURE = np.zeros((SIDE, SIDE), np.uint8)

Box = tuple[int, int, int, int]
LARGE: Box = (10, 10, 60, 30)
OTHER: Box = (10, 60, 60, 80)


def ink(box: Box) -> np.ndarray:
    top, left, bottom, right = box
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[top:bottom, left:right] = 255
    return picture


def steps(box: Box, *beside: Box) -> InkSteps:
    blank = np.zeros((SIDE, SIDE), bool)
    return InkSteps(PICTURE[..., np.newaxis], ~blank, PICTURE, PICTURE, blank, ink(box), tuple(map(ink, beside)))


def certainly(digit: int) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[digit]


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what is found in a picture."""
    return lambda *found: monkeypatch.setattr(reading, "inks_in", lambda picture: iter(found))


class Answers:
    """A model that says how probable digits are, one after the other; it reads the number of the answer."""

    def __init__(self, *probabilities: float) -> None:
        self._waiting = [*enumerate(probabilities)]

    def __call__(self, images: np.ndarray) -> Sequence[Prediction]:
        said, self._waiting = self._waiting[: len(images)], self._waiting[len(images) :]
        return [
            Prediction(np.eye(10, dtype=np.float32)[n], image, p) for (n, p), image in zip(said, images, strict=True)
        ]


def test_what_is_no_digit_gives_way_to_what_is_one(find: Callable[..., None]) -> None:
    find(steps(LARGE), steps(OTHER), steps(LARGE))
    assert digit_in_picture(PICTURE, Answers(0.3, 0.4, 0.8)).digit == 2
    find(steps(LARGE), steps(OTHER))
    assert digit_in_picture(PICTURE, Answers(0.6, 0.9)).digit == 0


def test_if_nothing_is_a_digit_the_first_is_told(find: Callable[..., None]) -> None:
    find(steps(LARGE), steps(OTHER))
    prediction = digit_in_picture(PICTURE, Answers(0.01, 0.04))
    assert prediction.digit == 0
    assert not prediction.is_digit


def test_what_is_small_does_not_replace_what_is_large(find: Callable[..., None]) -> None:
    find(steps(LARGE), steps((10, 10, 18, 12)))
    assert digit_in_picture(PICTURE, Answers(0.02, 0.99)).digit == 0


@pytest.mark.parametrize(("probability", "expected"), [(0.05, False), (0.15, True)])
def test_in_a_picture_digits_are_expected(find: Callable[..., None], probability: float, expected: bool) -> None:
    find(steps(LARGE))
    assert digit_in_picture(PICTURE, Answers(probability)).is_digit == expected


def test_a_model_that_knows_no_others_reads_what_is_found_first(find: Callable[..., None]) -> None:
    find(steps(LARGE), steps(OTHER))
    prediction = digit_in_picture(PICTURE, lambda images: [Prediction(certainly(4), images[0])])
    assert (prediction.digit, prediction.digit_probability) == (4, None)


def test_two_parts_of_a_digit_are_read_together(find: Callable[..., None]) -> None:
    find(steps(LARGE, OTHER))
    prediction = digit_in_picture(PICTURE, Answers(0.9, 0.8, 0.95))
    assert (prediction.digit, prediction.others, prediction.share_beside) == (2, 0, 0)
    assert digit_in_picture(PICTURE, Answers(0.9, 0.8, 0.85)).others == 1


@pytest.mark.parametrize(("box", "others"), [(OTHER, 1), ((0, 60, 60, 80), 0), ((10, 60, 100, 80), 0)])
def test_what_comes_to_the_edge_of_the_picture_is_seldom_a_digit(
    find: Callable[..., None], box: Box, others: int
) -> None:
    find(steps(LARGE, box))
    assert digit_in_picture(PICTURE, Answers(0.9, 0.5, 0.1)).others == others
    assert digit_in_picture(PICTURE, Answers(0.9, 0.8, 0.1)).others == 1
