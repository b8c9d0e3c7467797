import json

import pytest

from mnistlab.datasets.formats import read_glyphs, read_unipen

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
