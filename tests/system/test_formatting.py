import pytest

from mnistlab.system.formatting import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 글자 é", "plain 글자 é"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("over\rwritten\n\tand\x00", "over\\rwritten\\n\\tand\\x00"),
        ("\x9b31m\x7f", "\\x9b31m\\x7f"),
        ("txt.\u202egpj", "txt.\\u202egpj"),
        ("\u2066\u2069\u200b\ufeff\u2028", "\\u2066\\u2069\\u200b\\ufeff\\u2028"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped_and_letters_stay(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_newline_can_be_kept() -> None:
    assert printable("a\nb\r", keep="\n") == "a\nb\\r"
