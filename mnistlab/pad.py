"""The drawing pad: draw a digit, see it read while you draw.

Stable CSS classes, for styles and for automation
-------------------------------------------------
``mnistlab-canvas``
    The canvas; 280 CSS pixels wide and high.
``mnistlab-predict``, ``mnistlab-clear``, ``mnistlab-undo``
    Buttons.
``mnistlab-live``
    Around a checkbox: predict while the pen moves.
``mnistlab-pen``
    Around the slider for the pen's width.
``mnistlab-model``
    Around the list of models.
``mnistlab-digit``
    Its text is the digit alone, empty when nothing is drawn.
``mnistlab-bars``
    A table of ten rows: mark, digit, bar, probability; the winner's row is ``mnistlab-winner``.
``mnistlab-seen``
    The image that the model got.
``mnistlab-error``
    Around a line that says what went wrong; without text otherwise.
"""

import logging
import threading
import time
from collections.abc import Callable
from html import escape

import ipywidgets as widgets
import numpy as np

from mnistlab.prediction import Prediction, Predictor
from mnistlab.strokes import CANVAS, Drawing
from mnistlab.widgets import model_choice
from mnistlab.widgets.answer_view import Answer
from mnistlab.widgets.canvas import StrokeCanvas
from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.model_choice import ModelChoice
from mnistlab.widgets.recorder import StrokeRecorder
from mnistlab.widgets.throttle import ThrottledWorker, running_loop
from mnistlab.widgets.translations import translation_in

EVERY = 0.08
"""Seconds between two live answers, at least: more often is not seen, only sent."""

log = logging.getLogger(__name__)


class DrawingPad(widgets.VBox):
    """A canvas to draw a digit on, and what a model makes of it.

    The state is the strokes; what a page shows is a view of them, drawn anew whenever one is
    opened. Everything happens on the loop on which the pad was made, one thing after the other;
    only the model works beside it, so that drawing never waits.

    Parameters
    ----------
    run : str
        A trained run that answers first ("latest", its name or id); empty for the model that ships.
    language : str
        A name in `mnistlab.widgets.translations.LANGUAGES`.

    Raises
    ------
    RunError
        If there is no such run.
    UnknownNameError
        If there is no such language.
    """

    def __init__(self, run: str = "", language: str = "en") -> None:
        words, model = translation_in(language), model_choice.choose(run)
        self._recorder, self._canvas = StrokeRecorder(CANVAS), StrokeCanvas(CANVAS)
        self._controls = PadControls(self._canvas.canvas, words, model)
        self._loaded: tuple[ModelChoice, Predictor] | None = None
        self._loop, self._thread = running_loop(), threading.get_ident()
        self._answers = ThrottledWorker(self._question, self._answer, self._show, self._fail, EVERY)
        self._choices = ThrottledWorker(
            lambda: None, lambda _: model_choice.choices(), self._controls.offer, self._fail
        )
        super().__init__(self._controls.parts)
        self.add_class("mnistlab-pad")
        self._listen()
        self._controls.show(None)
        self._answers.ask()
        self._choices.ask()

    def __repr__(self) -> str:
        count = len(self._recorder.strokes)
        return f"DrawingPad({count} stroke{'' if count == 1 else 's'})"

    @property
    def drawing(self) -> Drawing:
        """The strokes drawn so far, in canvas pixels: a copy."""
        return self._recorder.strokes

    @property
    def pen_widths(self) -> list[float]:
        """The pen's width for each stroke, in canvas pixels: a copy."""
        return self._recorder.widths

    def start_stroke(self, x: float, y: float) -> None:
        """Put the pen down at canvas pixel (x, y), with the width that the slider has now."""
        width = float(self._controls.pen.value)
        self._canvas.dot(self._recorder.start(x, y, width), width)
        self._follow()

    def extend_stroke(self, x: float, y: float) -> None:
        """Move the pen to canvas pixel (x, y); nothing happens while it is up."""
        if line := self._recorder.extend(x, y):
            self._canvas.line(*line)
            self._follow()

    def end_stroke(self) -> None:
        """Lift the pen."""
        if self._recorder.end():
            self._follow(at_once=True)

    def undo(self) -> None:
        """Take the last stroke back."""
        self._recorder.undo()
        self._redraw()
        self._follow(at_once=True)

    def clear(self) -> None:
        """Take all strokes back."""
        self._recorder.clear()
        self._redraw()
        self._answers.ask(at_once=True)

    def predict(self) -> Prediction | None:
        """Read the drawing, show the answer and return it; None where nothing is drawn.

        Raises
        ------
        RunError
            If the chosen model cannot be loaded.
        """
        answer = self._answer(self._question())
        self._show(answer)
        return answer.prediction

    def _follow(self, *, at_once: bool = False) -> None:
        """What is drawn has changed; an empty pad says so even if it is not live."""
        if self._controls.live.value or not self._recorder.strokes:
            self._answers.ask(at_once=at_once)

    def _redraw(self) -> None:
        self._canvas.redraw(self._recorder.strokes, self._recorder.widths)

    def _question(self) -> tuple[ModelChoice, np.ndarray | None]:
        return self._controls.model.value, self._recorder.picture() if self._recorder.strokes else None

    def _answer(self, question: tuple[ModelChoice, np.ndarray | None]) -> Answer:
        """Beside the loop: nothing here touches a widget."""
        model, picture = question
        if self._loaded is None or self._loaded[0] != model:
            self._loaded = model, model.load()
        predictor = self._loaded[1]
        began = time.perf_counter()
        prediction = None if picture is None else predictor.predict_picture(picture)
        return Answer(model, prediction, time.perf_counter() - began)

    def _show(self, answer: Answer) -> None:
        if answer.prediction is None or self._recorder.strokes:  # else it was cleared meanwhile
            self._controls.show(answer)

    def _fail(self, error: Exception) -> None:
        """Say it where it is seen, in a line, and in the log with its traceback; the drawing stays."""
        log.error("the drawing pad: %s", error, exc_info=error)
        self._controls.fail(escape(str(error) or repr(error)).splitlines()[0])

    def _listen(self) -> None:
        paper, desk = self._canvas, self._controls
        handled = self._handled
        paper.on_opened(handled(self._redraw))
        paper.on_pen(handled(self.start_stroke), handled(self.extend_stroke), handled(self.end_stroke))
        paper.on_key(handled(self._press))
        for button, action in ((desk.predict, self._answers.ask), (desk.clear, self.clear), (desk.undo, self.undo)):
            button.on_click(handled(lambda _button, action=action: action()))
        desk.live.observe(handled(lambda _change: self._follow()), "value")
        desk.model.observe(handled(lambda _change: self._answers.ask()), "value")

    def _press(self, key: str, shift: bool, control: bool) -> None:
        """Keys while the canvas has them, as a click into it gives them to it."""
        match key.lower(), control:
            case "tab", _:
                (self._controls.undo if shift else self._controls.model).focus()
            case "enter", _:
                self._answers.ask()
            case "z", True:
                self.undo()
            case (("delete" | "backspace"), _):
                self.clear()

    def _handled(self, action: Callable[..., None]) -> Callable[..., None]:
        """The action on the pad's own loop, its errors on the pad: a page would not see them."""

        def guarded(*arguments: object) -> None:
            try:
                action(*arguments)
            except Exception as error:
                self._fail(error)

        def called(*arguments: object) -> None:
            # JupyterLab may send what a widget says to another thread of the kernel, a subshell.
            if self._loop is None or threading.get_ident() == self._thread:
                guarded(*arguments)
            else:
                self._loop.call_soon_threadsafe(guarded, *arguments)

        return called
