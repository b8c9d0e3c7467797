"""The widgets around the drawing pad's canvas: tools before it, results beside it."""

from pathlib import Path

import ipywidgets as widgets

from mnistlab.strokes import PEN
from mnistlab.widgets.answer_view import Answer, answer_html, seen_png
from mnistlab.widgets.model_choice import ModelChoice
from mnistlab.widgets.translations import Translation

PEN_WIDTHS = (8, 40)
"""Canvas pixels, the thinnest and the thickest."""

STYLE = Path(__file__).parent / "pad.css"


class PadControls:
    """Makes the widgets and shows answers on them; what they do is for the pad to say.

    Parameters
    ----------
    canvas : ipywidgets.DOMWidget
    labels : Translation
    model : ModelChoice
        The one that answers first, and until `offer` the only one to choose.
    """

    def __init__(self, canvas: widgets.DOMWidget, words: Translation, model: ModelChoice) -> None:
        self._words = words
        self.predict = widgets.Button(description=words.predict, tooltip="Enter", button_style="primary")
        self.clear = widgets.Button(description=words.clear, tooltip="Delete")
        self.undo = widgets.Button(description=words.undo, tooltip="Ctrl+Z")
        self.live = widgets.Checkbox(value=True, description=words.live, indent=False)
        thinnest, thickest = PEN_WIDTHS
        self.pen = widgets.IntSlider(PEN, thinnest, thickest, description=words.pen)
        self.model = widgets.Dropdown(options=[(str(model), model)], description=words.model)
        self._answer, self._seen, self._error = widgets.HTML(), widgets.Image(format="png"), widgets.HTML()
        for name, widget in self._named(canvas).items():
            widget.add_class(f"mnistlab-{name}")
        self.parts = self._laid_out(canvas)

    def show(self, answer: Answer | None) -> None:
        """Show an answer, nothing drawn or nothing said yet; what went wrong before is over."""
        self._answer.value = answer_html(answer, self._words)
        self._seen.value = seen_png(answer)
        self._error.value = ""

    def fail(self, message: str) -> None:
        """Show in one line what went wrong; everything else stays as it is."""
        self._error.value = f'<span role="alert">{self._words.failed}: {message}</span>'

    def offer(self, models: list[ModelChoice]) -> None:
        """Let the person choose among these; the choice made stays."""
        chosen = self.model.value
        others = [model for model in models if model != chosen]
        self.model.options = [(str(model), model) for model in (chosen, *others)]

    def _named(self, canvas: widgets.DOMWidget) -> dict[str, widgets.DOMWidget]:
        """CSS classes are these with ``mnistlab-`` before them: see `mnistlab.pad`."""
        return {
            "canvas": canvas,
            "predict": self.predict,
            "clear": self.clear,
            "undo": self.undo,
            "live": self.live,
            "pen": self.pen,
            "model": self.model,
            "seen": self._seen,
            "error": self._error,
        }

    def _laid_out(self, canvas: widgets.DOMWidget) -> list[widgets.Widget]:
        """In the order in which the Tab key goes through them."""
        style = widgets.HTML(f"<style>{STYLE.read_text(encoding='utf-8')}</style>", layout={"display": "none"})
        tools = widgets.Box([self.predict, self.clear, self.undo, self.pen, self.live])
        results = widgets.VBox([self._answer, self._seen, self.model])
        desk = widgets.Box([canvas, results])
        for box, name in ((tools, "tools"), (results, "results"), (desk, "desk")):
            box.add_class(f"mnistlab-{name}")
        return [style, tools, desk, self._error]
