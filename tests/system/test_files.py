import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mnistlab.errors import RunError, WorkbenchError
from mnistlab.system.files import (
    inside,
    is_there,
    new_folder,
    next_number,
    open_regular,
    project_dir,
    replacing,
    reports_dir,
    require_no_link,
)


def test_a_file_is_replaced_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "best.weights.h5"
    path.write_text("old")
    with pytest.raises(IsADirectoryError), replacing(path) as unfinished:
        unfinished.write_bytes(tmp_path.read_bytes())
    assert path.read_text() == "old"
    with replacing(path) as unfinished:
        assert unfinished.name.endswith(".weights.h5")
        unfinished.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_folders_do_not_depend_on_where_the_caller_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MNISTLAB_REPORTS_DIR")
    monkeypatch.chdir(tmp_path)
    assert (project_dir() / "notebooks" / "02_train.ipynb").exists()
    assert reports_dir() == project_dir() / "reports"


def test_a_number_is_higher_than_the_last_and_never_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "last"
    assert next_number(path, 0, lambda: 41) == 42
    assert next_number(path, 0, lambda: pytest.fail("it is in the file")) == 43
    assert next_number(path, 100, lambda: 0) == 100
    assert next_number(path, 50, lambda: 0) == 101
    path.write_text("1\x00")
    assert next_number(path, 0, lambda: 101) == 102
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: next_number(path, 0, lambda: 0), range(64)))
    assert sorted(numbers) == list(range(103, 167))


def test_a_folder_that_is_there_already_gets_a_number(tmp_path: Path) -> None:
    made = [new_folder(tmp_path / "a" / "run") for _ in range(3)]
    assert [path.name for path in made] == ["run", "run-2", "run-3"]


def test_a_file_is_there_if_something_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "full").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    names = ("full", "empty", "missing", "loop", "full/below", "", "a\x00b", "x" * 5000)
    assert [is_there(tmp_path / name) for name in names] == [True] + 7 * [False]


PLAIN = ["run.json", "02_train-abcd", "글자-1", "a b", ".hidden", "console", "checkpoints/last.keras", "x" * 255]
OTHERS = [
    "",
    ".",
    "..",
    "a\\b",
    "C:",
    "a:b",
    "a\x00",
    "a\nb",
    "a\x1b",
    "a.",
    "a ",
    " a",
    "nul",
    "CON",
    "com1.txt",
    "x" * 256,
]
OTHERS += ["글" * 100, "what?", "*", "../x", "a/../../x", "/etc/passwd", "a//b", "a/", "checkpoints/.."]


def test_names_from_elsewhere_stay_within_the_folder_on_every_system(tmp_path: Path) -> None:
    assert [inside(tmp_path, name) for name in PLAIN] == [tmp_path / name for name in PLAIN]
    for name in OTHERS:
        with pytest.raises(WorkbenchError, match=r"is no name that a file in .* may have"):
            inside(tmp_path, name)


def test_a_folder_is_told_from_a_link_to_one(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "run")
    require_no_link(tmp_path / "run")
    require_no_link(tmp_path / "nowhere")
    with pytest.raises(RunError, match="is a symbolic link, not a folder"):
        require_no_link(tmp_path / "link")


def test_only_a_file_is_opened_and_nothing_else_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    Path("file").write_bytes(b"content")
    Path("link").symlink_to("file")
    os.mkfifo("pipe")
    Path("folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for other in ("pipe", "folder", "socket", "/dev/zero", "missing"):
            with pytest.raises(OSError, match=r"a device, not a file|Is a directory|No such file"):
                open_regular(Path(other))
    for name in ("file", "link"):
        with open_regular(Path(name)) as file:
            assert file.read() == b"content"


def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"content")
    os.mkfifo(tmp_path / "pipe")
    status = (tmp_path / "file").stat()
    monkeypatch.setattr(Path, "stat", lambda path: status)
    with pytest.raises(OSError, match="a device, not a file"):
        open_regular(tmp_path / "pipe")
