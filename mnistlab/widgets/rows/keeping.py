"""A row of the drawing pad that keeps drawings with the digit that they really are, and shows what is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from string import digits

import ipywidgets as widgets

from mnistlab.keeping.drawing import KeptAnswer, KeptDrawing, KeptModel
from mnistlab.keeping.exchange import export
from mnistlab.keeping.gallery import gallery
from mnistlab.keeping.limits import MAX_NAME
from mnistlab.keeping.place import KeepingPlace
from mnistlab.litert import recorded_sha256
from mnistlab.logits import CLASSES
from mnistlab.system.formatting import printable
from mnistlab.widgets.callbacks import Wrap
from mnistlab.widgets.drawing.recorder import Recording
from mnistlab.widgets.page_input import PageInput, click, position, short_text, truth
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.translations import Translation

SHOWN = 40
"""Drawings in the gallery, at most: those that were kept last."""


class KeepingRow(widgets.VBox):
    """Ten buttons for the true digit, one for "right", and a gallery.

    Parameters
    ----------
    place : KeepingPlace
        Where drawings are kept. Where nothing may be kept, the row only says so; in a place of somebody else, it
        shows nothing of what is there.
    translation : Translation
    current : callable
        Returns what is on the pad, and the answer that belongs to it; None for what is not there.
    """

    def __init__(
        self,
        place: KeepingPlace,
        translation: Translation,
        current: Callable[[], tuple[Recording | None, Answer | None]],
    ) -> None:
        self._kept, self._is_own = place.file, place.is_own
        self._translation, self._current = translation, current
        self.right = widgets.Button(description=translation.right)
        self.labels = [
            widgets.Button(description=str(digit), tooltip=translation.keep_as.format(label=digit))
            for digit in range(CLASSES)
        ]
        self.writer = widgets.Text(placeholder=translation.writer, continuous_update=False)
        self.shown = widgets.ToggleButton(description=translation.kept_drawings)
        self.chosen = widgets.Dropdown(options=[(translation.choose, "")])
        self.delete = widgets.Button(description=translation.delete)
        self.export = widgets.Button(description=translation.export)
        self._gallery, self._told = widgets.HTML(), widgets.HTML()
        self._tools = widgets.Box([self.chosen, self.delete, self.export])
        super().__init__(self._arranged())
        self.add_class("mnistlab-keeping")
        self._show_gallery()

    def keep(self, label: int | None) -> None:
        """Keep what is on the pad as a digit, 0 to 9; None if the answer was right. Nothing if nothing may be kept.

        Raises
        ------
        ValueError, OSError, WorkbenchError
            As `mnistlab.keeping.drawing.KeptDrawing.now` and `mnistlab.keeping.file.KeptDrawings.add`.
        """
        if self._kept is None:
            return
        recording, answer = self._current()
        prediction = answer.prediction if answer else None
        if label is None and prediction:
            label = prediction.digit
        if recording is None or label is None:
            self._tell(self._translation.nothing_to_keep)
            return
        said = KeptAnswer.of(prediction, _model(answer)) if answer and prediction else None
        drawing = KeptDrawing.now(
            recording.strokes, recording.widths, label, said, self.writer.value, recording.sheet.width
        )
        self._kept.add(drawing)
        self._tell(self._translation.kept.format(label=label))
        self._show_gallery()

    def press(self, key: str, _shift: bool, control: bool) -> None:
        """Keep what is on the pad as the digit whose key it is, if it is one and the row is shown."""
        if key in digits and not control and self.layout.display != "none":
            self.keep(int(key))

    def connect(self, wrap: Wrap) -> None:
        """Have clicks do what they say; `wrap` handles their errors."""
        for digit, button in enumerate(self.labels):
            button.on_click(wrap(lambda _button, digit=digit: self.keep(digit)))
        self.right.on_click(wrap(lambda _button: self.keep(None)))
        self.shown.observe(wrap(lambda _change: self._show_gallery()), "value")
        self.delete.on_click(wrap(lambda _button: self._delete()))
        self.export.on_click(wrap(lambda _button: self._export()))

    def page_inputs(self) -> dict[widgets.Widget, PageInput]:
        """Return what a page may change of these widgets."""
        return {
            self.writer: PageInput({"value": short_text(MAX_NAME)}),
            self.shown: PageInput({"value": truth}),
            self.chosen: PageInput({"index": position(self.chosen)}),
            **dict.fromkeys((*self.labels, self.right, self.delete, self.export), PageInput(event=click)),
        }

    def _delete(self) -> None:
        if self._kept and self._is_own and (chosen := self.chosen.value):
            self._kept.remove({chosen})
            self._tell("")
            self._show_gallery()

    def _export(self) -> None:
        if self._kept and self._is_own:
            drawings = self._kept.read().drawings
            folder = self._kept.path.parent / f"drawings-{datetime.now(UTC):%Y%m%d-%H%M%S}"
            export(drawings, folder)
            self._tell(self._translation.exported.format(count=len(drawings), folder=printable(str(folder))))

    def _show_gallery(self) -> None:
        """Show what is kept, if it is to be shown: the newest first."""
        is_shown = self.shown.value and self._is_own
        self._tools.layout.display = None if is_shown else "none"
        self._gallery.value = ""
        if not is_shown or self._kept is None:
            return
        contents = self._kept.read()
        drawings = contents.drawings[::-1][:SHOWN]
        listed = [(f"{each.label} · {each.id}", each.id) for each in drawings]
        self.chosen.options = [(self._translation.choose, ""), *listed]
        counted = self._translation.counted.format(count=len(contents.drawings), file=printable(str(self._kept.path)))
        damaged = self._translation.damaged.format(count=len(contents.damaged)) if contents.damaged else ""
        self._gallery.value = f"<p>{escape(counted)} {damaged}</p>{gallery(drawings, self._translation.kept_caption)}"

    def _tell(self, text: str) -> None:
        self._told.value = f'<span role="status">{escape(text)}</span>'

    def _arranged(self) -> list[widgets.Widget]:
        if self._kept is None:
            self._tell(self._translation.keeps_nothing)
            return [self._told]
        labels = widgets.Box([widgets.Label(self._translation.really), *self.labels])
        labels.add_class("mnistlab-labels")
        others = widgets.Box([self.right, self.writer, *([self.shown] if self._is_own else [])])
        for box, name in ((others, "keep"), (self._tools, "kept-tools")):
            box.add_class(f"mnistlab-{name}")
        if not self._is_own:
            self._tell(self._translation.keeps_here)
        return [labels, others, self._told, self._tools, self._gallery]


def _model(answer: Answer) -> KeptModel:
    return KeptModel(name=answer.model.name[:MAX_NAME], sha256=recorded_sha256(answer.model.folder))
