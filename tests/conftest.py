"""What all tests share: no network, runs in a temporary folder, small data."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from mnistlab.data import Digits, load_dataset, load_mnist, sample, split
from mnistlab.errors import DataNotFoundError


def pytest_configure(config: pytest.Config) -> None:
    """Also for the kernels that nbval starts."""
    os.environ["MNISTLAB_OFFLINE"] = "1"
    reports = tempfile.TemporaryDirectory(prefix="mnistlab-reports-")
    config.add_cleanup(reports.cleanup)
    os.environ["MNISTLAB_REPORTS_DIR"] = reports.name


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all notebooks, in their order: each reads what those before it wrote.

    One has the browser, one the clusters.
    """
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.xdist_group("browser"))
        if item.path.name == "test_sweep.py":
            item.add_marker(pytest.mark.xdist_group("sweeps"))
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.xdist_group("notebooks"))


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for this test's runs."""
    folder = tmp_path / "reports"
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def digits() -> tuple[Digits, Digits]:
    return load_dataset("digits")


@pytest.fixture(scope="session")
def few(digits: tuple[Digits, Digits]) -> tuple[Digits, Digits]:
    """Enough to train a moment: 360 and 40 digits."""
    return split(sample(digits[0], 400, seed=0), 0.1, seed=0)


@pytest.fixture(scope="session")
def mnist() -> tuple[Digits, Digits]:
    try:
        return load_mnist()
    except DataNotFoundError as error:
        pytest.skip(f"needs MNIST: {error}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A function that puts a notebook of these code cells into a project of its own; the first are its parameters."""
    monkeypatch.setattr("mnistlab.execution.plan.project_dir", lambda: tmp_path)
    (tmp_path / "notebooks").mkdir()

    def write(name: str, *sources: str) -> Path:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        notebook.cells[0].metadata["tags"] = ["parameters"]
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write
