from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kept_drawings import answer, kept
from PIL import Image

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.errors import DataNotFoundError, WorkbenchError
from mnistlab.keeping.dataset import labelled_drawings
from mnistlab.keeping.drawing import KeptDrawing
from mnistlab.keeping.exchange import export, merge
from mnistlab.keeping.file import KeptDrawings


def put(path: Path, *drawings: KeptDrawing, damaged: bytes = b"") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(damaged + b"".join(drawing.line() for drawing in drawings))
    return path


def writers(drawings: KeptDrawings) -> list[str]:
    return [drawing.writer for drawing in drawings.read().drawings]


@pytest.fixture
def into(tmp_path: Path) -> KeptDrawings:
    return KeptDrawings(tmp_path / "class.jsonl")


def test_files_of_many_people_are_merged_and_each_drawing_has_a_writer(tmp_path: Path, into: KeptDrawings) -> None:
    into.add(kept(0, writer="Lee"))
    sources = [
        put(tmp_path / "김민수.jsonl", kept(1), kept(2, writer="An")),
        put(tmp_path / "park" / "drawings.jsonl", kept(3), damaged=b"{}\n"),
    ]
    merged = merge(sources, into)
    assert (merged.added, merged.known) == (3, 0)
    assert writers(into) == ["Lee", "김민수", "An", "park"]
    assert [[*contents.damaged] for contents in merged.sources.values()] == [[], [1]]
    assert into.read().drawings[2] == kept(2, writer="An")


def test_the_same_drawing_is_not_merged_twice(tmp_path: Path, into: KeptDrawings) -> None:
    sources = [put(tmp_path / "a.jsonl", kept(1), kept(2)), put(tmp_path / "b.jsonl", kept(2), kept(3))]
    assert (merge(sources, into).added, merge(sources, into).known) == (3, 4)
    lines = into.path.read_bytes()
    assert lines.count(b"\n") == 3
    assert writers(into) == ["a", "a", "b"]
    assert merge([into.path], into).added == 0
    assert into.path.read_bytes() == lines


def test_of_two_labels_the_later_one_counts_whatever_the_order(tmp_path: Path, into: KeptDrawings) -> None:
    early, late = kept(1, label=1, minute=1), kept(1, label=7, minute=2)
    sources = [put(tmp_path / "late.jsonl", late), put(tmp_path / "early.jsonl", early)]
    merge(sources, into)
    merge(sources[::-1], KeptDrawings(tmp_path / "other.jsonl"))
    for path in (into.path, tmp_path / "other.jsonl"):
        assert [drawing.label for drawing in KeptDrawings(path).read().drawings] == [7]
    elsewhere = replace(early, time="2026-03-01T11:01:30+01:00")  # 10:01:30 in UTC
    assert merge([put(tmp_path / "elsewhere.jsonl", elsewhere)], into).added == 0


def test_nothing_is_merged_if_a_file_is_missing(tmp_path: Path, into: KeptDrawings) -> None:
    with pytest.raises(DataNotFoundError, match=r"there is no file .*missing.jsonl"):
        merge([put(tmp_path / "a.jsonl", kept(1)), tmp_path / "missing.jsonl"], into)
    assert not into.path.exists()


def test_an_export_has_the_drawings_and_a_picture_of_each(tmp_path: Path) -> None:
    drawings = [kept(1, label=4, read_as=answer(9), writer="An"), kept(2)]
    folder = tmp_path / "new" / "folder"
    export(drawings, folder)
    assert KeptDrawings(folder / "drawings.jsonl").read().drawings == drawings
    names = {f"4-{drawings[0].id}.png", f"7-{drawings[1].id}.png"}
    assert {path.name for path in folder.iterdir()} == {"drawings.jsonl", *names}
    with Image.open(folder / f"4-{drawings[0].id}.png") as picture:
        assert picture.mode == "L"
        np.testing.assert_array_equal(np.asarray(picture), drawings[0].picture())


def test_an_export_does_not_mix_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(WorkbenchError, match="is not empty: name a new folder"):
        export([kept(1)], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_as_a_dataset_writers_have_numbers_and_a_later_drawing_changes_none() -> None:
    drawings = [kept(number, number, writer=writer) for number, writer in enumerate(["Lee", "", "An", "Lee"])]
    labelled = labelled_drawings(drawings)
    assert labelled[2] == LabelledDrawing(drawings[2].strokes, 2, 2)
    assert [(one.label, one.writer) for one in labelled] == [(0, 1), (1, 0), (2, 2), (3, 1)]
    assert labelled_drawings([*drawings, kept(9, writer="A")])[:4] == labelled
