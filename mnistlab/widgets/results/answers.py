"""A model's answers to a drawing while it is being drawn."""

from collections.abc import Callable

from mnistlab.reading.number import Number
from mnistlab.reading.prediction import Prediction
from mnistlab.system.threads import one_at_a_time
from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.drawing.recorder import Recording, StrokeRecorder
from mnistlab.widgets.model_choice import LoadedModel, ModelChoice
from mnistlab.widgets.results.answer import Answer, timed_answer
from mnistlab.widgets.throttle import ThrottledWorker

INTERVAL = 0.08
"""Least time between two predictions while the pen moves, in seconds: more are too fast to see."""


class PadAnswers:
    """Asks the chosen model about a drawing, and shows what it says.

    While "live" is on, an answer may be that to the drawing a moment before. While it is off, the answer to another
    drawing is never shown: it gives way as soon as something changes.

    Parameters
    ----------
    loaded : LoadedModel
        The model that answers.
    recorder : StrokeRecorder
        What is drawn.
    controls : PadControls
        Where answers are shown, and what a model raised.
    on_answer : callable
        Called with each answer to a finished drawing, and with None as soon as the drawing changes.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        recorder: StrokeRecorder,
        controls: PadControls,
        on_answer: Callable[[Answer | None], None],
    ) -> None:
        self._loaded, self._recorder, self._controls, self._on_answer = loaded, recorder, controls, on_answer
        self._answer: Answer | None = None
        self._worker = ThrottledWorker(self._input, self._answer_to, self._show, controls.show_error, INTERVAL)

    @property
    def current(self) -> Answer | None:
        """The answer to the drawing as it is now; None if there is none yet."""
        answer = self._answer
        return answer if answer and answer.revision == self._recorder.revision else None

    def drawing_has_changed(self) -> None:
        """Ask anew while "live" is on; else, show that nobody has asked."""
        self._on_answer(None)
        if self._controls.live.value or not self._recorder.strokes:
            self._worker.request()
        else:
            self._controls.show_unread()

    def request(self) -> None:
        """Ask at once: a stroke or a click has ended. By now other models may have been trained, or this one tested."""
        self._worker.request(at_once=True)
        self._controls.refresh_models()

    def predict(self) -> Prediction | None:
        """Ask for the digit and wait; show the answer and return it, None if nothing is drawn.

        Raises
        ------
        RunError
            If the chosen model cannot be loaded.
        ValueError
            If it is a number that is drawn.
        """
        if self._recorder.sheet.is_for_numbers:
            raise ValueError("this pad is for numbers: read_number() reads what is drawn on it")
        return self._ask().prediction

    def read_number(self) -> Number | None:
        """Ask for the number likewise; ValueError if it is one digit that is drawn."""
        if not self._recorder.sheet.is_for_numbers:
            raise ValueError("this pad is for one digit: predict() reads it; DrawingPad(number=True) is for numbers")
        return self._ask().number

    def _ask(self) -> Answer:
        answer = self._answer_to(self._input())
        self._show(answer)
        return answer

    @one_at_a_time
    def _input(self) -> tuple[ModelChoice, int, Recording | None]:
        return self._controls.model.value, self._recorder.revision, self._recorder.recording()

    def _answer_to(self, asked: tuple[ModelChoice, int, Recording | None]) -> Answer:
        """What this model says of this drawing: it may have said it just before the pen was lifted."""
        model, revision, _ = asked
        last = self._answer
        if last and last.model is model and last.revision == revision:
            return last
        return timed_answer(self._loaded, *asked)

    @one_at_a_time
    def _show(self, answer: Answer) -> None:
        if self._is_late(answer):
            return
        self._answer = answer
        self._controls.show(answer)
        if self._recorder.is_full:
            self._controls.show_full()
        if not self._recorder.open_stroke:
            self._on_answer(self.current)

    def _is_late(self, answer: Answer) -> bool:
        """Another model was chosen meanwhile, a later answer is there, or it is the answer to another drawing."""
        if answer.model != self._controls.model.value or (self._answer and answer.revision < self._answer.revision):
            return True
        is_same_kind = (answer.number is not None) == self._recorder.sheet.is_for_numbers
        is_close = self._controls.live.value and not answer.is_empty and self._recorder.strokes and is_same_kind
        return answer.revision != self._recorder.revision and not is_close
