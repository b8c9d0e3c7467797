import re

import numpy as np
import pytest

from mnistlab.reading.number import Number, NumberDigit
from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.rows.number import NumberRow
from mnistlab.widgets.translations import LANGUAGES

TEXT = LANGUAGES["en"]


def number(*confidences: float, digit_probability: float = 1.0) -> Number:
    """Return 0, 1, 2, … with these confidences, 58 canvas pixels apart."""
    digits = []
    for digit, confidence in enumerate(confidences):
        probabilities = np.full(10, (1 - confidence) / 9, np.float32)
        probabilities[digit] = confidence
        prediction = Prediction(probabilities, np.zeros((28, 28), np.uint8), digit_probability)
        digits.append(NumberDigit((digit,), (58.0 * digit, 28.0, 58.0 * digit + 29, 252.0), prediction))
    return Number(tuple(digits))


@pytest.fixture
def row() -> NumberRow:
    return NumberRow(TEXT)


def texts(row: NumberRow) -> list[str]:
    return [label.strip("\u200b") for label, _ in row.digits.options]


def chosen(row: NumberRow) -> int:
    assert row.chosen
    return row.chosen.prediction.digit


def told(row: NumberRow) -> str:
    return str(row.children[1].value)


def test_the_digit_that_is_least_sure_is_chosen_until_another_is_touched(row: NumberRow) -> None:
    row.show(number(0.9, 0.8, 0.95))
    assert texts(row) == ["0", "1", "2"]
    assert chosen(row) == 1
    row.digits.index = 2
    row.show(number(0.5, 0.8, 0.95))
    assert chosen(row) == 2
    row.show(number(0.5, 0.8))
    assert chosen(row) == 0


def test_how_sure_it_is_of_the_whole_number_is_told(row: NumberRow) -> None:
    row.show(number(0.9, 0.8))
    assert "72.0% sure of the whole number" in told(row)


def test_what_is_no_digit_has_a_question_mark_and_is_chosen(row: NumberRow) -> None:
    one, other = number(0.9).digits[0], number(0.5, 0.99, digit_probability=0.1).digits[1]
    row.show(Number((one, other)))
    assert texts(row) == ["0", "?"]
    assert chosen(row) == 1
    assert "? is perhaps not a digit" in told(row)
    assert "%" not in told(row)


def test_each_digit_has_its_box_and_the_chosen_one_is_marked(row: NumberRow) -> None:
    row.show(number(0.9, 0.8))
    boxes = re.findall(r'class="([^"]*)" style="left:(.*?)%;top:(.*?)%;width:(.*?)%;height:(.*?)%"', row.boxes.value)
    assert [[float(side) for side in place] for _, *place in boxes] == [[0, 10, 5, 80], [10, 10, 5, 80]]
    assert ["touched" in name for name, *_ in boxes] == [False, True]
    row.digits.index = 0
    row.show_boxes()
    assert row.boxes.value.index("touched") < row.boxes.value.index("left:0.00%")


def test_a_page_finds_that_a_shorter_number_is_another_one(row: NumberRow) -> None:
    """It compares the labels one by one, and not their count."""
    row.show(number(0.9, 0.9, 0.9))
    longer = [label for label, _ in row.digits.options]
    row.show(number(0.9))
    assert row.digits.options[0][0] not in longer


def test_nothing_is_shown_of_nothing(row: NumberRow) -> None:
    row.show(number(0.9, 0.8))
    row.show(None)
    assert row.chosen is None
    assert (told(row), row.boxes.value, row.digits.layout.display) == ("", "", "none")
    row.show(number(0.9))
    assert row.digits.layout.display is None
