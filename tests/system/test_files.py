from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mnistlab.system.files import is_there, new_folder, next_number, project_dir, replacing, reports_dir


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
