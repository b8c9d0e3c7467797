import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from mnistlab.web import kernels
from mnistlab.web.kernels import FOLDER_PREFIX, connection_folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kernels.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(kernels, "MAX_TEMPORARY", 1000)
    return tmp_path


def test_folders_of_processes_that_were_killed_are_removed_and_others_stay(temporary: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    killed = temporary / f"{FOLDER_PREFIX}{ended.pid}-abc"
    (killed / "voila_x").mkdir(parents=True)
    (killed / "voila_x" / "kernel.json").write_text("{}")
    kept = [
        temporary / f"{FOLDER_PREFIX}{os.getppid()}-abc",
        temporary / f"{FOLDER_PREFIX}notes",
        temporary / "voila_of_another",
    ]
    for folder in kept:
        folder.mkdir()
    made = connection_folder()
    assert not killed.exists()
    assert sorted(temporary.iterdir()) == sorted([*kept, made])


def test_nobody_else_can_enter_the_folder(temporary: Path) -> None:
    made = connection_folder()
    assert made.parent == temporary
    assert os.name != "posix" or made.stat().st_mode & 0o077 == 0
    assert connection_folder() != made


@pytest.mark.skipif(os.name != "posix", reason="channels are no files there")
def test_the_files_of_channels_have_short_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels.tempfile, "gettempdir", lambda: "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T")
    made = connection_folder()
    made.rmdir()
    longest = made.with_name(f"{FOLDER_PREFIX}{2**22}-abcdefgh") / "voila_abcdefgh" / f"kernel-{UUID(int=0)}-ipc-5"
    assert len(str(longest)) <= 103
    assert len(str(longest)) - len("/tmp") + kernels.MAX_TEMPORARY <= 103
