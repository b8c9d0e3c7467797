import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnistlab.strokes import rasterize, replay
from mnistlab.widgets.recorder import StrokeRecorder

COORDINATE = st.floats(-50, 330)
STROKES = st.lists(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=6), max_size=4)


class Pen:
    """Draws on a recorder with one width."""

    def __init__(self, recorder: StrokeRecorder, width: float) -> None:
        self.recorder, self.width = recorder, width

    def start_stroke(self, x: float, y: float) -> None:
        self.recorder.start(x, y, self.width)

    def extend_stroke(self, x: float, y: float) -> None:
        self.recorder.extend(x, y)

    def end_stroke(self) -> None:
        self.recorder.end()


def recorded(strokes: list[list[tuple[float, float]]], width: float = 24) -> StrokeRecorder:
    recorder = StrokeRecorder()
    replay(Pen(recorder, width), strokes)
    return recorder


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


def test_points_outside_the_canvas_are_moved_to_its_edge() -> None:
    assert recorded([[(-5, 10), (300, 281)]]).strokes == [[(0, 10), (280, 280)]]


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
    assert not recorder.picture().any()


def test_strokes_and_widths_are_copies() -> None:
    recorder = recorded([[(10, 10)]])
    recorder.strokes[0].append((1, 1))
    recorder.widths.append(3)
    assert (recorder.strokes, recorder.widths) == ([[(10, 10)]], [24])


@given(STROKES, st.integers(8, 40))
def test_the_picture_is_what_rasterize_makes_of_the_strokes_also_after_undo(
    strokes: list[list[tuple[float, float]]], width: int
) -> None:
    recorder = recorded(strokes, width)
    np.testing.assert_array_equal(recorder.picture(), rasterize(recorder.strokes, recorder.widths))
    recorder.undo()
    np.testing.assert_array_equal(recorder.picture(), rasterize(recorder.strokes, recorder.widths))
