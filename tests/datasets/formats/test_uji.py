import json
import random
from pathlib import Path

import pytest
from uji_files import WRITERS, as_json, as_text, some_digits

from mnistlab.datasets.download import fetch
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.uji import digits_sha256, read_glyphs, read_pen_characters, read_uji
from mnistlab.datasets.sources import UJI
from mnistlab.errors import DataNotFoundError

DIGITS = some_digits()


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_text_and_json_give_the_same_digits_and_writers(tmp_path: Path, newline: str, encoding: str) -> None:
    text = put(tmp_path, "digits.txt", as_text(DIGITS, newline).encode(encoding))
    assert read_uji(text) == read_uji(put(tmp_path, "digits.json", as_json(DIGITS))) == DIGITS
    assert [labelled.writer for labelled in DIGITS[:4]] == [1, 1, 2, 2]


def test_the_digits_come_in_the_same_order_whatever_the_order_of_the_text() -> None:
    header, *characters = as_text(DIGITS).split("WORD ")
    random.Random(0).shuffle(characters)
    assert read_pen_characters("WORD ".join([header, *characters])) == DIGITS


def test_the_sha256_is_that_of_the_digits_alone(tmp_path: Path) -> None:
    digest = digits_sha256(put(tmp_path, "digits.json", as_json(DIGITS)))
    assert digits_sha256(put(tmp_path, "digits.txt", as_text(DIGITS[::-1]))) == digest
    moved = [DIGITS[0]._replace(drawing=[[(0, 1), (2, 3)]]), *DIGITS[1:]]
    relabelled = [DIGITS[0]._replace(label=1), *DIGITS[1:]]
    for others in (moved, relabelled, DIGITS[1:], [*DIGITS, DIGITS[0]]):
        assert digits_sha256(put(tmp_path, "digits.txt", as_text(others))) != digest


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("WORD 7 trn_UJI_W01-01\n  NUMSTROKES 2\n  POINTS 1 # 5 6\n", "'NUMSTROKES 2', but 1 strokes"),
        ("WORD 7 trn_UJI_W01-01\n  NUMSTROKES 1\n  POINTS 2 # 5 6\n", "'POINTS 2', but 1 points"),
        ("WORD 7 trn_UJI_W01-01\n  NUMSTROKES 1\n  POINTS 1 # 5 6 7\n", "zip"),
        ("WORD 7 trn_UJI_W01-01\n  NUMSTROKES 1\n  POINTS 1 # 5 six\n", "'six'"),
        ("WORD 7 trn_UJI_W01-01\n", "not enough values"),
        ("WORD 7 nobody\n  NUMSTROKES 1\n  POINTS 1 # 5 6\n", "'nobody'"),
    ],
    ids=["a stroke short", "a point short", "half a point", "no number", "name only", "no writer"],
)
def test_a_malformed_digit_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=rf"character 'WORD 7 .*{complaint}"):
        read_pen_characters(text)


def test_characters_that_are_not_digits_may_have_any_form() -> None:
    assert read_pen_characters("// WORD\nWORD a trn\n  POINTS many\nWORD 10 x\nWORD € y\n") == []


def test_the_real_digits_are_recognised_in_the_form_of_the_text(tmp_path: Path) -> None:
    try:
        (path,) = fetch(UJI)
    except DataNotFoundError as error:
        pytest.skip(str(error))
    digits = read_uji(path)
    assert (len(digits), {labelled.writer for labelled in digits}) == (1200, set(range(1, 61)))
    text = put(tmp_path, "ujipenchars2.txt", as_text(digits, "\r\n"))
    assert {"ujipenchars2.txt": digits_sha256(text)} == UJI.sha256
    assert read_uji(text) == digits


def test_the_small_files_are_like_the_real_ones() -> None:
    assert len(DIGITS) == 10 * 2 * WRITERS
    assert json.loads(as_json(DIGITS))["rawData"].keys() == set("0123456789")
    text = as_text(DIGITS)
    assert "// ASCII char: a\n" in text
    assert "WORD ñ trn_UJI_W01-01\n  NUMSTROKES 1\n  POINTS 3 # " in text


def test_glyphs_are_read_and_what_is_no_digit_is_left_out() -> None:
    glyph = [[[1, 2], [3, 4]], [[5, 6]]]
    drawn = read_glyphs(json.dumps({"rawData": {"7": [glyph], "x": [glyph], "0": [glyph, glyph]}}))
    assert [d.label for d in drawn] == [0, 0, 7]
    assert drawn[2] == LabelledDrawing([[(1, 2), (3, 4)], [(5, 6)]], 7, 0)


@pytest.mark.parametrize(
    "text",
    [
        *["no json", "[]", '{"rawData": {"1": [[[1]]]}}', '{"rawData": [1]}', '{"rawData": {"1": [[["a", "b"]]]}}'],
        *['{"rawData": {"1": [["ab"]]}}', '{"rawData": {"1": [[[NaN, 1]]]}}', "[" * 100_000],
    ],
    ids=range(8),
)
def test_json_of_another_kind_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not the JSON of glyphs"):
        read_glyphs(text)
