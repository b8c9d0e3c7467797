"""A row of the drawing pad that shows which ink speaks for the digit, and which against it."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import ipywidgets as widgets

from mnistlab.attributions.network import Network, read_network
from mnistlab.attributions.pictures import why_overlay
from mnistlab.attributions.why import Why, explain
from mnistlab.logits import CLASSES
from mnistlab.picture_files.encoding import png_of
from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.callbacks import Wrap
from mnistlab.widgets.drawing.recorder import Recording
from mnistlab.widgets.model_choice import LoadedModel, ModelChoice
from mnistlab.widgets.page_input import PageInput, position, truth
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.throttle import ThrottledWorker
from mnistlab.widgets.translations import Translation

NOTHING = -1
"""In the list of digits to compare with. It is not None: a list whose value is None shows nothing."""


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be explained."""

    recording: Recording
    answer: Answer
    prediction: Prediction
    other: int | None  # the digit to compare with


@dataclass(frozen=True, eq=False)
class Reasons:
    """What explains an answer."""

    answer: Answer
    why: Why
    png: bytes  # the drawing with its ink in colours


class WhyRow(widgets.VBox):
    """A button that shows the reasons on the drawing, and a list of digits to compare with.

    Parameters
    ----------
    loaded : LoadedModel
        The model that answers.
    translation : Translation
    current : callable
        Returns what is on the pad, and the answer that belongs to it; None for what is not there.
    on_error : callable
        Called with what went wrong.

    Attributes
    ----------
    overlay : ipywidgets.Image
        To be laid over the drawing: light where there are no reasons.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        translation: Translation,
        current: Callable[[], tuple[Recording | None, Answer | None]],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._loaded, self._translation, self._current = loaded, translation, current
        self._network: tuple[ModelChoice, Network] | None = None
        self.shown = widgets.ToggleButton(description=translation.why, tooltip=translation.why_tooltip)
        choices = [(translation.than_none, NOTHING), *((translation.than.format(digit=n), n) for n in range(CLASSES))]
        self.other = widgets.Dropdown(options=choices)
        self.overlay = widgets.Image(format="png").add_class("mnistlab-why-overlay")
        self._told = widgets.HTML()
        tools = widgets.Box([self.shown, self.other]).add_class("mnistlab-why-tools")
        self._worker = ThrottledWorker(self._question, self._explain, self._show, on_error)
        super().__init__([tools, self._told])
        self.add_class("mnistlab-why")
        self.update(None)

    def update(self, answer: Answer | None) -> None:
        """Take away what is shown; explain an answer, if there is one to the drawing as it is now."""
        self._show(None)
        if self.shown.value and answer and answer.prediction and not answer.prediction.others:
            self._worker.request(at_once=True)

    def connect(self, wrap: Wrap) -> None:
        """Have the button and the list do what they say; `wrap` handles their errors."""
        for widget in (self.shown, self.other):
            widget.observe(wrap(lambda _change: self.update(self._current()[1])), "value")

    def page_inputs(self) -> dict[widgets.Widget, PageInput]:
        """Return what a page may change of these widgets."""
        return {self.shown: PageInput({"value": truth}), self.other: PageInput({"index": position(self.other)})}

    def _question(self) -> Question | None:
        recording, answer = self._current()
        if recording is None or answer is None or answer.prediction is None:
            return None
        other = None if self.other.value in (NOTHING, answer.prediction.digit) else self.other.value
        return Question(recording, answer, answer.prediction, other)

    def _explain(self, question: Question | None) -> Reasons | None:
        if question is None:
            return None
        model, prediction = question.answer.model, question.prediction
        if self._network is None or self._network[0] != model:
            self._network = model, read_network(self._loaded.predictor(model).model)
        why = explain(self._network[1], prediction.image, prediction.digit, question.other)
        return Reasons(question.answer, why, png_of(why_overlay(why, question.recording.picture)))

    def _show(self, reasons: Reasons | None) -> None:
        """Show reasons, if they are those for the drawing as it is now; None takes them away."""
        is_current = reasons is not None and reasons.answer is self._current()[1]
        self.overlay.layout.display = None if is_current else "none"
        self._told.value = ""
        if reasons is not None and is_current:
            self.overlay.value = reasons.png
            self._told.value = f'<span role="status">{escape(self._words(reasons.why))}</span>'

    def _words(self, why: Why) -> str:
        words = self._translation.reasons if why.other is None else self._translation.reasons_against
        return words.format(
            digit=why.digit, other=why.other, speaks_for=why.speaks_for, speaks_against=why.speaks_against
        )
