import json

import numpy as np
import pytest

from mnistlab.datasets.formats import read_glyphs, read_unipen
from mnistlab.strokes import place, rasterize

UNIPEN = """
.INCLUDE        dene.doc

.SEGMENT DIGIT    0 ? "8"
.COMMENT 8 12  224
.PEN_DOWN
 267  333
 264  344
.PEN_UP
.DT 100
.PEN_DOWN
 10  20
.PEN_UP

.SEGMENT DIGIT    1 ? "2"
.COMMENT 2 26   54
.PEN_DOWN
 249  234
.PEN_UP
"""


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


def test_unipen_gives_strokes_with_y_downwards_label_and_writer() -> None:
    first, second = read_unipen(UNIPEN)
    assert first == ([[(267, -333), (264, -344)], [(10, -20)]], 8, 12)
    assert second == ([[(249, -234)]], 2, 26)


@pytest.mark.parametrize("line", ["1 2", "12 three", "hello", '.SEGMENT DIGIT 0 ? "x"'])
def test_a_line_that_makes_no_sense_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"line 1 of the UNIPEN text, "):
        read_unipen(line)


def test_glyphs_are_read_and_what_is_no_digit_is_left_out() -> None:
    glyph = [[[1, 2], [3, 4]], [[5, 6]]]
    drawn = read_glyphs(json.dumps({"rawData": {"7": [glyph], "x": [glyph], "0": [glyph, glyph]}}))
    assert [d.label for d in drawn] == [0, 0, 7]
    assert drawn[2] == ([[(1, 2), (3, 4)], [(5, 6)]], 7, -1)


@pytest.mark.parametrize("text", ["no json", "[]", '{"rawData": {"1": [[[1]]]}}'])
def test_json_of_another_kind_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not the JSON of glyphs"):
        read_glyphs(text)
