"""A wheel holds the whole package: an editable install would not show that a file is missing from it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mnistlab.system.files import project_dir

IMPORT_ALL = """
import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root))
for path in sorted((root / "mnistlab").rglob("*.py")):
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    assert pathlib.Path(module.__file__).is_relative_to(root), module.__file__
    print(name)
"""


def package_files() -> list[str]:
    """The files of the package that git tracks, or all of them where there is no git or no repository."""
    root = project_dir()
    try:
        listed = subprocess.run(["git", "ls-files", "-z", "mnistlab"], cwd=root, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        listed = b""
    names = (
        listed.decode().split("\0") if listed else [str(path.relative_to(root)) for path in root.rglob("mnistlab/**/*")]
    )
    return [name for name in names if "__pycache__" not in name and (root / name).is_file()]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a wheel that was built from a copy of these files, in a folder with a space in its name."""
    copy, target = tmp_path_factory.mktemp("a copy"), tmp_path_factory.mktemp("wheel").resolve()
    for name in [*package_files(), "pyproject.toml", "README.md", "LICENSE"]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((project_dir() / name).read_bytes())
    # Without isolation and index: setuptools is in the test extra, nothing is downloaded.
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    pip = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(target), "."]
    built = subprocess.run(pip, cwd=copy, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_a_wheel_holds_every_file_of_the_package(unpacked: Path) -> None:
    assert {name for name in package_files() if not (unpacked / name).exists()} == set()


def test_every_module_can_be_imported_from_it(unpacked: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_ALL, str(unpacked)]
    run = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.split()) == sum(name.endswith(".py") for name in package_files())
