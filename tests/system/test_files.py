from pathlib import Path

import pytest

from mnistlab.system.files import project_dir, replacing, reports_dir


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
