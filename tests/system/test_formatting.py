import pytest

from mnistlab.system.formatting import printable, short


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("two\nlines\r\t", r"two\nlines\r\t"),
        ("\x7f\x85\x9b0m\0", r"\x7f\x85\x9b0m\x00"),
        ("\u202egnp.exe\u2066\u200f\u2028", r"\u202egnp.exe\u2066\u200f\u2028"),
        ("\udcff\ud800", r"\udcff\ud800"),
        ("숫자 é 7 😀 \\", "숫자 é 7 😀 \\"),
    ],
)
def test_control_characters_are_visible_and_letters_stay(text: str, shown: str) -> None:
    assert printable(text) == short(text) == shown


def test_the_newlines_of_text_of_several_lines_may_stay() -> None:
    assert printable("a\n\x1b", keep="\n") == "a\n\\x1b"
