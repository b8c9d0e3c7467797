"""The drawing pad: draw a digit and see it recognised while you draw.

Its parts have these CSS classes, for styles and for automation, and keep them::

    mnistlab-canvas         the canvas, 280 CSS pixels wide and high
    mnistlab-predict, mnistlab-clear, mnistlab-undo     buttons
    mnistlab-live           around a checkbox: predict while the pen moves
    mnistlab-pen            around the slider for the pen's width
    mnistlab-model          around the list of models
    mnistlab-digit          its text is the predicted digit only; empty if nothing is drawn
    mnistlab-bars           a table of ten rows: mark, digit, bar, probability
    mnistlab-winner         the row of the predicted digit
    mnistlab-seen           the image that the model was given
    mnistlab-error          around one line with an error message; without text if there is no error
"""

import logging
import time
from html import escape

import ipywidgets as widgets
import numpy as np

from mnistlab.prediction import Prediction
from mnistlab.strokes import CANVAS, Drawing
from mnistlab.widgets.answer_view import Answer
from mnistlab.widgets.canvas import StrokeCanvas
from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.event_loop import CallbackLoop
from mnistlab.widgets.model_choice import LoadedModel, ModelChoice, available_models, find_model
from mnistlab.widgets.recorder import StrokeRecorder
from mnistlab.widgets.throttle import ThrottledWorker
from mnistlab.widgets.translations import translation_in

LIVE_INTERVAL = 0.08
"""Least time between two predictions while the pen moves, in seconds: more are too fast to see."""

log = logging.getLogger(__name__)


class DrawingPad(widgets.VBox):
    """A canvas to draw a digit on, with a model's prediction beside it; shown by the last line of a notebook cell.

    The strokes are the state; each page that shows the pad is a view of them. All changes happen on
    the event loop of the thread that made the pad. Only the model works in another thread, so that
    drawing never waits for it.

    Parameters
    ----------
    run : str
        The trained run whose model is chosen at first: ``"latest"``, or a run's name or id. Empty for the
        model that comes with the package. The list on the pad offers all others.
    language : {"en", "ko"}
        Language of the text on the pad: English or Korean.

    Raises
    ------
    RunError
        If there is no trained run of that name.
    UnknownNameError
        If there is no such language.
    """

    def __init__(self, run: str = "", language: str = "en") -> None:
        translation, model = translation_in(language), find_model(run)
        self._recorder, self._canvas = StrokeRecorder(CANVAS), StrokeCanvas(CANVAS)
        self._controls = PadControls(self._canvas.canvas, translation, model)
        self._loaded = LoadedModel()
        self._callbacks = CallbackLoop(self._show_error)
        self._answers = ThrottledWorker(self._input, self._answer, self._show, self._show_error, LIVE_INTERVAL)
        self._model_list = ThrottledWorker(
            lambda: None, lambda _: available_models(), self._controls.set_models, self._show_error
        )
        super().__init__(self._controls.rows)
        self.add_class("mnistlab-pad")
        self._connect()
        self._controls.show(None)
        self._request_answer()

    def __repr__(self) -> str:
        count = len(self._recorder.strokes)
        return f"DrawingPad({count} stroke{'' if count == 1 else 's'})"

    @property
    def drawing(self) -> Drawing:
        """A copy of the strokes so far: lists of points (x, y) in canvas pixels, 0 to 280, y down."""
        return self._recorder.strokes

    @property
    def pen_widths(self) -> list[float]:
        """A copy of the pen's width for each stroke, in canvas pixels."""
        return self._recorder.widths

    def start_stroke(self, x: float, y: float) -> None:
        """Put the pen down at (x, y), in canvas pixels; a point outside 0 to 280 is moved to the edge."""
        width = float(self._controls.pen.value)
        self._canvas.dot(self._recorder.start(x, y, width), width)
        self._request_live_answer()

    def extend_stroke(self, x: float, y: float) -> None:
        """Move the pen to (x, y), in canvas pixels, clipped likewise; nothing happens while it is up."""
        if line := self._recorder.extend(x, y):
            self._canvas.line(*line)
            self._request_live_answer()

    def end_stroke(self) -> None:
        """Lift the pen."""
        if self._recorder.end() and self._controls.live.value:
            self._request_answer()

    def undo(self) -> None:
        """Remove the last stroke."""
        self._recorder.undo()
        self._redraw()
        if self._controls.live.value or not self._recorder.strokes:
            self._request_answer()

    def clear(self) -> None:
        """Remove all strokes."""
        self._recorder.clear()
        self._redraw()
        self._request_answer()

    def predict(self) -> Prediction | None:
        """Predict the digit with the chosen model, and show the result on the pad.

        Returns
        -------
        Prediction or None
            Digit, confidence, the ten probabilities and the 28x28 image; None if nothing is drawn.

        Raises
        ------
        RunError
            If the chosen model cannot be loaded.
        """
        answer = self._answer(self._input())
        self._show(answer)
        return answer.prediction

    def _request_live_answer(self) -> None:
        if self._controls.live.value:
            self._answers.request()

    def _request_answer(self) -> None:
        """A stroke or click has ended. By now other models may have been trained, or this one tested."""
        self._answers.request(at_once=True)
        self._model_list.request()

    def _redraw(self) -> None:
        self._canvas.redraw(self._recorder.strokes, self._recorder.widths)

    def _input(self) -> tuple[ModelChoice, np.ndarray | None]:
        return self._controls.model.value, self._recorder.picture() if self._recorder.strokes else None

    def _answer(self, model_and_picture: tuple[ModelChoice, np.ndarray | None]) -> Answer:
        """In the worker's thread: no widget may be changed here."""
        model, picture = model_and_picture
        predictor = self._loaded.predictor(model)
        start = time.perf_counter()
        prediction = None if picture is None else predictor.predict_picture(picture)
        return Answer(model, prediction, time.perf_counter() - start)

    def _show(self, answer: Answer) -> None:
        if answer.prediction is None or self._recorder.strokes:  # else it was cleared in the meantime
            self._controls.show(answer)

    def _show_error(self, error: Exception) -> None:
        """One line on the pad, the traceback in the log; the drawing stays."""
        log.error("the drawing pad: %s", error, exc_info=error)
        self._controls.show_error(escape(str(error) or repr(error)).splitlines()[0])

    def _connect(self) -> None:
        canvas, controls, wrap = self._canvas, self._controls, self._callbacks.wrap
        canvas.on_opened(wrap(self._open))
        canvas.on_pen(wrap(self.start_stroke), wrap(self.extend_stroke), wrap(self.end_stroke))
        canvas.on_key(wrap(self._press_key))
        controls.predict.on_click(wrap(lambda _button: self._request_answer()))
        controls.clear.on_click(wrap(lambda _button: self.clear()))
        controls.undo.on_click(wrap(lambda _button: self.undo()))
        controls.live.observe(wrap(lambda _change: self._request_live_answer()), "value")
        controls.model.observe(wrap(lambda _change: self._request_answer()), "value")

    def _open(self) -> None:
        """A page starts to show the pad."""
        self._redraw()
        self._model_list.request()

    def _press_key(self, key: str, shift: bool, control: bool) -> None:
        """Keys while the canvas has the keyboard focus: it gets it by a click or by Tab."""
        match key.lower(), control:
            case "tab", _:
                (self._controls.undo if shift else self._controls.model).focus()
            case "enter", _:
                self._request_answer()
            case "z", True:
                self.undo()
            case (("delete" | "backspace"), _):
                self.clear()
