import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.model_choice import ModelChoice
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.results.answer_view import answer_html, image_png, unread_html
from mnistlab.widgets.translations import LANGUAGES, model_text

MODEL = ModelChoice(Path("somewhere"), "<best> & last", "mnist", 0.9975)


def answer(*probabilities: float) -> Answer:
    image = np.arange(784, dtype=np.uint8).reshape(28, 28)
    return Answer(MODEL, Prediction(np.array(probabilities, np.float32), image), 0.00123)


UNSURE = answer(0, 0, 0.25, 0, 0, 0, 0, 0.7, 0.05, 0)


def test_the_digit_is_alone_in_its_element_and_one_row_of_ten_is_marked() -> None:
    html = answer_html(UNSURE, LANGUAGES["en"])
    assert re.findall(r'class="mnistlab-digit">([^<]*)<', html) == ["7"]
    assert re.findall(r'class="mnistlab-confidence">([^<]*)<', html) == ["70.0%"]
    rows = re.findall(r"<tr.*?</tr>", html)
    assert len(rows) == 10
    winners = [number for number, row in enumerate(rows) if "mnistlab-winner" in row and "▸" in row]
    assert winners == [7]
    assert [re.findall(r"<td>([\d.]+%)</td>", row) for row in rows][2] == ["25.0%"]
    assert 'style="width:25.0%"' in rows[2]


def test_what_may_be_no_digit_is_said_in_words_and_keeps_its_bars() -> None:
    assert UNSURE.prediction
    sure = replace(UNSURE, prediction=replace(UNSURE.prediction, digit_probability=0.6))
    doubtful = replace(UNSURE, prediction=replace(UNSURE.prediction, digit_probability=0.4))
    assert answer_html(sure, LANGUAGES["en"]) == answer_html(UNSURE, LANGUAGES["en"])
    html = answer_html(doubtful, LANGUAGES["en"])
    assert '<div class="mnistlab-doubt">perhaps not a digit; if it is one: 7, 70.0%</div>' in html
    assert re.findall(r'class="mnistlab-digit mnistlab-doubtful">([^<]*)<', html) == ["7"]
    assert html.partition("<table")[2] == answer_html(sure, LANGUAGES["en"]).partition("<table")[2]


def test_the_second_digit_is_told_where_it_is_close() -> None:
    close, far = (
        answer_html(UNSURE, LANGUAGES["en"]),
        answer_html(answer(*np.eye(10)[4] * 0.92 + 0.008), LANGUAGES["en"]),
    )
    assert '<div class="mnistlab-second">or 2: 25.0%</div>' in close
    assert "mnistlab-second" not in far


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_digits_are_told_and_none_of_them_is_shown(language: str) -> None:
    assert UNSURE.prediction
    html = answer_html(replace(UNSURE, prediction=replace(UNSURE.prediction, others=2)), LANGUAGES[language])
    assert '<div class="mnistlab-digit"></div>' in html
    assert LANGUAGES[language].several.format(count=3) in html
    assert "70.0%" not in html
    assert "mnistlab-winner" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_has_read_shows_nothing_of_an_answer(language: str) -> None:
    html = unread_html(LANGUAGES[language])
    assert LANGUAGES[language].unread in html
    assert '<div class="mnistlab-digit"></div>' in html
    assert len(re.findall("<tr>", html)) == 10, "the rows keep their places"


def test_confidence_and_accuracy_say_what_they_are_of_and_names_are_escaped() -> None:
    html = answer_html(UNSURE, LANGUAGES["en"])
    assert "sure of this drawing" in html
    assert "read in 1.2 ms by &lt;best&gt; &amp; last (99.75% on MNIST&#x27;s test set)" in html


def test_a_model_is_named_with_its_test_set() -> None:
    strokes, mine = replace(MODEL, dataset="mnist+strokes"), replace(MODEL, dataset="mine", accuracy=None)
    assert (MODEL.test_set, strokes.test_set, mine.test_set) == ("MNIST", "MNIST", "mine")
    assert model_text(mine, LANGUAGES["en"]) == "<best> & last (not tested)"
    assert model_text(strokes, LANGUAGES["ko"]) == "<best> & last (MNIST 테스트 세트에서 99.75%)"


@pytest.mark.parametrize("empty", [None, Answer(MODEL, None, 0.0)])
def test_an_empty_drawing_gets_an_instruction_and_no_digit(empty: Answer | None) -> None:
    html = answer_html(empty, LANGUAGES["ko"])
    assert '<div class="mnistlab-digit"></div>' in html
    assert LANGUAGES["ko"].instruction in html
    assert len(re.findall("<tr>", html)) == 10, "the rows keep their places"
    assert "%</td>" not in html
    assert not np.asarray(Image.open(io.BytesIO(image_png(empty)))).any()


def test_the_png_is_the_image_that_the_model_was_given() -> None:
    assert UNSURE.prediction
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(image_png(UNSURE)))), UNSURE.prediction.image)
