from types import SimpleNamespace

import numpy as np
import pytest

from mnistlab.benchmarks.pictures import measure_pictures
from mnistlab.benchmarks.scenes.kinds import Kind, kinds_named
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import ParameterError, UnknownNameError
from mnistlab.prediction import Predictor
from mnistlab.reading.prediction import Prediction

IMAGE = np.full((28, 28), 7, np.uint8)


def said(digit: int, confidence: float = 0.95, digit_probability: float = 1.0) -> Prediction:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[digit] = confidence
    return Prediction(probabilities, IMAGE, digit_probability)


def predictor(*answers: Prediction | ValueError) -> SimpleNamespace:
    """A predictor that gives these answers, one after another."""
    left = [*answers]

    def predict_picture(picture: np.ndarray) -> Prediction:
        answer = left.pop(0)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    return SimpleNamespace(predict_picture=predict_picture)


def kind(digits: int) -> Kind:
    """Wide grey pictures; those of one digit show nothing but that there is one."""
    return Kind("grey", "mine", 0.5, lambda rng, drawing: np.full((300, 600, 3), 90, np.uint8), digits)


SEVENS = [digit for digit in EXAMPLES if digit.label == 7]

BLANK = ValueError("the picture is blank")


def test_answers_about_a_digit_are_right_refused_or_wrong() -> None:
    answers = [said(7), said(7, digit_probability=0.2), BLANK, said(1), said(1, 0.6), said(7, 0.4)]
    measured = measure_pictures(predictor(*answers), SEVENS, 6, kinds=[kind(1)])
    assert measured.counts.loc["grey"].tolist() == ["mine", 0.5, 6, 2, 2, 1, 1]


@pytest.mark.parametrize("digits", [0, 2])
def test_what_is_no_single_digit_must_be_refused(digits: int) -> None:
    answers = [said(7), said(7, digit_probability=0.2), BLANK, said(1, 0.6)]
    composed = Kind("grey", "mine", 0.5, kind(0).compose, digits, lambda rng, drawings: [])
    measured = measure_pictures(predictor(*answers), SEVENS, 4, kinds=[composed])
    assert measured.counts.loc["grey", ["right", "refused", "unsure", "confident"]].tolist() == [2, 2, 0, 1]


def test_examples_show_mistakes_first_in_words_and_are_small() -> None:
    answers = [said(7), BLANK, said(1), *[said(7)] * 7]
    measured = measure_pictures(predictor(*answers), SEVENS, 10, kinds=[kind(1)])
    given, found, words = measured.examples("grey")
    assert words == ["wrong: the picture is blank", "wrong: 1 (95.0%)", *["right: 7 (95.0%)"] * 4]
    assert [None if image is None else image.tolist() for image in found] == [None, *[IMAGE.tolist()] * 5]
    assert [picture.shape for picture in given] == [(100, 200, 3)] * 6
    with pytest.raises(UnknownNameError, match="unknown kind of pictures 'gray': choose one of grey"):
        measured.examples("gray")


def test_no_pictures_cannot_be_measured() -> None:
    with pytest.raises(ParameterError, match="0 pictures of each kind: compose 1 or more"):
        measure_pictures(predictor(), SEVENS, 0, kinds=[kind(1)])


def test_the_shipped_model_reads_plain_pictures_of_the_examples() -> None:
    measured = measure_pictures(Predictor.pretrained(), EXAMPLES, 10, kinds=kinds_named("clean screen", "tiny"))
    assert (measured.counts["right"] >= 9).all()
    assert measured.drawings == 12
