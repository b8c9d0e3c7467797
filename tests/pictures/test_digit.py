import numpy as np
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.pictures import find_ink
from mnistlab.pictures.pen import WIDTH, widened
from mnistlab.prediction import Predictor
from mnistlab.strokes import place, rasterize

FIVE = rasterize(place(EXAMPLES[6].drawing, 150), 14)


def beside(*pictures: np.ndarray) -> np.ndarray:
    return 255 - np.concatenate(pictures, axis=1)


def test_a_part_that_does_not_touch_belongs_to_the_digit() -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[100:220, 100:112], picture[80:90, 100:180] = 255, 255  # a bar of its own above a stem
    steps = find_ink(255 - picture, steps=True)
    assert not steps.beside
    np.testing.assert_array_equal(steps.ink > 0, picture > 0)


def test_an_underline_does_not() -> None:
    picture = FIVE.copy()
    picture[250:258, 60:220] = 255
    steps = find_ink(255 - picture, steps=True)
    assert not steps.ink[245:].any()
    assert steps.share_beside > 0


def test_other_ink_is_kept_apart_each_piece_by_itself() -> None:
    steps = find_ink(beside(FIVE, FIVE, FIVE), steps=True)
    assert len(steps.beside) == 2
    assert not any((ink > 0)[steps.ink > 0].any() for ink in steps.beside)
    assert steps.share_beside == pytest.approx(2 / 3, abs=0.02)


def test_all_ink_is_found_if_there_may_be_several_digits() -> None:
    ink = find_ink(beside(FIVE, FIVE), several=True)
    np.testing.assert_array_equal(ink > 128, np.concatenate([FIVE, FIVE], axis=1) > 128)


def test_the_steps_can_be_looked_at() -> None:
    stages = find_ink(np.dstack([255 - FIVE] * 3), steps=True).stages
    assert [*stages] == ["given", "sheet", "ground", "ink", "lines and frames", "digit"]
    assert all(stage.dtype == np.uint8 and stage.shape[:2] == FIVE.shape for stage in stages.values())


@pytest.mark.parametrize("pen", [1, 2, 4])
def test_thin_strokes_become_wide_enough(pen: int) -> None:
    thin = rasterize(place(EXAMPLES[6].drawing, 200), pen)
    wide = widened(thin)
    rows, columns = np.flatnonzero(wide.any(axis=1)), np.flatnonzero(wide.any(axis=0))
    size = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    assert (wide > 128).sum() >= 0.8 * WIDTH * size * (thin > 0).sum() / (pen + 1.3)


def test_wide_strokes_stay() -> None:
    assert widened(FIVE) is FIVE


def test_several_digits_are_told() -> None:
    predictor = Predictor.pretrained()
    alone, two, four = (predictor.predict_picture(beside(*[FIVE] * count)) for count in (1, 2, 4))
    assert [prediction.others for prediction in (alone, two, four)] == [0, 1, 3]
    assert alone.is_digit
    assert not two.is_digit
    assert str(two) == "2 digits, or what looks like them: read them as a number"


def test_other_ink_that_is_no_digit_is_told_and_the_digit_is_read() -> None:
    scribble = rasterize([[(90 + 15 * i, 90 + 100 * (i % 2)) for i in range(6)]], 7)
    prediction = Predictor.pretrained().predict_picture(beside(FIVE, scribble))
    assert prediction.digit == 5
    assert prediction.share_beside > 0.25
    assert str(prediction).endswith("with other ink beside it")


def test_a_digit_that_touches_the_circle_around_it_is_read() -> None:
    thin = rasterize(place(EXAMPLES[6].drawing, 150), 7)
    circle = rasterize([[(140 + 74 * np.cos(t), 140 + 74 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 90)]], 7)
    assert (np.asarray(thin > 0) & (circle > 0)).any()
    prediction = Predictor.pretrained().predict_picture(255 - np.maximum(thin, circle))
    assert prediction.is_digit
    assert prediction.digit == 5
