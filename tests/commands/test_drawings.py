import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from commandline import mnistlab
from kept_drawings import answer, kept

from mnistlab.cli import main
from mnistlab.keeping.file import KeptDrawings

EVIL = "\x1b[2J\rAn\n0  all is well\u202e"


@pytest.fixture
def drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptDrawings:
    """The user's own file, with four drawings."""
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path))
    drawings = KeptDrawings()
    drawings.add(kept(1, 4, answer(9, 0.714), "김민수", 7))
    drawings.add(kept(2, 4, answer(4, 0.999), "An"))
    drawings.add(kept(3, 7, answer(7, 0.6, is_digit=False), "An"))
    drawings.add(kept(4, 0))
    return drawings


def rows(output: str) -> list[list[str]]:
    """The cells of all lines of tables."""
    return [line.split() for line in output.splitlines() if line and not line.startswith("-")]


@pytest.mark.parametrize("arguments", [["drawings"], ["drawings", "list"]])
def test_drawings_are_listed_and_counted_by_label_and_by_writer(drawings: KeptDrawings, arguments: list[str]) -> None:
    code, output = mnistlab(*arguments)
    assert code == 0
    assert rows(output) == [
        ["id", "label", "answer", "confidence", "model", "writer", "kept"],
        [kept(1).id, "4", "9", "71.4%", "drawn", "김민수", "2026-03-01", "10:07", "UTC"],
        [kept(2).id, "4", "4", "99.9%", "drawn", "An", "2026-03-01", "10:00", "UTC"],
        [kept(3).id, "7", "?", "60.0%", "drawn", "An", "2026-03-01", "10:00", "UTC"],
        [kept(4).id, "0", "(no", "name)", "2026-03-01", "10:00", "UTC"],
        ["label", "drawings", "misread"],
        ["0", "1", "0"],
        ["4", "2", "1"],
        ["7", "1", "1"],
        ["writer", "drawings", "misread"],
        ["(no", "name)", "1", "0"],
        ["An", "2", "1"],
        ["김민수", "1", "1"],
        ["4", "drawings,", "2", "misread,", "in", str(drawings.path)],
    ]


def test_an_empty_list_says_where_it_has_looked(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    assert mnistlab("drawings", "--file", str(path)) == (0, f"No drawings in {path}: keep one on the drawing pad.\n")


def test_damaged_lines_are_told_and_the_others_listed(drawings: KeptDrawings) -> None:
    with drawings.path.open("ab") as file:
        file.write(b'{"id": "\x1b[2J"}\n' * 11 + b"{")
    result = CliRunner().invoke(main, ["drawings"])
    told = result.stderr.splitlines()
    assert told[0] == f"{drawings.path}: 12 damaged lines left out"
    assert told[1].startswith("  line 5: ")
    assert (len(told), told[-1]) == (12, "  …")
    assert "4 drawings, 2 misread" in result.stdout


def test_names_from_anywhere_are_shown_as_text(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[2Jb\nc"
    other, none = KeptDrawings(folder / "drawings.jsonl"), str(folder / "none")
    other.add(kept(9, writer=EVIL))
    other.add(kept(8))
    own = ["--file", str(other.path)]
    for expected, arguments in (
        (0, ["list", *own]),
        (0, ["list", "--file", none]),
        (0, ["merge", str(other.path), "--into", str(folder / "merged")]),
        (1, ["merge", none, "--into", str(folder / "merged")]),
        (0, ["export", str(folder / "out"), *own]),
        (1, ["export", str(folder / "out"), *own]),
        (2, ["remove", EVIL, *own]),
        (1, ["remove", "--writer", EVIL, *own]),  # nobody answers the question
        (0, ["remove", "--writer", EVIL, "--yes", *own]),
    ):
        code, output = mnistlab("drawings", *arguments)
        assert code == expected, arguments
        assert not set(output) & set("\x1b\r\u202e"), arguments
        assert not any(line.startswith(("0  all is well", "c/")) for line in output.splitlines()), arguments


def test_files_are_merged_into_one(drawings: KeptDrawings, tmp_path: Path) -> None:
    other = KeptDrawings(tmp_path / "Lee.jsonl")
    other.add(kept(2))
    other.add(kept(5))
    into = tmp_path / "class.jsonl"
    said = mnistlab("drawings", "merge", str(drawings.path), str(other.path), "--into", str(into))
    assert said == (0, f"5 drawings added to {into}, 1 known already\n")
    assert [one.writer for one in KeptDrawings(into).read().drawings][-2:] == [tmp_path.name, "Lee"]
    code, output = mnistlab("drawings", "merge", str(tmp_path / "none"), "--into", str(into))
    assert (code, output) == (1, f"Error: there is no file {tmp_path / 'none'}: name a file of kept drawings\n")


def test_remove_asks_first_and_takes_ids_and_writers(drawings: KeptDrawings) -> None:
    before = drawings.path.read_bytes()
    result = CliRunner().invoke(main, ["drawings", "remove", kept(1).id], input="n\n")
    assert (result.exit_code, drawings.path.read_bytes()) == (0, before)
    assert result.output.startswith(f"Remove 1 drawing from {drawings.path}? [y/N]")
    result = CliRunner().invoke(main, ["drawings", "remove", kept(1).id], input="y\n")
    assert result.output.endswith("1 drawing removed\n")
    assert mnistlab("drawings", "remove", kept(4).id, "--writer", "An ", "--yes") == (0, "3 drawings removed\n")
    assert drawings.path.read_bytes() == b""


def test_drawings_without_a_name_have_the_empty_one(drawings: KeptDrawings) -> None:
    assert mnistlab("drawings", "remove", "--writer", "", "--yes") == (0, "1 drawing removed\n")
    assert [one.id for one in drawings.read().drawings] == [kept(number).id for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--yes", kept(1).id, "1234"], "no drawing has the id '1234'"),
        (["--yes", kept(1).id[:8]], f"no drawing has the id '{kept(1).id[:8]}'"),
        (["--yes"], "no drawing was named, by an id or by its writer"),
        (["--yes", "--writer", "Bo"], "no drawing was named, by an id or by its writer"),
    ],
)
def test_nothing_is_removed_if_anything_is_wrong(drawings: KeptDrawings, arguments: list[str], said: str) -> None:
    before = drawings.path.read_bytes()
    code, output = mnistlab("drawings", "remove", *arguments)
    assert (code, output) == (2, f"Error: {said}: 'mnistlab drawings' lists them\n")
    assert drawings.path.read_bytes() == before


def test_drawings_are_exported_into_a_new_folder(drawings: KeptDrawings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert mnistlab("drawings", "export", str(out)) == (0, f"4 drawings in {out}\n")
    assert len([*out.glob("*.png")]) == 4
    code, output = mnistlab("drawings", "export", str(out))
    assert (code, output) == (1, f"Error: {out} is not empty: name a new folder\n")


def test_help_names_the_commands_and_is_there_at_once() -> None:
    for option in ("-h", "--help"):
        code, output = mnistlab("drawings", option)
        assert code == 0
        assert [line.split()[0] for line in output.split("Commands:\n")[1].splitlines()] == [
            "export",
            "list",
            "merge",
            "remove",
        ]
    program = (
        "import sys, mnistlab.cli; print([n for n in ('numpy', 'requests', 'PIL', 'tabulate') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
