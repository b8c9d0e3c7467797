"""What the drawing pad shows of a whole number: its text, large, and a box around each digit."""

from html import escape

import ipywidgets as widgets

from mnistlab.reading.number import Number, NumberDigit
from mnistlab.widgets.drawing.sheet import NUMBER_SHEET
from mnistlab.widgets.page_input import PageInput, position
from mnistlab.widgets.results.answer_view import number_told
from mnistlab.widgets.translations import Translation

NO_WIDTH = "\u200b"


class NumberRow(widgets.VBox):
    """A number whose digits are buttons: the one touched is the one whose bars are shown.

    At first it is the one that the model is least sure of.

    Parameters
    ----------
    translation : Translation

    Attributes
    ----------
    digits : ipywidgets.ToggleButtons
        One button for each digit.
    boxes : ipywidgets.HTML
        To be laid over the drawing: a box around each digit.
    """

    def __init__(self, translation: Translation) -> None:
        self._translation = translation
        self._number: Number | None = None
        self.digits = widgets.ToggleButtons(options=[]).add_class("mnistlab-digits")
        self.boxes = widgets.HTML().add_class("mnistlab-boxes")
        self._told = widgets.HTML()
        super().__init__([self.digits, self._told])
        self.add_class("mnistlab-number-row")

    @property
    def chosen(self) -> NumberDigit | None:
        """The digit whose bars are shown; None if nothing was read."""
        return None if self._number is None else self._number.digits[self.digits.index]

    def show(self, number: Number | None) -> None:
        """Show a number, or nothing; the chosen digit stays chosen while their count stays."""
        self._number = number
        labels = _labels(number)
        if [label for label, _ in self.digits.options] != labels:
            stays = len(labels) == len(self.digits.options)
            index = self.digits.index if stays else _least_sure(number)
            self.digits.options = [(label, place) for place, label in enumerate(labels)]
            self.digits.index = index
        self.digits.layout.display = None if labels else "none"
        self._told.value = self._words(number) if number else ""
        self.show_boxes()

    def show_boxes(self) -> None:
        """Mark the digit that is chosen now."""
        digits = self._number.digits if self._number else ()
        self.boxes.value = "".join(_box(digit, digit is self.chosen) for digit in digits)

    def page_inputs(self) -> dict[widgets.Widget, PageInput]:
        """Return what a page may change of these widgets."""
        return {self.digits: PageInput({"index": position(self.digits)})}

    def _words(self, number: Number) -> str:
        told = escape(number_told(number, self._translation))
        return f'<div>{told}</div><div class="mnistlab-sure">{self._translation.touch}</div>'


def _labels(number: Number | None) -> list[str]:
    """Each with as many spaces of no width as there are digits.

    A page only compares the new labels with the old ones, and would keep the last buttons of a longer number that
    begins in the same way.
    """
    return [digit.text + len(number.digits) * NO_WIDTH for digit in number.digits] if number else []


def _least_sure(number: Number | None) -> int | None:
    if number is None:
        return None
    sure = [digit.prediction.confidence * digit.prediction.is_digit for digit in number.digits]
    return sure.index(min(sure))


def _box(digit: NumberDigit, is_chosen: bool) -> str:
    """In shares of the sheet, because a narrow page shows it smaller."""
    left, top, right, bottom = (
        100 * side / size for side, size in zip(digit.box, (NUMBER_SHEET.width, NUMBER_SHEET.height) * 2, strict=True)
    )
    name = "mnistlab-box mnistlab-touched" if is_chosen else "mnistlab-box"
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{right - left:.2f}%;height:{bottom - top:.2f}%"
    return f'<div class="{name}" style="{place}"></div>'
