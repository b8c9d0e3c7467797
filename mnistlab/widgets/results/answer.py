"""A model's answer to what is on the drawing pad."""

import time
from dataclasses import dataclass

from mnistlab.reading.number import Number
from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.drawing.recorder import Recording
from mnistlab.widgets.model_choice import LoadedModel, ModelChoice


@dataclass(frozen=True)
class Answer:
    """A model's answer to a drawing.

    Attributes
    ----------
    prediction : Prediction or None
        That for the one digit, or for the digit of a number that is to be shown; None for an empty drawing.
    seconds : float
        From the rasterized drawing, or from a number's strokes, to the probabilities.
    revision : int
        That of the drawing.
    number : Number or None
        What was read on a sheet for numbers.
    """

    model: ModelChoice
    prediction: Prediction | None
    seconds: float
    revision: int = 0
    number: Number | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return self.prediction is None and self.number is None


def timed_answer(loaded: LoadedModel, model: ModelChoice, revision: int, recording: Recording | None) -> Answer:
    """Return a model's answer to a drawing, or to None for an empty one; changes no widget.

    Raises
    ------
    RunError
        If the model cannot be loaded.
    """
    predictor = loaded.predictor(model)
    if recording is None:
        return Answer(model, None, 0, revision)
    start = time.perf_counter()
    if recording.sheet.is_for_numbers:
        number = predictor.read_number(recording.strokes, recording.widths)
        return Answer(model, None, time.perf_counter() - start, revision, number)
    prediction = predictor.predict_rasterized(
        recording.picture, recording.strokes, recording.widths, recording.sheet.width
    )
    return Answer(model, prediction, time.perf_counter() - start, revision)
