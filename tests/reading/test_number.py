import json

import numpy as np
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.prediction import Predictor
from mnistlab.reading.number import Number, NumberDigit, number_in_drawing
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import Drawing, rasterize


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.pretrained()


def side_by_side(*examples: int, distance: float = 130) -> list[Drawing]:
    """Examples on one line, each as a drawing of its own."""
    return [
        [[(x + n * distance, y) for x, y in stroke] for stroke in EXAMPLES[example].drawing]
        for n, example in enumerate(examples)
    ]


def test_a_number_is_read_from_left_to_right(predictor: Predictor) -> None:
    four, seven, zero = side_by_side(5, 9, 0)
    number = predictor.read_number([*four, *seven, *zero])
    assert number.text == "470"
    assert [digit.strokes for digit in number.digits] == [(0, 1), (2, 3), (4,)]
    assert number.is_number
    left, top, right, bottom = number.digits[1].box
    assert (left, top, right, bottom) == pytest.approx((94 + 130 - 12, 70 - 12, 186 + 130 + 12, 212 + 12), abs=2)


def test_strokes_drawn_later_find_their_digit(predictor: Predictor) -> None:
    (body, bar), (angle, stem), (five, top) = side_by_side(9, 5, 6)
    number = predictor.read_number([five, stem, body, top, bar, angle])
    assert number.text == "745"
    assert [digit.strokes for digit in number.digits] == [(2, 4), (1, 5), (0, 3)]


def test_one_digit_is_read_as_by_predict_drawing(predictor: Predictor) -> None:
    for example in EXAMPLES:
        number, prediction = predictor.read_number(example.drawing), predictor.predict_drawing(example.drawing)
        assert number.text == str(prediction.digit)
        assert number.confidence == pytest.approx(prediction.confidence, abs=0.02)


def test_digits_may_differ_in_size_and_lie_anywhere(predictor: Predictor) -> None:
    eight, two = side_by_side(10, 3)
    small = [[(x * 0.5 - 900, y * 0.5 + 2040) for x, y in stroke] for stroke in eight]
    moved = [[(x - 980, y + 1990) for x, y in stroke] for stroke in two]
    assert predictor.read_number([*moved, *small], 12).text == "82"


@pytest.mark.parametrize("distance", [130, 100])
def test_the_same_is_read_in_a_picture(predictor: Predictor, distance: float) -> None:
    drawing = [stroke for digit in side_by_side(5, 9, 0, distance=distance) for stroke in digit]
    picture = 255 - rasterize(drawing, 14, 560)[:280]
    number = predictor.read_number_picture(picture)
    assert number.text == "470"
    assert [digit.strokes for digit in number.digits] == [()] * 3
    ink = np.argwhere(picture < 128)
    assert number.digits[0].box[0] == pytest.approx(ink[:, 1].min(), abs=4)
    assert number.digits[2].box[2] == pytest.approx(ink[:, 1].max(), abs=4)
    assert max(digit.box[3] for digit in number.digits) == pytest.approx(ink[:, 0].max(), abs=4)


def test_a_scribble_of_many_strokes_ends_with_an_answer(predictor: Predictor) -> None:
    rng = np.random.default_rng(0)
    number = predictor.read_number([rng.uniform(0, 200, (30, 2)).tolist() for _ in range(500)])
    assert len(number.digits) == 1
    assert len(number.digits[0].strokes) == 500


def test_a_blank_drawing_and_a_blank_picture_are_errors(predictor: Predictor) -> None:
    with pytest.raises(ValueError, match="blank"):
        predictor.read_number([])
    with pytest.raises(ValueError, match="blank"):
        predictor.read_number(EXAMPLES[0].drawing, canvas_size=50)
    with pytest.raises(ValueError, match="blank"):
        predictor.read_number_picture(np.full((280, 500), 255, np.uint8))


def test_a_sign_among_the_digits_is_no_digit() -> None:
    four = np.eye(10, dtype=np.float32)[4]
    strokes = [[(x, 40), (x, 160)] for x in (50, 200, 350)]
    number = number_in_drawing(
        strokes, 10, None, lambda images: list(map(Prediction, [four] * 3, images, [0.9, 0.05, 0.9]))
    )
    assert number.text == "4?4"
    assert [digit.prediction.is_digit for digit in number.digits] == [True, False, True]
    assert [digit.strokes for digit in number.digits] == [(0,), (1,), (2,)]


def test_in_a_number_a_doubtful_digit_is_more_likely_one_than_alone() -> None:
    seven = np.eye(10, dtype=np.float32)[7]
    strokes = [[(x, 40), (x, 160)] for x in (50, 200)]
    number = number_in_drawing(
        strokes, 10, None, lambda images: list(map(Prediction, [seven] * 2, images, [0.3, None]))
    )
    assert number.text == "77"
    first, second = (digit.prediction.digit_probability for digit in number.digits)
    assert first == pytest.approx(3 / 3.7)
    assert second is None


def read_as(digit: int, digit_probability: float | None) -> NumberDigit:
    prediction = Prediction(np.eye(10, dtype=np.float32)[digit] * 0.5, np.zeros((28, 28), np.uint8), digit_probability)
    return NumberDigit((3, 7), (1.04, 2, 30, 40), prediction)


def test_what_is_not_a_digit_is_told_and_not_read() -> None:
    number = Number((read_as(4, 0.9), read_as(1, 0.1), read_as(2, None)))
    assert (number.text, number.is_number, str(number)) == ("4?2", False, "4?2 (? is not a digit)")
    assert str(Number((read_as(4, 0.9), read_as(2, None)))) == "42 (25.0%)"
    record = json.loads(json.dumps(number.record()))
    assert (record["number"], record["is_number"], record["confidence"]) == ("4?2", False, 0.125)
    assert record["digits"][1]["is_digit"] is False
    assert (record["digits"][1]["box"], record["digits"][1]["strokes"]) == ([1.0, 2, 30, 40], [3, 7])
