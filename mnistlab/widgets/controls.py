"""The widgets around the drawing pad's canvas: tools above it, results beside it."""

import logging
from dataclasses import replace
from html import escape
from pathlib import Path

import ipywidgets as widgets

from mnistlab.keeping.limits import PEN_WIDTHS
from mnistlab.strokes import PEN_WIDTH
from mnistlab.widgets.drawing.drawing_text import checked_text
from mnistlab.widgets.model_choice import ModelChoice, available_models
from mnistlab.widgets.page_input import PageInput, click, position, truth, whole_number
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.results.answer_view import answer_html, image_png, unread_html
from mnistlab.widgets.rows.number import NumberRow
from mnistlab.widgets.throttle import ThrottledWorker
from mnistlab.widgets.translations import Translation, model_text

STYLE = Path(__file__).parent / "pad.css"

log = logging.getLogger(__name__)


class PadControls:
    """The pad's widgets, and what they show. What a click does is up to the pad.

    Parameters
    ----------
    paper : ipywidgets.DOMWidget
        What is drawn on, to put among them.
    translation : Translation
        The text on them.
    model : ModelChoice
        The chosen model; the only one in the list until `refresh_models`.
    is_for_numbers : bool
        Whether a whole number is to be drawn at first.
    """

    def __init__(
        self, paper: widgets.DOMWidget, translation: Translation, model: ModelChoice, is_for_numbers: bool
    ) -> None:
        self._translation = translation
        self._model_list = ThrottledWorker(lambda: None, lambda _: available_models(), self.set_models, self.show_error)
        self.predict = widgets.Button(description=translation.predict, tooltip="Enter", button_style="primary")
        self.clear = widgets.Button(description=translation.clear, tooltip="Delete")
        self.undo = widgets.Button(description=translation.undo, tooltip="Ctrl+Z")
        self.live = widgets.Checkbox(value=True, description=translation.live, indent=False)
        self.numbers = widgets.Checkbox(value=is_for_numbers, description=translation.numbers, indent=False)
        self.number_row = NumberRow(translation)
        self._shown: Answer | None = None
        thinnest, thickest = PEN_WIDTHS
        self.pen = widgets.IntSlider(PEN_WIDTH, thinnest, thickest, description=translation.pen_width)
        self.model = widgets.Dropdown(options=self._options([model]), description=translation.model)
        # Not shown: a page that loses its kernel takes the drawing from here, and puts it back in here afterwards.
        self.drawing = widgets.Textarea(layout={"display": "none"})
        self._answer, self._image, self._error = widgets.HTML(), widgets.Image(format="png"), widgets.HTML()
        for name, widget in self._by_class().items():
            widget.add_class(f"mnistlab-{name}")
        self.rows = self._arranged(paper)

    def show(self, answer: Answer | None) -> None:
        """Show an answer, or None before the first one; an error shown before goes away."""
        self._shown = answer
        self.number_row.show(answer.number if answer else None)
        self.show_chosen()
        self._error.value = ""

    def show_chosen(self) -> None:
        """Show what was read; of a number, that of the digit that is chosen now."""
        shown, digit = self._shown, self.number_row.chosen
        self.number_row.show_boxes()
        shown = replace(shown, prediction=digit.prediction) if shown and digit else shown
        self._answer.value = answer_html(shown, self.text)
        self._image.value = image_png(shown)

    @property
    def text(self) -> Translation:
        """The text for what is drawn now: one digit, or a number."""
        return self._translation.for_numbers() if self.numbers.value else self._translation

    def show_unread(self) -> None:
        """Show that the drawing has changed since it was read."""
        self.number_row.show(None)
        self._answer.value = unread_html(self._translation)
        self._image.value = image_png(None)

    def show_error(self, error: Exception) -> None:
        """Show one line of it, and put the traceback into the log; everything else stays as it is."""
        log.error("the drawing pad: %s", error, exc_info=error)
        line = escape(str(error) or repr(error)).splitlines()[0]
        self._error.value = f'<span role="alert">{self._translation.error_prefix}: {line}</span>'

    def show_full(self) -> None:
        """Say that nothing more can be drawn."""
        self._error.value = f'<span role="alert">{self._translation.full}</span>'

    def press(self, key: str, shift: bool, control: bool) -> None:
        """Do what a key does while the canvas has the keyboard focus: it gets it by a click or by Tab."""
        match key.lower(), control:
            case "tab", _:
                (self.undo if shift else self.model).focus()
            case "enter", _:
                self.predict.click()
            case "z", True:
                self.undo.click()
            case (("delete" | "backspace"), _):
                self.clear.click()

    def page_inputs(self) -> dict[widgets.Widget, PageInput]:
        """Return what a page may change of these widgets."""
        return {
            self.pen: PageInput({"value": whole_number(*PEN_WIDTHS)}),
            **dict.fromkeys((self.live, self.numbers), PageInput({"value": truth})),
            self.model: PageInput({"index": position(self.model)}),
            self.drawing: PageInput({"value": checked_text}),
            **self.number_row.page_inputs(),
            **dict.fromkeys((self.predict, self.clear, self.undo), PageInput(event=click)),
        }

    def refresh_models(self) -> None:
        """Have the models listed anew: others may have been trained, or one tested."""
        self._model_list.request()

    def set_models(self, models: list[ModelChoice]) -> None:
        """Put these models into the list; the chosen one stays chosen, and is the first if the list changes."""
        chosen = next((model for model in models if model == self.model.value), self.model.value)
        options = self._options([chosen, *(model for model in models if model != chosen)])
        # A list whose order changes without need would confuse someone who steps through it with the arrow keys.
        if {label for label, _ in options} != {label for label, _ in self.model.options}:
            self.model.options = options

    def _options(self, models: list[ModelChoice]) -> list[tuple[str, ModelChoice]]:
        return [(model_text(model, self._translation), model) for model in models]

    def _by_class(self) -> dict[str, widgets.DOMWidget]:
        """The widgets by their CSS class without ``mnistlab-``; `mnistlab.pad` lists the classes."""
        return {
            "predict": self.predict,
            "clear": self.clear,
            "undo": self.undo,
            "live": self.live,
            "number": self.numbers,
            "pen": self.pen,
            "model": self.model,
            "seen": self._image,
            "error": self._error,
            "drawing": self.drawing,
        }

    def _arranged(self, paper: widgets.DOMWidget) -> list[widgets.Widget]:
        """In the order in which the Tab key goes through them."""
        style = widgets.HTML(f"<style>{STYLE.read_text(encoding='utf-8')}</style>", layout={"display": "none"})
        tools = widgets.Box([self.predict, self.clear, self.undo, self.pen, self.live, self.numbers])
        results = widgets.VBox([self._answer, self._image, self.model])
        desk = widgets.Box([paper, self.number_row, results])
        for box, name in ((tools, "tools"), (results, "results"), (desk, "desk")):
            box.add_class(f"mnistlab-{name}")
        return [style, tools, desk, self._error, self.drawing]
