import numpy as np
import pytest

from mnistlab.strokes import place, rasterize


def test_a_bar_has_the_pens_width_and_round_ends() -> None:
    picture = rasterize([[(100, 100), (200, 100)]], pen_width=24)
    assert picture.shape == (280, 280)
    assert (picture[:, 150] > 127).sum() == pytest.approx(24, abs=1)
    assert (picture[100] > 127).sum() == pytest.approx(124, abs=1)
    assert picture[90, 90] < 128 < picture[92, 92], "the corner is round: 12 pixels from the end"


def test_a_point_is_a_dot_and_edges_are_smooth() -> None:
    picture = rasterize([[(20.5, 10.25)]], pen_width=10, canvas_size=40)
    assert picture.sum() / 255 == pytest.approx(np.pi * 25, rel=0.1)
    assert len(np.unique(picture)) > 2


def test_each_stroke_may_have_its_pen_width() -> None:
    picture = rasterize([[(50, 10), (50, 270)], [(200, 10), (200, 270)]], pen_width=[8, 40])
    across = picture[140] > 127
    assert (across[:125].sum(), across[125:].sum()) == pytest.approx((8, 40), abs=1)
    with pytest.raises(ValueError, match="2 strokes need 2 pen widths, or one for all: got 1"):
        rasterize([[(1, 1)], [(2, 2)]], pen_width=[8])


@pytest.mark.parametrize("width", [0, 0.9, -3])
def test_a_pen_that_is_too_thin_to_draw_is_an_error(width: float) -> None:
    with pytest.raises(ValueError, match=f"a pen must be at least 1 canvas pixel wide: got {width}"):
        rasterize([[(1, 1)]], pen_width=width)
    assert rasterize([[(1, 1)]], pen_width=1).any()


def test_strokes_are_cut_off_at_the_edge_and_an_empty_drawing_is_all_background() -> None:
    assert rasterize([[(-100, 140), (400, 140)]])[140].all()
    assert not rasterize([]).any()
    assert not rasterize([[]]).any()


def test_a_drawing_is_placed_by_its_bounding_box() -> None:
    placed = place([[(0, 0), (10, 0)], [(10, 40)]], size=200, centre=(100, 150))
    assert placed == [[(75, 50), (125, 50)], [(125, 250)]]


def test_a_tilt_is_clockwise() -> None:
    ((top, bottom),) = place([[(0, 0), (0, 10)]], size=100, centre=(0, 0), tilt=90)
    assert top == pytest.approx((50, 0))
    assert bottom == pytest.approx((-50, 0))


def test_a_dot_is_only_moved_and_an_empty_drawing_is_an_error() -> None:
    assert place([[(7, 7)]], size=100, centre=(5, 6)) == [[(5, 6)]]
    with pytest.raises(ValueError, match="empty"):
        place([[]], size=100)
