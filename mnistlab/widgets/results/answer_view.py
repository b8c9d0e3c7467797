"""What the drawing pad shows of a prediction, as HTML and as an image."""

import re
from html import escape

import numpy as np

from mnistlab.logits import CLASSES
from mnistlab.picture_files.encoding import png_of
from mnistlab.preprocessing import SIDE
from mnistlab.reading.number import NO_DIGIT, Number
from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.translations import Translation, model_text

CLOSE = 0.1
"""The second most likely digit is told from this probability on."""


def answer_html(answer: Answer | None, translation: Translation) -> str:
    """Return digit, confidence, ten bars and the model's name as HTML; for an empty drawing, what to do.

    Where it may be no digit, words say so; digit and bars stand for what it is if it is one. Where there are several,
    words say that, and there is neither digit nor bar.

    Parameters
    ----------
    answer : Answer or None
        None before the first answer.
    translation : Translation
    """
    prediction = answer.prediction if answer else None
    of_one = None if prediction and prediction.others else prediction
    return _html(_digit(prediction, translation), of_one, _source(answer, translation), translation)


def image_png(answer: Answer | None) -> bytes:
    """Return the 28x28 image that the model was given, as the content of a PNG file; black for an empty drawing."""
    prediction = answer.prediction if answer else None
    return png_of(prediction.image if prediction else np.zeros((SIDE, SIDE), np.uint8))


def unread_html(translation: Translation) -> str:
    """Return what is shown for a drawing that nobody has asked about: nothing of what was said before."""
    return _html(_without_digit("invitation", translation.unread), None, "", translation)


def spoken(answer: Answer | None, translation: Translation) -> str:
    """Return what is said of a drawing to those who do not see the page; nothing if there is no answer."""
    if answer and answer.number:
        return f"{answer.number.text}: {number_told(answer.number, translation)}"
    prediction = answer.prediction if answer else None
    return " ".join(re.sub("<[^>]*>", " ", _digit(prediction, translation)).split()) if prediction else ""


def number_told(number: Number, translation: Translation) -> str:
    """Return how sure the model is of a number, or that something in it is no digit."""
    if number.is_number:
        return translation.sure_of_number.format(probability=number.confidence)
    return translation.no_number.format(mark=NO_DIGIT)


def _digit(prediction: Prediction | None, translation: Translation) -> str:
    if prediction is None:
        return _without_digit("invitation", translation.instruction)
    if prediction.others:
        return _without_digit("doubt", translation.several.format(count=1 + prediction.others))
    digit, probability = prediction.digit, prediction.confidence
    if not prediction.is_digit:
        told = translation.no_digit.format(digit=digit, probability=probability)
        return f'<div class="mnistlab-digit mnistlab-doubtful">{digit}</div><div class="mnistlab-doubt">{told}</div>'
    second = int(np.argsort(prediction.probabilities)[-2])
    told = translation.second.format(digit=second, probability=prediction.probabilities[second])
    shown = f'<div class="mnistlab-second">{told}</div>' if prediction.probabilities[second] >= CLOSE else ""
    return (
        f'<div class="mnistlab-digit">{digit}</div>'
        f'<div class="mnistlab-told"><div class="mnistlab-confidence">{probability:.1%}</div>'
        f'<div class="mnistlab-sure">{translation.sure}</div>{shown}</div>'
    )


def _without_digit(name: str, told: str) -> str:
    return f'<div class="mnistlab-digit"></div><div class="mnistlab-{name}">{told}</div>'


def _bar(digit: int, prediction: Prediction | None) -> str:
    """The predicted digit has a mark and bold text: colour alone is not enough for everyone."""
    probability = float(prediction.probabilities[digit]) if prediction else 0.0
    percentage = f"{probability:.1%}" if prediction else ""
    is_predicted = prediction is not None and digit == prediction.digit
    row, mark = (' class="mnistlab-winner"', "▸") if is_predicted else ("", "")
    return (
        f'<tr{row}><td>{mark}</td><th scope="row">{digit}</th>'
        f'<td><div><div style="width:{probability:.1%}"></div></div></td><td>{percentage}</td></tr>'
    )


def _html(told: str, prediction: Prediction | None, source: str, translation: Translation) -> str:
    """All parts, which keep their places whatever they show, so that nothing on the page moves."""
    return (
        f'<div class="mnistlab-reading"><div>{told}</div>'
        f'<div class="mnistlab-caption">{translation.image_caption}</div></div>'
        f'<table class="mnistlab-bars">{"".join(_bar(digit, prediction) for digit in range(CLASSES))}</table>'
        f'<div class="mnistlab-source">{source}</div>'
    )


def _source(answer: Answer | None, translation: Translation) -> str:
    if answer is None:
        return ""
    model = model_text(answer.model, translation)
    duration = translation.answered.format(milliseconds=1000 * answer.seconds, model=model)
    return escape(duration if answer.prediction else model)
