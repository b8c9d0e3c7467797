from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets
import numpy as np
import pytest
from pads import recorded

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.keeping.file import KeptDrawings
from mnistlab.keeping.place import KeepingPlace
from mnistlab.reading.prediction import Prediction
from mnistlab.widgets.drawing.recorder import Recording
from mnistlab.widgets.model_choice import pretrained_model
from mnistlab.widgets.results.answer import Answer
from mnistlab.widgets.rows.keeping import KeepingRow
from mnistlab.widgets.translations import LANGUAGES

TEXT = LANGUAGES["en"]


def recording(number: int) -> Recording:
    drawn = recorded(EXAMPLES[number].drawing).recording()
    assert drawn
    return drawn


def answer(digit: int) -> Answer:
    return Answer(pretrained_model(), Prediction(np.eye(10, dtype=np.float32)[digit], np.zeros((28, 28), np.uint8)), 0)


class Pad:
    """What the row asks of a pad."""

    def __init__(self) -> None:
        self.drawn: Recording | None = None
        self.answer: Answer | None = None

    def __call__(self) -> tuple[Recording | None, Answer | None]:
        return self.drawn, self.answer


def row_of(place: KeepingPlace, pad: Pad) -> KeepingRow:
    row = KeepingRow(place, TEXT, pad)
    row.connect(lambda callback: callback)
    return row


@pytest.fixture
def file(tmp_path: Path) -> KeptDrawings:
    return KeptDrawings(tmp_path / "drawings.jsonl")


def told(row: KeepingRow) -> str:
    return " ".join(child.value for child in row.children if isinstance(child, widgets.HTML))


def test_a_drawing_whose_stroke_left_the_canvas_is_kept(file: KeptDrawings) -> None:
    pad = Pad()
    pad.drawn = recorded([[(10, 10), (-90, 10), (140, 999)]]).recording()
    row_of(KeepingPlace(file, is_own=True), pad).keep(7)
    (drawing,) = file.read().drawings
    assert drawing.strokes == (((10, 10), (-20, 10), (140, 300)),)


def test_a_drawing_is_kept_with_the_digit_that_it_really_is(file: KeptDrawings) -> None:
    pad = Pad()
    pad.drawn, pad.answer = recording(6), answer(3)
    row = row_of(KeepingPlace(file, is_own=True), pad)
    row.writer.value = "Min-ji"
    row.labels[5].click()
    (kept,) = file.read().drawings
    assert (kept.label, kept.writer, kept.is_misread) == (5, "Min-ji", True)
    assert kept.answer
    assert (kept.answer.digit, kept.answer.model.name) == (3, "drawn")
    assert np.abs(kept.picture().astype(int) - pad.drawn.picture).mean() < 0.1
    assert "Kept as a 5" in told(row)


def test_right_keeps_the_answer_and_needs_one(file: KeptDrawings) -> None:
    pad = Pad()
    row = row_of(KeepingPlace(file, is_own=True), pad)
    row.right.click()
    pad.drawn = recording(6)
    row.right.click()
    assert TEXT.nothing_to_keep in told(row)
    assert not file.path.exists()
    pad.answer = answer(5)
    row.right.click()
    (kept,) = file.read().drawings
    assert (kept.label, kept.is_misread) == (5, False)


def test_the_gallery_shows_deletes_and_exports(file: KeptDrawings, tmp_path: Path) -> None:
    pad = Pad()
    row = row_of(KeepingPlace(file, is_own=True), pad)
    for number in (6, 9):
        pad.drawn = recording(number)
        row.keep(EXAMPLES[number].label)
    assert "data-id" not in told(row)
    row.shown.value = True
    assert told(row).count("data-id") == 2
    newest = row.chosen.options[1][1]
    row.delete.click()
    assert len(file.read().drawings) == 2, "none is chosen"
    row.export.click()
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert len([*folder.glob("*.png")]) == 2
    row.chosen.value = newest
    row.delete.click()
    assert [drawing.label for drawing in file.read().drawings] == [EXAMPLES[6].label]
    assert told(row).count("data-id") == 1


def test_where_nothing_may_be_kept_it_says_so_and_keeps_nothing() -> None:
    pad = Pad()
    pad.drawn, pad.answer = recording(6), answer(5)
    row = row_of(KeepingPlace(None, is_own=False), pad)
    assert TEXT.keeps_nothing in told(row)
    assert not any(isinstance(child, widgets.Box) for child in row.children)
    row.keep(5)


def test_the_file_of_somebody_else_takes_drawings_and_shows_none(file: KeptDrawings) -> None:
    pad = Pad()
    pad.drawn = recording(6)
    row = row_of(KeepingPlace(file, is_own=False), pad)
    assert TEXT.keeps_here in told(row)
    row.labels[5].click()
    row.shown.value = True
    assert "data-id" not in told(row)
    assert len(row.chosen.options) == 1
    row.delete.click()
    row.export.click()
    assert len(file.read().drawings) == 1
    assert len([*file.path.parent.iterdir()]) == 2, "the file and its lock"


def test_errors_go_to_the_pad(file: KeptDrawings) -> None:
    caught: list[Exception] = []

    def wrap(callback: Callable[..., None]) -> Callable[..., None]:
        def run(*arguments: object) -> None:
            try:
                callback(*arguments)
            except OSError as error:
                caught.append(error)

        return run

    pad = Pad()
    pad.drawn = recording(6)
    row = KeepingRow(KeepingPlace(file, is_own=True), TEXT, pad)
    row.connect(wrap)
    file.path.mkdir()
    row.labels[1].click()
    assert caught
