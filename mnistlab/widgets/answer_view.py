"""What the drawing pad shows of a prediction, as HTML and as an image."""

import io
import time
from dataclasses import dataclass
from html import escape

import numpy as np
from PIL import Image

from mnistlab.logits import CLASSES
from mnistlab.preprocessing import SIDE
from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.model_choice import LoadedModel, ModelChoice
from mnistlab.widgets.translations import Translation


@dataclass(frozen=True)
class Answer:
    """A model's answer to a drawing."""

    model: ModelChoice
    prediction: Prediction | None  # None for an empty drawing
    seconds: float  # from the rasterized drawing to the probabilities


def timed_answer(loaded: LoadedModel, model: ModelChoice, picture: np.ndarray | None) -> Answer:
    """Return a model's answer to a picture, or to None for an empty drawing; changes no widget.

    Raises
    ------
    RunError
        If the model cannot be loaded.
    """
    predictor = loaded.predictor(model)
    start = time.perf_counter()
    prediction = None if picture is None else predictor.predict_picture(picture)
    return Answer(model, prediction, time.perf_counter() - start)


def answer_html(answer: Answer | None, translation: Translation) -> str:
    """Return digit, confidence, ten bars and the model's name as HTML; for an empty drawing, what to do.

    Where it may be no digit, words say so; digit and bars stand for what it is if it is one.

    The parts keep their places whatever they show, so that nothing on the page moves.

    Parameters
    ----------
    answer : Answer or None
        None before the first answer.
    translation : Translation
    """
    prediction = answer.prediction if answer else None
    return (
        f'<div class="mnistlab-reading"><div>{_digit(prediction, translation)}</div>'
        f'<div class="mnistlab-caption">{translation.image_caption}</div></div>'
        f'<table class="mnistlab-bars">{"".join(_bar(digit, prediction) for digit in range(CLASSES))}</table>'
        f'<div class="mnistlab-source">{_source(answer)}</div>'
    )


def image_png(answer: Answer | None) -> bytes:
    """Return the 28x28 image that the model was given, as the content of a PNG file; black for an empty drawing."""
    prediction = answer.prediction if answer else None
    png = io.BytesIO()
    Image.fromarray(prediction.image if prediction else np.zeros((SIDE, SIDE), np.uint8)).save(png, "PNG")
    return png.getvalue()


def _digit(prediction: Prediction | None, translation: Translation) -> str:
    if prediction is None:
        return f'<div class="mnistlab-digit"></div><div class="mnistlab-invitation">{translation.instruction}</div>'
    if prediction.is_digit:
        doubtful, told = "", f'<div class="mnistlab-confidence">{prediction.confidence:.1%}</div>'
    else:
        doubtful = " mnistlab-doubtful"
        told = f'<div class="mnistlab-doubt">{translation.no_digit} {prediction.confidence:.1%}</div>'
    return f'<div class="mnistlab-digit{doubtful}">{prediction.digit}</div>{told}'


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


def _source(answer: Answer | None) -> str:
    if answer is None:
        return ""
    duration = f"{1000 * answer.seconds:.1f} ms, " if answer.prediction else ""
    return escape(f"{duration}{answer.model}")
