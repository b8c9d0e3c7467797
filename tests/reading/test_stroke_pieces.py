import numpy as np
import pytest

from mnistlab.reading.stroke_pieces import HEIGHT, pieces_of_drawing
from mnistlab.strokes import Drawing

ZERO = [(100 + 40 * np.cos(t), 100 + 60 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 30)]


def stem(x: float) -> list[tuple[float, float]]:
    return [(x, 40), (x, 160)]


def bar(x: float, y: float = 100) -> list[tuple[float, float]]:
    return [(x - 25, y), (x + 25, y)]


@pytest.mark.parametrize(
    ("drawing", "together"),
    [
        pytest.param([stem(100), bar(100)], True, id="strokes that cross"),
        pytest.param([ZERO, [(70, 160), (130, 40)]], True, id="the slash of a zero"),
        pytest.param([ZERO, [(100, 100)]], True, id="the dot in a zero"),
        pytest.param(
            [bar(100, 40), [(80, 50), (80, 100), (120, 110), (110, 160), (75, 160)]], True, id="the top of a 5"
        ),
        pytest.param([stem(60), stem(130)], False, id="strokes with a gap"),
        pytest.param([stem(55), ZERO], False, id="digits whose ink touches"),
    ],
)
def test_strokes_that_cross_or_lie_over_each_other_belong_together(drawing: Drawing, together: bool) -> None:
    pieces = pieces_of_drawing(drawing, 10, None)
    assert (pieces.together[0, 0] > 0) == together
    assert (pieces.together[0, 1:] == -np.inf).all()


def test_pieces_go_from_left_to_right_whatever_the_order_in_time() -> None:
    pieces = pieces_of_drawing([stem(200), stem(50), bar(205), stem(120)], 10, None)
    assert pieces.strokes == ((1,), (3,), (0,), (2,))


def test_strokes_on_one_heap_are_one_piece_and_their_neighbours_stay() -> None:
    rng = np.random.default_rng(0)
    heap = [rng.uniform((200, 40), (300, 160), (8, 2)).tolist() for _ in range(40)]
    pieces = pieces_of_drawing([stem(20), bar(20), *heap, stem(480)], 10, None)
    assert [set(strokes) for strokes in pieces.strokes] == [{0}, {1}, set(range(2, 42)), {42}]


def test_four_strokes_of_one_digit_stay_apart() -> None:
    pieces = pieces_of_drawing([stem(100), bar(100, 60), bar(100, 100), bar(100, 140)], 10, None)
    assert len(pieces.patches) == 4


def test_large_drawings_are_reduced_and_small_ones_are_not() -> None:
    drawing = [stem(100), stem(200)]
    assert pieces_of_drawing(drawing, 10, None).scale == 1
    large = pieces_of_drawing([[(10 * x, 10 * y) for x, y in stroke] for stroke in drawing], 100, None)
    assert large.scale == HEIGHT / 1200
    assert [len(patch.ink) for patch in large.patches] == pytest.approx([HEIGHT + 100 / 6] * 2, abs=2)
    assert large.patches[1].left - large.patches[0].left == pytest.approx(1000 / 6, abs=1)


def test_a_line_far_longer_than_a_digit_takes_no_more_memory_than_others() -> None:
    pieces = pieces_of_drawing(
        [stem(100), stem(200), stem(300), stem(400), stem(500), [(0, 170), (1e6, 170)]], 10, None
    )
    assert max(patch.ink.size for patch in pieces.patches) < 20_000


def test_what_lies_outside_the_canvas_is_cut_off() -> None:
    (patch,) = pieces_of_drawing([stem(100), stem(400)], 10, 150).patches
    assert (patch.left, patch.right, patch.bottom) == (95, 105, 150)


@pytest.mark.parametrize("drawing", [[], [[]], [stem(900)]], ids=["nothing", "no points", "outside"])
def test_a_blank_drawing_is_an_error(drawing: Drawing) -> None:
    with pytest.raises(ValueError, match="the drawing is blank"):
        pieces_of_drawing(drawing, 10, 280)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_point_that_is_not_finite_is_an_error(number: float) -> None:
    with pytest.raises(ValueError, match="not two finite numbers"):
        pieces_of_drawing([stem(100), [(number, 3), (4, 5)]], 10, None)


def test_the_widths_of_pens_must_fit_as_those_of_every_drawing() -> None:
    with pytest.raises(ValueError, match="2 strokes need 2 pen widths"):
        pieces_of_drawing([stem(100), stem(200)], [10, 10, 10], None)
    widths = pieces_of_drawing([stem(100), stem(200)], [10, 20], None).patches
    assert [patch.ink.shape[1] for patch in widths] == [10, 20]
