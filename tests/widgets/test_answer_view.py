import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.answer_view import Answer, answer_html, image_png
from mnistlab.widgets.model_choice import ModelChoice
from mnistlab.widgets.translations import LANGUAGES

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
    assert '<div class="mnistlab-doubt">perhaps not a digit; if it is one: 70.0%</div>' in html
    assert re.findall(r'class="mnistlab-digit mnistlab-doubtful">([^<]*)<', html) == ["7"]
    assert html.partition("<table")[2] == answer_html(sure, LANGUAGES["en"]).partition("<table")[2]


def test_model_and_duration_are_shown_and_names_are_escaped() -> None:
    assert "1.2 ms, &lt;best&gt; &amp; last, mnist, 99.75%" in answer_html(UNSURE, LANGUAGES["en"])


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
