from pathlib import Path

import pytest

from mnistlab.keeping.file import default_path
from mnistlab.keeping.place import KEEP, KeepingPlace


def test_outside_a_web_app_it_is_the_users_own_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MNISTLAB_DATA_DIR", str(tmp_path))
    monkeypatch.delenv(KEEP, raising=False)
    place = KeepingPlace.here()
    assert place.file
    assert (place.file.path, place.is_own) == (default_path().resolve(), True)


def test_in_a_web_app_nothing_is_kept_unless_it_has_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(KEEP, "")
    assert KeepingPlace.here() == KeepingPlace(None, is_own=False)
    monkeypatch.setenv(KEEP, str(tmp_path / "class.jsonl"))
    place = KeepingPlace.here()
    assert place.file
    assert (place.file.path, place.is_own) == ((tmp_path / "class.jsonl").resolve(), False)
