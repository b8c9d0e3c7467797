import numpy as np
import pytest

from mnistlab.prediction import Predictor
from mnistlab.preprocessing import image_from_drawing
from mnistlab.strokes import Drawing, place, rasterize, replay


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


@pytest.mark.parametrize("width", [0, 0.9, -3, np.nan, np.inf])
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


class Paper:
    """Takes strokes, and keeps none."""

    def start_stroke(self, x: float, y: float) -> None: ...

    def extend_stroke(self, x: float, y: float) -> None: ...

    def end_stroke(self) -> None: ...


TAKE_A_DRAWING = {
    "rasterize": rasterize,
    "replay": lambda drawing: replay(Paper(), drawing),
    "image_from_drawing": image_from_drawing,
    "predict_drawing": lambda drawing: Predictor.pretrained().predict_drawing(drawing),
    "read_number": lambda drawing: Predictor.pretrained().read_number(drawing),
}


@pytest.mark.parametrize("door", TAKE_A_DRAWING)
@pytest.mark.parametrize(
    ("drawing", "complaint"),
    [
        ([[(90, 80), (np.nan, 80)]], "a point that is not two finite numbers, .*: leave it out"),
        ([[(90, 80)], [(90, np.inf)]], "a point that is not two finite numbers"),
        ([[(90, 80), (1e300, 90)]], "a point that is not two finite numbers, 1e\\+09 at most"),
        ([[(0.3, 0.2), (0.7, 0.2)], [(0.5, 0.9)]], "between 0 and 1: multiply them by 280 to get canvas pixels"),
        ([np.array([[0, 0], [1, 1]])], "between 0 and 1: multiply them by 280"),
        ([(90, 80), (190, 80)], "expected a list of strokes, each a list of points"),
        ([[90, 80], [190, 80]], "expected a list of strokes"),
        ([[(90, 80, 1)]], "expected a list of strokes"),
        ([[(90, 80), (190,)]], "expected a list of strokes"),
        ([[("90", "80")]], "expected a list of strokes"),
        ([[None]], "expected a list of strokes"),
        ([7], "expected a list of strokes"),
        (7, "expected a list of strokes"),
        (None, "expected a list of strokes"),
    ],
    ids=[
        *["NaN", "infinite", "far", "shares", "array of shares", "one stroke", "numbers", "three", "ragged", "texts"],
        *["no point", "no stroke", "a number", "nothing"],
    ],
)
def test_a_drawing_that_is_not_in_canvas_pixels_is_an_error_that_says_what_to_do(
    door: str, drawing: Drawing, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        TAKE_A_DRAWING[door](drawing)


def test_the_remedy_names_the_canvas() -> None:
    with pytest.raises(ValueError, match="multiply them by 100 to get"):
        rasterize([[(0.1, 0.2), (0.9, 0.8)]], 4, canvas_size=100)


def test_a_dot_may_be_anywhere_and_arrays_are_strokes() -> None:
    assert rasterize([[(0.5, 0.5)], [(0.5, 0.5)]]).any()
    assert rasterize([[(0, 0), (1, 1.01)]]).any()
    stroke = np.array([[90, 80], [190, 80]])
    np.testing.assert_array_equal(rasterize([stroke]), rasterize([[(90, 80), (190, 80)]]))
    np.testing.assert_array_equal(rasterize(np.stack([stroke, stroke + 9])), rasterize([stroke, stroke + 9]))


def test_a_small_stroke_of_a_number_is_not_taken_for_shares() -> None:
    number = Predictor.pretrained().read_number([[(100, 40), (100, 160)], [(140.6, 159.6), (140.9, 159.9)]], 1)
    assert len(number.digits) >= 1
