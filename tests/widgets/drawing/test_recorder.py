import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pads import recorded

from mnistlab.keeping.limits import PEN_WIDTHS
from mnistlab.strokes import rasterize
from mnistlab.widgets.drawing import drawing_text
from mnistlab.widgets.drawing import recorder as recorders
from mnistlab.widgets.drawing.drawing_text import MAX_TEXT, checked_text
from mnistlab.widgets.drawing.recorder import StrokeRecorder

COORDINATE = st.floats(-50, 330)
STROKES = st.lists(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=6), max_size=4).map(
    lambda strokes: [[(140, 140)], *strokes]  # all between 0 and 1 would be no canvas pixels
)


def test_a_stroke_grows_while_the_pen_is_down() -> None:
    recorder = StrokeRecorder()
    assert recorder.start(10, 20, 8) == (10, 20)
    assert recorder.extend(30, 40) == ((10, 20), (30, 40))
    assert recorder.extend(30, 40) is None, "it has not moved"
    assert recorder.end()
    assert not recorder.end()
    assert recorder.extend(50, 50) is None, "the pen is up"
    assert recorder.strokes == [[(10, 20), (30, 40)]]
    assert recorder.widths == [8]


def test_a_stroke_starts_on_the_canvas_and_may_leave_it_a_little() -> None:
    assert recorded([[(-5, 10), (290, 281), (-900, 900)]]).strokes == [[(0, 10), (290, 281), (-20, 300)]]


def test_what_comes_back_has_drawn_nothing_along_the_edge() -> None:
    around = [(140, 140), (500, 140), (500, 240), (140, 240)]
    drawn = recorded([around], PEN_WIDTHS[1]).recording()
    assert drawn
    assert not drawn.picture[165:215, 260:].any(), "between the line out and the line back"


def test_a_stroke_that_is_drawn_has_a_number_of_its_own() -> None:
    recorder = recorded([[(1, 1)]])
    assert recorder.open_stroke == 0
    recorder.start(2, 2, 24)
    first = recorder.open_stroke
    recorder.extend(3, 3)
    assert recorder.open_stroke == first
    recorder.undo()
    assert recorder.open_stroke == 0
    recorder.start(2, 2, 24)
    assert recorder.open_stroke not in (0, first)


def test_a_point_that_is_no_number_is_an_error_and_the_drawing_stays() -> None:
    recorder = recorded([[(10, 10)]])
    for x, y in ((float("nan"), 3), (3, float("nan"))):
        with pytest.raises(ValueError, match="a coordinate that is not a number: leave it out"):
            recorder.start(x, y, 24)
    assert recorder.strokes == [[(10, 10)]]


def test_undo_removes_the_last_stroke_and_clear_all() -> None:
    recorder = recorded([[(10, 10)], [(50, 50), (60, 60)]])
    recorder.undo()
    assert recorder.strokes == [[(10, 10)]]
    assert recorder.extend(20, 20) is None, "the stroke that is left has ended"
    recorder.undo()
    recorder.undo()
    assert recorder.strokes == []
    recorder = recorded([[(10, 10)], [(50, 50)]])
    recorder.clear()
    assert recorder.strokes == recorder.widths == []
    assert recorder.recording() is None


