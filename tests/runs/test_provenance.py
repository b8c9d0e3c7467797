import shutil
from pathlib import Path

import pytest

from mnistlab.runs.provenance import PACKAGE, WITHOUT_RESULTS, library_sha256

FOLDERS = sorted({path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")})


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the library's source files."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "mnistlab", ignore=shutil.ignore_patterns("__pycache__")))


def change(path: Path) -> None:
    path.write_text(path.read_text() + "# changed\n")


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.name not in WITHOUT_RESULTS)


@pytest.mark.parametrize("folder", [path for path in FOLDERS if not {*path.parts} & WITHOUT_RESULTS], ids=str)
def test_a_changed_file_in_any_folder_is_another_library(package: Path, folder: Path) -> None:
    before = library_sha256(package)
    change(modules(package / folder)[0])
    assert library_sha256(package) != before


def test_a_moved_file_is_another_library(package: Path) -> None:
    before = library_sha256(package)
    (package / "elsewhere").mkdir()
    first = modules(package)[0]
    first.rename(package / "elsewhere" / first.name)
    assert library_sha256(package) != before


@pytest.mark.parametrize("name", sorted(WITHOUT_RESULTS))
def test_what_cannot_change_a_result_does_not_count(package: Path, name: str) -> None:
    before = library_sha256(package)
    changed = package / name
    assert changed.exists()
    for path in [changed] if changed.is_file() else list(changed.rglob("*.py")):
        change(path)
    assert library_sha256(package) == before
