import io
import tarfile
from pathlib import Path

import pytest

from mnistlab.datasets.formats import unipen
from mnistlab.datasets.formats.unipen import DIGIT_COUNTS, MAX_TEXT, read_characters, read_unipen_digits

INCLUDED = """.VERSION 1.0
.COORD X T Y
.PEN_DOWN
1 9 1
.WRITER_ID ada
.PEN_UP
.PEN_DOWN
 10 0 20
 11 0 21
 12 0 22
.PEN_UP
 13 0 23
.PEN_DOWN
 14 0 24
 15 0 25
 16 0 26
"""

SEGMENTS = """.VERSION 1.0
.INCLUDE apa/first.doc
.INCLUDE apa/data/first.dat
.SEGMENT CHARACTER 2 ? "7"
.SEGMENT CHARACTER 2-4 OK "4"
.SEGMENT CHARACTER 2:1-4:1 OK "1"
.SEGMENT CHARACTER 2,4 OK "5"
"""


def archive(folder: Path, files: dict[str, str], root: str = "train_r01_v07/") -> Path:
    path = folder / "unipen.tgz"
    with tarfile.open(path, "w:gz") as members:
        for name, text in files.items():
            content = text.encode("latin-1")
            member = tarfile.TarInfo(root + name)
            member.size = len(content)
            members.addfile(member, io.BytesIO(content))
    return path


def files(segments: str = SEGMENTS, included: str = INCLUDED) -> dict[str, str]:
    return {
        "data/1a/apa/one.dat": segments,
        "include/apa/first.doc": ".COORD X Y\n.PEN_DOWN\n 0 0\n",  # component 0, in other columns
        "include/apa/data/first.dat": included,
        "data/1a/val/other.dat": "not a contributor that is read",
        "data/1b/apa/capitals.dat": '.INCLUDE apa/first.doc\n.SEGMENT CHARACTER 0 ? "\\""\n',
    }


def test_a_segment_names_components_counted_over_all_included_files_without_the_empty_ones(tmp_path: Path) -> None:
    whole, both, cut, listed = read_characters(archive(tmp_path, files()), "digits")
    assert whole == ([[(10, -20), (11, -21), (12, -22)]], "7", "ada", "apa")
    assert both.drawing == [[(10, -20), (11, -21), (12, -22)], [(14, -24), (15, -25), (16, -26)]]
    assert cut.drawing == [[(11, -21), (12, -22)], [(14, -24), (15, -25)]]
    assert listed.drawing == both.drawing


def test_each_category_is_read_for_itself_and_a_quoted_sign_is_unquoted(tmp_path: Path) -> None:
    (sign,) = read_characters(archive(tmp_path, files()), "capitals")
    assert (sign.text, sign.writer) == ('"', "")
    assert read_characters(archive(tmp_path, files()), "signs") == []


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (files('.INCLUDE apa/nowhere.dat\n.SEGMENT CHARACTER 0 ? "7"'), "apa/nowhere.dat, which is not in"),
        (files(SEGMENTS.replace("2 ?", "5 ?")), "range 5 does not lie within the 5 components"),
        (files(SEGMENTS.replace("2 ?", "4-2 ?")), "range 4-2"),
        (files(SEGMENTS.replace("2 ?", "two ?")), "'two' is not a range"),
        (files(SEGMENTS.replace("2 ?", "3 ?")), "segment 3 has no strokes"),
        (files(included=INCLUDED.replace("11 0 21", "11 0")), "8 numbers do not fill rows of 3"),
        (files(included=INCLUDED.replace("11 0 21", "eleven 0 21")), "eleven"),
        (files(included=INCLUDED.replace("X T Y", "T Y")), "X"),
    ],
    ids=["no file", "too high", "turned round", "no number", "pen up only", "half a point", "no coordinate", "no x"],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, broken: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=rf"data/1a/apa/one\.dat in the archive: .*{complaint}"):
        read_characters(archive(tmp_path, broken), "digits")


@pytest.mark.parametrize("cut", [0, 100, 300])
def test_an_archive_that_is_not_whole_is_an_error(tmp_path: Path, cut: int) -> None:
    path = archive(tmp_path, files())
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match="not a complete tar archive"):
        read_characters(path, "digits")


def test_an_archive_that_unpacks_to_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_TEXT > 1_000_000
    monkeypatch.setattr(unipen, "MAX_TEXT", 100)
    with pytest.raises(ValueError, match="of text"):
        read_characters(archive(tmp_path, files()), "digits")


def test_digits_are_verified_by_the_published_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path, files())
    with pytest.raises(ValueError, match="expected 692 digits of the contributor apa, found 4"):
        read_unipen_digits(path)
    monkeypatch.setattr(unipen, "DIGIT_COUNTS", {"apa": 4})
    assert [(digit.label, digit.writer) for digit in read_unipen_digits(path)] == [(7, 1), (4, 1), (1, 1), (5, 1)]


def test_the_seven_contributors_have_the_published_number_of_digits() -> None:
    assert sum(DIGIT_COUNTS.values()) == 10_323
