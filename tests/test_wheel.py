"""What is installed from a wheel is whole: an editable install would hide what is missing."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mnistlab.system.files import project_dir

IMPORT_ALL = """
import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
for path in sorted((root / "mnistlab").rglob("*.py")):
    name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    assert pathlib.Path(module.__file__).is_relative_to(root), module.__file__
    print(name)
"""


def tracked() -> list[str]:
    """Files of the package that git knows, or all where there is no git."""
    root = project_dir()
    listed = subprocess.run(["git", "ls-files", "mnistlab"], cwd=root, capture_output=True, text=True, check=False)
    files = listed.stdout.split() or [str(path.relative_to(root)) for path in (root / "mnistlab").rglob("*.*")]
    return [name for name in files if "__pycache__" not in name and (root / name).exists()]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a wheel that was built from a copy of the tracked files."""
    clone, target = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("wheel")
    for name in [*tracked(), "pyproject.toml", "README.md", "LICENSE"]:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_bytes((project_dir() / name).read_bytes())
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*build, str(target), "."], cwd=clone, check=True, capture_output=True)
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_a_wheel_holds_every_file_of_the_package(unpacked: Path) -> None:
    assert {name for name in tracked() if not (unpacked / name).exists()} == set()


def test_every_module_can_be_imported_from_it(unpacked: Path) -> None:
    program = ["-W", "ignore", "-c", f"import sys; sys.path.insert(0, sys.argv[1]){IMPORT_ALL}", str(unpacked)]
    run = subprocess.run([sys.executable, *program], cwd=unpacked, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.split()) == sum(name.endswith(".py") for name in tracked())
