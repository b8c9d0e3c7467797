import pytest

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.pendigits import read_pendigits

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


def test_pen_digits_give_strokes_with_y_downwards_label_and_writer() -> None:
    first, second = read_pendigits(UNIPEN)
    assert first == LabelledDrawing([[(267, -333), (264, -344)], [(10, -20)]], 8, 12)
    assert second == LabelledDrawing([[(249, -234)]], 2, 26)


@pytest.mark.parametrize("line", ["1 2", "12 three", "nan 1", "1 inf", "hello", '.SEGMENT DIGIT 0 ? "x"'])
def test_a_line_that_makes_no_sense_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"line 1 of the UNIPEN text, "):
        read_pendigits(line)
