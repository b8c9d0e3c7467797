import gzip
import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets import formats
from mnistlab.datasets.formats import read_compressed, read_glyphs, read_idx, read_limited, read_unipen
from mnistlab.errors import DataDamagedError

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


@pytest.mark.parametrize("line", ["1 2", "12 three", "nan 1", "1 inf", "hello", '.SEGMENT DIGIT 0 ? "x"'])
def test_a_line_that_makes_no_sense_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"line 1 of the UNIPEN text, "):
        read_unipen(line)


def test_glyphs_are_read_and_what_is_no_digit_is_left_out() -> None:
    glyph = [[[1, 2], [3, 4]], [[5, 6]]]
    drawn = read_glyphs(json.dumps({"rawData": {"7": [glyph], "x": [glyph], "0": [glyph, glyph]}}))
    assert [d.label for d in drawn] == [0, 0, 7]
    assert drawn[2] == ([[(1, 2), (3, 4)], [(5, 6)]], 7, -1)


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


def idx(shape: tuple[int, ...], body: bytes) -> bytes:
    return gzip.compress(struct.pack(f">{1 + len(shape)}I", 0x0800 + len(shape), *shape) + body)


def test_an_idx_file_is_read_in_its_shape(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(idx((2, 3), bytes(range(6))))
    np.testing.assert_array_equal(read_idx(tmp_path / "file", 2), [[0, 1, 2], [3, 4, 5]])


def test_of_a_gzip_file_no_more_is_decompressed_than_its_header_says(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(idx((2, 3), bytes(50_000_000)))
    with pytest.raises(DataDamagedError, match=r"expected 6 bytes for \(2, 3\), found more"):
        read_idx(path, 2)
    path.write_bytes(idx((0xFFFFFFFF, 0xFFFFFFFF), b""))
    with pytest.raises(DataDamagedError, match="expected at most 200,000,000 bytes, found 18,446,744,065,119,617,025"):
        read_idx(path, 2)


def test_whatever_is_wrong_with_an_idx_file_is_the_same_error(tmp_path: Path) -> None:
    good, path = idx((20, 28, 28), np.random.default_rng(0).bytes(20 * 784)), tmp_path / "file"
    rng = np.random.default_rng(0)
    for number in range(200):
        content = bytearray(good)
        content[rng.integers(10, len(good))] ^= 1 << rng.integers(8)
        path.write_bytes(content if number % 2 else good[: rng.integers(len(good))])
        with pytest.raises(DataDamagedError):
            read_idx(path, 3)


def test_a_pipe_is_no_file_of_a_dataset(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataDamagedError, match="a pipe, a socket or a device"):
        read_idx(tmp_path / "pipe", 1)
    with pytest.raises(DataDamagedError, match="a pipe, a socket or a device"):
        read_compressed(tmp_path / "pipe")


def test_a_file_that_is_too_large_for_drawings_is_not_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_TEXT", 3)
    (tmp_path / "file").write_text("1234")
    with pytest.raises(ValueError, match="not a file of drawings"):
        read_limited(tmp_path / "file")
