import os
import socket
from pathlib import Path

import pytest

from mnistlab.system.files import open_regular, project_dir, replacing, reports_dir


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
