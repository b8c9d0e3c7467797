"""The drawing pad: draw a digit and see it recognised while you draw.

Its parts have these CSS classes, for styles and for automation, and keep them::

    mnistlab-canvas         the canvas, 280 CSS pixels wide and high
    mnistlab-ink            over the canvas: takes mouse, finger, pen and keys; without it, the canvas takes them
    mnistlab-predict, mnistlab-clear, mnistlab-undo     buttons
    mnistlab-live           around a checkbox: predict while the pen moves
    mnistlab-pen            around the slider for the pen's width
    mnistlab-model          around the list of models
    mnistlab-digit          its text is the predicted digit only; empty if nothing is drawn
    mnistlab-bars           a table of ten rows: mark, digit, bar, probability
    mnistlab-winner         the row of the predicted digit
    mnistlab-seen           the image that the model was given
    mnistlab-error          around one line with an error message; without text if there is no error
    mnistlab-why            the row that shows reasons on the drawing
    mnistlab-keeping        the row that keeps drawings: mnistlab-labels around its ten buttons, for the true digit
    mnistlab-drawing        around a text area that is not shown: the drawing, for a page that must start anew
    mnistlab-language-en    on the pad itself: the language of its text
"""

from collections import ChainMap

import ipywidgets as widgets

from mnistlab.keeping.place import KeepingPlace
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import CANVAS, Drawing
from mnistlab.system.threads import one_at_a_time
from mnistlab.widgets.answer_view import Answer, spoken
from mnistlab.widgets.answers import PadAnswers
from mnistlab.widgets.callbacks import Wrap, handling
from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.drawing.canvas import StrokeCanvas
from mnistlab.widgets.drawing.recorder import Recording, StrokeRecorder
from mnistlab.widgets.model_choice import LoadedModel, find_model
from mnistlab.widgets.page_input import limit_page_input
from mnistlab.widgets.rows.keeping import KeepingRow
from mnistlab.widgets.rows.why import WhyRow
from mnistlab.widgets.translations import translation_in


class DrawingPad(widgets.VBox):
    """A canvas to draw a digit on, with a model's prediction beside it; shown by the last line of a notebook cell.

    The strokes are the state; each page that shows the pad is a view of them. Cells and pages change it one at a
    time; the model works meanwhile. Where a page's messages go through a subshell of the kernel, as in JupyterLab,
    the pad answers while a cell runs too: what is on it may then change between two lines of that cell.

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
        self._translation, loaded = translation, LoadedModel()
        self._recorder, self._canvas = StrokeRecorder(CANVAS), StrokeCanvas(CANVAS)
        self._controls = PadControls(self._canvas.paper, translation, model)
        self._canvas.layer.pen, self._canvas.layer.label = self._controls.pen, translation.instruction
        self._why = WhyRow(loaded, translation, self._current, self._controls.show_error)
        self._canvas.paper.children += (self._why.overlay,)
        self._keeping = KeepingRow(KeepingPlace.here(), translation, self._current)
        self._answers = PadAnswers(loaded, self._recorder, self._controls, self._answered)
        super().__init__([*self._controls.rows, self._why, self._keeping])
        self.add_class("mnistlab-pad").add_class(f"mnistlab-language-{language}")
        self._connect(handling(self._controls.show_error))
        self._controls.show(None)
        self._request_answer()

    def __repr__(self) -> str:
        count = len(self._recorder.strokes)
        return f"DrawingPad({count} stroke{'' if count == 1 else 's'})"

    @property
    def drawing(self) -> Drawing:
        """A copy of the strokes so far: lists of points (x, y) in canvas pixels, -20 to 300, y down."""
        return self._recorder.strokes

    @property
    def pen_widths(self) -> list[float]:
        """A copy of the pen's width for each stroke, in canvas pixels."""
        return self._recorder.widths

    @one_at_a_time
    def start_stroke(self, x: float, y: float) -> None:
        """Put the pen down at (x, y), in canvas pixels; a point outside 0 to 280 is moved to the edge."""
        width = float(self._controls.pen.value)
        if point := self._recorder.start(x, y, width):
            self._canvas.dot(point, width)
            self._answers.drawing_has_changed()
        else:
            self._controls.show_full()

    @one_at_a_time
    def extend_stroke(self, x: float, y: float) -> None:
        """Move the pen to (x, y), moved into -20 to 300: nothing is drawn along the edge. Ignored while it is up."""
        if line := self._recorder.extend(x, y):
            self._canvas.line(*line)
            self._answers.drawing_has_changed()

    @one_at_a_time
    def end_stroke(self) -> None:
        """Lift the pen."""
        if self._recorder.end():
            self._keep()
            if self._controls.live.value:
                self._request_answer()

    @one_at_a_time
    def undo(self) -> None:
        """Remove the last stroke."""
        self._recorder.undo()
        self._redraw()
        self._answers.drawing_has_changed()

    @one_at_a_time
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
        return self._answers.predict()

    def _answered(self, answer: Answer | None) -> None:
        """A finished drawing was read; None if it has changed since."""
        self._why.update(answer)
        self._canvas.layer.spoken = spoken(answer, self._translation)

    def _current(self) -> tuple[Recording | None, Answer | None]:
        """What is drawn, and the answer to it."""
        return self._recorder.recording(), self._answers.current

    def _request_answer(self) -> None:
        """A stroke or click has ended. By now other models may have been trained, or this one tested."""
        self._answers.request()
        self._controls.refresh_models()

    def _redraw(self) -> None:
        """Show what is drawn, also on a page that was just opened: meanwhile, other models may have been trained."""
        self._controls.refresh_models()
        self._canvas.redraw(self._recorder.strokes, self._recorder.widths)
        self._keep()

    def _keep(self) -> None:
        """Give the page a copy of the strokes, in case the kernel ends."""
        self._controls.drawing.value = self._recorder.as_text()

    def _restore(self) -> None:
        """A page may have given back what it kept."""
        if self._controls.drawing.value != self._recorder.as_text():
            self._recorder.restore(self._controls.drawing.value)
            self._redraw()
            self._request_answer()

    def _press(self, key: str, shift: bool, control: bool) -> None:
        if not self._keeping.press(key, control):
            self._controls.press(key, shift, control)

    def _connect(self, wrap: Wrap) -> None:
        canvas, controls, rows = self._canvas, self._controls, (self._why, self._keeping)
        limit_page_input(self, dict(ChainMap(*(part.page_inputs() for part in (canvas, controls, *rows)))), wrap)
        canvas.on_opened(wrap(self._redraw))
        canvas.on_pen(self, self._recorder, wrap)
        canvas.on_key(wrap(self._press))
        controls.drawing.observe(wrap(lambda _change: self._restore()), "value")
        controls.predict.on_click(wrap(lambda _button: self._request_answer()))
        controls.clear.on_click(wrap(lambda _button: self.clear()))
        controls.undo.on_click(wrap(lambda _button: self.undo()))
        controls.live.observe(wrap(lambda _change: self._answers.drawing_has_changed()), "value")
        for row in rows:
            row.connect(wrap)
        controls.model.observe(wrap(lambda _change: self._request_answer()), "value")