def test_strokes_and_widths_are_copies() -> None:
    recorder = recorded([[(10, 10)]])
    recorder.strokes[0].append((1, 1))
    recorder.widths.append(3)
    assert (recorder.strokes, recorder.widths) == ([[(10, 10)]], [24])


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ones."""
    for module in (recorders, drawing_text):
        monkeypatch.setattr(module, "MAX_POINTS", 4)
        monkeypatch.setattr(module, "MAX_STROKES", 2)


def test_a_drawing_of_many_points_stays_and_takes_no_more_until_some_are_removed(limits: None) -> None:
    recorder = recorded([[(1, 1)], [(x, 10) for x in range(1, 9)]])
    assert recorder.is_full
    assert recorder.strokes == [[(1, 1)], [(1, 10), (2, 10), (3, 10)]]
    assert recorder.start(50, 50, 24) is None
    assert recorder.extend(60, 60) is None, "the pen is up"
    recorder.undo()
    assert not recorder.is_full
    assert recorder.start(50, 50, 24) == (50, 50)


def test_a_drawing_of_many_strokes_stays_and_the_last_can_be_ended(limits: None) -> None:
    recorder = recorded([[(1, 1)]])
    recorder.start(2, 2, 24)
    assert recorder.extend(3, 3)
    recorder.end()
    assert recorder.is_full
    assert recorder.start(4, 4, 24) is None
    assert recorder.strokes == [[(1, 1)], [(2, 2), (3, 3)]]


@given(STROKES, st.integers(8, 40))
def test_the_text_of_a_drawing_restores_it(strokes: list[list[tuple[float, float]]], width: int) -> None:
    drawn, restored = recorded(strokes, width), recorded([[(5, 5)]])
    restored.restore(drawn.as_text())
    assert restored.widths == drawn.widths
    assert [len(stroke) for stroke in restored.strokes] == [len(stroke) for stroke in drawn.strokes]
    for points, others in zip(restored.strokes, drawn.strokes, strict=True):
        np.testing.assert_allclose(points, others, atol=0.005)
    assert restored.as_text() == drawn.as_text()


def test_restored_points_and_widths_are_moved_into_their_range() -> None:
    recorder = StrokeRecorder()
    recorder.restore(json.dumps({"strokes": [[[-5, 1e9]], [[1, 1], [999, -999]]], "widths": [10**7, 0]}))
    assert (recorder.strokes, recorder.widths) == ([[(0, 280)], [(1, 1), (300, -20)]], [40, 8])


@pytest.mark.parametrize(
    "text",
    [
        None,
        3,
        "",
        "x",
        "[]",
        "{}",
        "[" * 100_000,
        " " * (MAX_TEXT + 1),
        '{"strokes": 3, "widths": []}',
        '{"strokes": [[]], "widths": [8]}',
        '{"strokes": [[[1, 2]]], "widths": []}',
        '{"strokes": [[[1]]], "widths": [8]}',
        '{"strokes": [[[1, NaN]]], "widths": [8]}',
        '{"strokes": [[["1", 2]]], "widths": [8]}',
        '{"strokes": [[[1, 2]]], "widths": [true]}',
        '{"strokes": [[[1, 2]]], "widths": [Infinity]}',
        f'{{"strokes": [[[1, 1{"0" * 400}]]], "widths": [8]}}',
    ],
)
def test_a_text_of_another_kind_is_refused_and_the_drawing_stays(text: object) -> None:
    recorder = recorded([[(10, 10)]])
    for read in (checked_text, recorder.restore):
        with pytest.raises(ValueError, match="not the text of a drawing"):
            read(text)
    assert recorder.strokes == [[(10, 10)]]


def test_a_text_of_too_many_points_or_strokes_is_refused(limits: None) -> None:
    for strokes in ([[[1, 1]] * 5], [[[1, 1]]] * 3):
        with pytest.raises(ValueError, match="too many"):
            checked_text(json.dumps({"strokes": strokes, "widths": [8] * len(strokes)}))


@given(STROKES, st.integers(8, 40))
def test_the_picture_is_what_rasterize_makes_of_the_strokes_also_after_undo(
    strokes: list[list[tuple[float, float]]], width: int
) -> None:
    recorder = recorded(strokes, width)
    while recording := recorder.recording():
        np.testing.assert_array_equal(recording.picture, rasterize(recorder.strokes, recorder.widths))
        recorder.undo()


def test_each_change_makes_another_revision() -> None:
    recorder = StrokeRecorder()
    changes = [
        lambda: recorder.start(10, 10, 12),
        lambda: recorder.extend(50, 60),
        lambda: recorder.undo(),
        lambda: recorder.restore('{"strokes": [[[10, 10]]], "widths": [12]}'),
        lambda: recorder.clear(),
    ]
    seen = [recorder.revision]
    for change in changes:
        change()
        seen.append(recorder.revision)
    assert len({*seen}) == len(seen)
    recorder.end()
    assert recorder.revision == seen[-1]
