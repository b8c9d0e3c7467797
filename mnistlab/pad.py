"""The drawing pad: draw a digit and see it recognised while you draw.

Its parts have CSS classes, for styles and for automation: `mnistlab.widgets` lists them.
"""

from collections import ChainMap

import ipywidgets as widgets

from mnistlab.keeping.place import KeepingPlace
from mnistlab.reading.number import Number
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import Drawing
from mnistlab.system.threads import one_at_a_time
from mnistlab.widgets.callbacks import Wrap, handling
from mnistlab.widgets.controls import PadControls
from mnistlab.widgets.drawing.paper import Paper
from mnistlab.widgets.drawing.recorder import Recording
from mnistlab.widgets.drawing.sheet import DIGIT_SHEET, NUMBER_SHEET
from mnistlab.widgets.model_choice import LoadedModel, find_model
from mnistlab.widgets.page_input import limit_page_input
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.results.answer_view import spoken
from mnistlab.widgets.results.answers import PadAnswers
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
    number : bool
        Whether whole numbers are drawn at first, on a canvas that is wider; there is a switch for it on the pad.

    Raises
    ------
    RunError
        If there is no trained run of that name.
    UnknownNameError
        If there is no such language.
    """

    def __init__(self, run: str = "", language: str = "en", number: bool = False) -> None:
        translation, model = translation_in(language), find_model(run)
        self._translation, loaded = translation, LoadedModel()
        self._paper = Paper(NUMBER_SHEET if number else DIGIT_SHEET)
        canvas = self._paper.canvas
        self._controls = PadControls(canvas.paper, translation, model, number)
        canvas.layer.pen = self._controls.pen
        self._why = WhyRow(loaded, translation, self._current, self._controls.show_error)
        canvas.paper.children += (self._why.overlay, self._controls.number_row.boxes)
        self._keeping = KeepingRow(KeepingPlace.here(), translation, self._current)
        self._answers = PadAnswers(loaded, self._paper.recorder, self._controls, self._answered)
        super().__init__([*self._controls.rows, self._why, self._keeping])
        self.add_class("mnistlab-pad").add_class(f"mnistlab-language-{language}")
        self._connect(handling(self._controls.show_error))
        self._controls.show(None)
        self._switch()

    def __repr__(self) -> str:
        count = len(self._paper.recorder.strokes)
        return f"DrawingPad({count} stroke{'' if count == 1 else 's'})"

    @property
    def drawing(self) -> Drawing:
        """A copy of the strokes so far: lists of points (x, y) in canvas pixels, y down.

        A point may be 20 pixels outside the canvas, which is 280 wide and high, for numbers 580 wide.
        """
        return self._paper.recorder.strokes

    @property
    def pen_widths(self) -> list[float]:
        """A copy of the pen's width for each stroke, in canvas pixels."""
        return self._paper.recorder.widths

    @one_at_a_time
    def start_stroke(self, x: float, y: float) -> None:
        """Put the pen down at (x, y), in canvas pixels; a point outside the canvas is moved to its edge."""
        if self._paper.start(x, y, float(self._controls.pen.value)):
            self._answers.drawing_has_changed()
        else:
            self._controls.show_full()

    @one_at_a_time
    def extend_stroke(self, x: float, y: float) -> None:
        """Move the pen to (x, y), moved to within 20 pixels of the canvas. Ignored while it is up."""
        if self._paper.extend(x, y):
            self._answers.drawing_has_changed()

    @one_at_a_time
    def end_stroke(self) -> None:
        """Lift the pen."""
        if self._paper.recorder.end():
            self._keep()
            if self._controls.live.value:
                self._answers.request()

    @one_at_a_time
    def undo(self) -> None:
        """Remove the last stroke."""
        self._paper.undo()
        self._keep()
        self._answers.drawing_has_changed()

    @one_at_a_time
    def clear(self) -> None:
        """Remove all strokes."""
        self._paper.clear()
        self._keep()
        self._answers.request()

    def predict(self) -> Prediction | None:
        """Predict the digit with the chosen model, and show the result on the pad. For a number, `read_number`.

        Returns
        -------
        Prediction or None
            Digit, confidence, the ten probabilities and the 28x28 image; None if nothing is drawn.

        Raises
        ------
        RunError
            If the chosen model cannot be loaded.
        ValueError
            If the pad is switched to numbers.
        """
        return self._answers.predict()

    def read_number(self) -> Number | None:
        """Read the number on a pad for numbers, as `predict` reads a digit; None if nothing is drawn."""
        return self._answers.read_number()

    def _answered(self, answer: Answer | None) -> None:
        """A finished drawing was read; None if it has changed since."""
        self._why.update(answer)
        self._paper.canvas.layer.spoken = spoken(answer, self._translation)

    def _current(self) -> tuple[Recording | None, Answer | None]:
        """What is drawn, and the answer to it."""
        return self._paper.recorder.recording(), self._answers.current

    def _opened(self) -> None:
        """A page has just been opened: meanwhile, other models may have been trained."""
        self._controls.refresh_models()
        self._paper.redraw()

    def _keep(self) -> None:
        """Give the page a copy of the strokes, in case the kernel ends."""
        self._controls.drawing.value = self._paper.recorder.as_text()

    def _restore(self) -> None:
        """A page may have given back what it kept."""
        if self._controls.drawing.value != self._paper.recorder.as_text():
            self._paper.restore(self._controls.drawing.value)
            self._controls.numbers.value = self._paper.recorder.sheet.is_for_numbers
            self._answers.request()

    def _switch(self) -> None:
        """Have one digit drawn, or a whole number: what explains and keeps drawings is for single digits."""
        is_number = self._controls.numbers.value
        self._paper.move_to(NUMBER_SHEET if is_number else DIGIT_SHEET)
        self._paper.canvas.layer.label = self._controls.text.instruction
        self._controls.number_row.layout.display = None if is_number else "none"
        self._why.layout.display = self._keeping.layout.display = "none" if is_number else None
        self._keep()
        self._answers.request()

    def _connect(self, wrap: Wrap) -> None:
        paper, controls, rows = self._paper, self._controls, (self._why, self._keeping)
        limit_page_input(self, dict(ChainMap(*(part.page_inputs() for part in (paper.canvas, controls, *rows)))), wrap)
        paper.canvas.on_opened(wrap(self._opened))
        paper.on_pen(self, wrap)
        for part in (self._keeping, controls):
            paper.canvas.on_key(wrap(part.press))
        controls.drawing.observe(wrap(lambda _change: self._restore()), "value")
        controls.predict.on_click(wrap(lambda _button: self._answers.request()))
        controls.clear.on_click(wrap(lambda _button: self.clear()))
        controls.undo.on_click(wrap(lambda _button: self.undo()))
        controls.live.observe(wrap(lambda _change: self._answers.drawing_has_changed()), "value")
        controls.numbers.observe(wrap(lambda _change: self._switch()), "value")
        controls.number_row.digits.observe(wrap(lambda _change: controls.show_chosen()), "index")
        for row in rows:
            row.connect(wrap)
        controls.model.observe(wrap(lambda _change: self._answers.request()), "value")
