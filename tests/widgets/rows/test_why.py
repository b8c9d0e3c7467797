import io

import ipywidgets as widgets
import numpy as np
import pytest
from pads import recorded
from PIL import Image

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.widgets.drawing.recorder import Recording
from mnistlab.widgets.model_choice import LoadedModel, pretrained_model
from mnistlab.widgets.results.answer import Answer, timed_answer
from mnistlab.widgets.rows.why import WhyRow
from mnistlab.widgets.translations import LANGUAGES

TEXT = LANGUAGES["en"]
SEVEN = EXAMPLES[9]


class Pad:
    """What the row asks of a pad."""

    def __init__(self) -> None:
        recorder = recorded(SEVEN.drawing)
        self.drawn: Recording | None = recorder.recording()
        self.answer: Answer | None = timed_answer(LoadedModel(), pretrained_model(), recorder.revision, self.drawn)
        self.errors: list[Exception] = []

    def __call__(self) -> tuple[Recording | None, Answer | None]:
        return self.drawn, self.answer


@pytest.fixture
def pad() -> Pad:
    return Pad()


@pytest.fixture
def row(pad: Pad) -> WhyRow:
    row = WhyRow(LoadedModel(), TEXT, pad, pad.errors.append)
    row.connect(lambda callback: callback)
    return row


def told(row: WhyRow) -> str:
    return " ".join(child.value for child in row.children if isinstance(child, widgets.HTML))


def is_shown(row: WhyRow) -> bool:
    return bool(row.overlay.layout.display != "none")


def test_the_reasons_are_shown_on_the_drawing_when_they_are_asked_for(row: WhyRow, pad: Pad) -> None:
    row.update(pad.answer)
    assert not is_shown(row)
    row.shown.value = True
    assert is_shown(row)
    picture = np.asarray(Image.open(io.BytesIO(row.overlay.value)))
    assert pad.drawn
    np.testing.assert_array_equal(picture[..., 3], pad.drawn.picture)
    assert "speaks for 7" in told(row)
    row.shown.value = False
    assert not is_shown(row)
    assert told(row).strip() == ""


def test_the_digit_can_be_compared_with_another(row: WhyRow) -> None:
    row.shown.value = True
    alone = row.overlay.value
    row.other.value = 1
    assert "speaks for 7 and not 1" in told(row)
    assert row.overlay.value != alone
    row.other.value = 7
    assert "and not" not in told(row), "with itself it cannot"


def test_a_drawing_that_changes_loses_its_reasons(row: WhyRow, pad: Pad) -> None:
    row.shown.value = True
    pad.answer = None
    row.update(None)
    assert not is_shown(row)
    assert not pad.errors


def test_nothing_drawn_has_no_reasons(row: WhyRow, pad: Pad) -> None:
    pad.drawn = pad.answer = None
    row.shown.value = True
    assert not is_shown(row)
    assert not pad.errors
