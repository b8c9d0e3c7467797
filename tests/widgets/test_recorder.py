import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnistlab.strokes import rasterize, replay
from mnistlab.widgets.recorder import StrokeRecorder

COORDINATE = st.floats(-50, 330)
STROKES = st.lists(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=6), max_size=4)


class Hand:
    """Draws on a sketch with one pen."""

    def __init__(self, sketch: StrokeRecorder, width: float) -> None:
        self.sketch, self.width = sketch, width

    def start_stroke(self, x: float, y: float) -> None:
        self.sketch.start(x, y, self.width)

    def extend_stroke(self, x: float, y: float) -> None:
        self.sketch.extend(x, y)

    def end_stroke(self) -> None:
        self.sketch.end()


def drawn(strokes: list[list[tuple[float, float]]], width: float = 24) -> StrokeRecorder:
    sketch = StrokeRecorder()
    replay(Hand(sketch, width), strokes)
    return sketch


def test_a_stroke_grows_while_the_pen_is_down() -> None:
    sketch = StrokeRecorder()
    assert sketch.start(10, 20, 8) == (10, 20)
    assert sketch.extend(30, 40) == ((10, 20), (30, 40))
    assert sketch.extend(30, 40) is None, "it has not moved"
    assert sketch.end()
    assert not sketch.end()
    assert sketch.extend(50, 50) is None, "the pen is up"
    assert sketch.strokes == [[(10, 20), (30, 40)]]
    assert sketch.widths == [8]


def test_points_beyond_the_edge_are_moved_onto_it() -> None:
    assert drawn([[(-5, 10), (300, 281)]]).strokes == [[(0, 10), (280, 280)]]


def test_undo_takes_the_last_stroke_and_clear_all() -> None:
    sketch = drawn([[(10, 10)], [(50, 50), (60, 60)]])
    sketch.undo()
    assert sketch.strokes == [[(10, 10)]]
    assert sketch.extend(20, 20) is None, "what is left cannot grow"
    sketch.undo()
    sketch.undo()
    assert sketch.strokes == []
    sketch = drawn([[(10, 10)], [(50, 50)]])
    sketch.clear()
    assert sketch.strokes == sketch.widths == []
    assert not sketch.picture().any()


def test_what_is_given_out_is_a_copy() -> None:
    sketch = drawn([[(10, 10)]])
    sketch.strokes[0].append((1, 1))
    sketch.widths.append(3)
    assert (sketch.strokes, sketch.widths) == ([[(10, 10)]], [24])


@given(STROKES, st.integers(8, 40))
def test_the_ink_is_what_rasterize_makes_of_the_strokes_also_after_undo(
    strokes: list[list[tuple[float, float]]], width: int
) -> None:
    sketch = drawn(strokes, width)
    np.testing.assert_array_equal(sketch.picture(), rasterize(sketch.strokes, sketch.widths))
    sketch.undo()
    np.testing.assert_array_equal(sketch.picture(), rasterize(sketch.strokes, sketch.widths))
