import os
from pathlib import Path

import pytest

from mnistlab.datasets.formats import files
from mnistlab.datasets.formats.files import read_limited
from mnistlab.datasets.formats.idx import read_idx
from mnistlab.datasets.formats.pendigits import read_compressed
from mnistlab.errors import DataDamagedError


def test_a_pipe_is_no_file_of_a_dataset(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataDamagedError, match="a pipe, a socket or a device"):
        read_idx(tmp_path / "pipe", 1)
    with pytest.raises(DataDamagedError, match="a pipe, a socket or a device"):
        read_compressed(tmp_path / "pipe")


def test_a_file_that_is_too_large_for_drawings_is_not_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_TEXT", 3)
    (tmp_path / "file").write_text("1234")
    with pytest.raises(ValueError, match="not a file of drawings"):
        read_limited(tmp_path / "file")
