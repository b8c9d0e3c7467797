"""What the drawing pad shows of a prediction, as HTML and as a picture."""

import io
from dataclasses import dataclass
from html import escape

import numpy as np
from PIL import Image

from mnistlab.logits import CLASSES
from mnistlab.prediction import Prediction
from mnistlab.preprocessing import SIDE
from mnistlab.widgets.model_choice import ModelChoice
from mnistlab.widgets.translations import Translation


@dataclass(frozen=True)
class Answer:
    """What a model said of a drawing."""

    model: ModelChoice
    prediction: Prediction | None  # None: nothing was drawn
    seconds: float  # from the ink to the probabilities


def answer_html(answer: Answer | None, words: Translation) -> str:
    """Return the digit, its confidence, ten bars and who answered; an invitation where nothing is drawn.

    The parts keep their places whatever they show, so that nothing jumps.
    """
    prediction = answer.prediction if answer else None
    return (
        f'<div class="mnistlab-reading"><div>{_reading(prediction, words)}</div>'
        f'<div class="mnistlab-caption">{words.seen}</div></div>'
        f'<table class="mnistlab-bars">{"".join(_bar(digit, prediction) for digit in range(CLASSES))}</table>'
        f'<div class="mnistlab-source">{_source(answer)}</div>'
    )


def seen_png(answer: Answer | None) -> bytes:
    """Return the image that the model got, 28x28, as a PNG file's content; black where nothing is drawn."""
    prediction = answer.prediction if answer else None
    png = io.BytesIO()
    Image.fromarray(prediction.image if prediction else np.zeros((SIDE, SIDE), np.uint8)).save(png, "PNG")
    return png.getvalue()


def _reading(prediction: Prediction | None, words: Translation) -> str:
    if prediction is None:
        return f'<div class="mnistlab-digit"></div><div class="mnistlab-invitation">{words.invitation}</div>'
    return (
        f'<div class="mnistlab-digit">{prediction.digit}</div>'
        f'<div class="mnistlab-confidence">{prediction.confidence:.1%}</div>'
    )


def _bar(digit: int, prediction: Prediction | None) -> str:
    """The winner is told by a mark and by weight, not by its colour alone."""
    probability = float(prediction.probabilities[digit]) if prediction else 0.0
    said = f"{probability:.1%}" if prediction else ""
    wins = prediction is not None and digit == prediction.digit
    row, mark = (' class="mnistlab-winner"', "▸") if wins else ("", "")
    return (
        f'<tr{row}><td>{mark}</td><th scope="row">{digit}</th>'
        f'<td><div><div style="width:{probability:.1%}"></div></div></td><td>{said}</td></tr>'
    )


def _source(answer: Answer | None) -> str:
    if answer is None:
        return ""
    took = f"{1000 * answer.seconds:.1f} ms, " if answer.prediction else ""
    return escape(f"{took}{answer.model}")
