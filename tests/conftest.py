"""What all tests share: no network, runs in a temporary folder, small data."""

import gc
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from processes import DEADLINE, Processes, no_process_left

from mnistlab.data import load_dataset, load_mnist, sample, split
from mnistlab.datasets.digits import Digits
from mnistlab.errors import DataNotFoundError
from mnistlab.keeping.place import KEEP


def pytest_configure(config: pytest.Config) -> None:
    """Also for the kernels that nbval starts."""
    os.environ["MNISTLAB_OFFLINE"] = "1"
    reports = tempfile.TemporaryDirectory(prefix="mnistlab-reports-")
    config.add_cleanup(reports.cleanup)
    os.environ["MNISTLAB_REPORTS_DIR"] = reports.name
    os.environ[KEEP] = ""  # a pad keeps nothing, and does not touch the drawings of whoever runs the tests
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background job and all it starts


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers more than there are cores: tests often wait for processes, servers and time limits."""
    return (os.cpu_count() or 1) + 2


SERIAL = {
    "browser/test_server.py": "server",
    "browser/test_ink.py": "ink",
    "browser/test_inside.py": "inside",
    "browser/test_live_view.py": "inside",
    "browser/test_number.py": "ink",
    "browser/test_pad_in_both.py": "ink",
    "browser": "browser",
    "sweeps/test_sweep.py": "sweeps",
    "notebooks/test_evaluate.py": "evaluation",
    "test_wheel.py": "wheel",
    "training": "tensorflow",
    "benchmarks": "tensorflow",
    "attributions/test_architectures.py": "tensorflow",
    "evaluation/test_metrics.py": "tensorflow",
    "notebooks/test_train.py": "tensorflow",
    "test_litert.py": "tensorflow",
    "test_model.py": "tensorflow",
    "test_prediction.py": "tensorflow",
    "test_shipped_model.py": "shipped",
    "runs/test_mlflow_log.py": "mlflow",
}
"""Folders and files that one worker runs as a whole, each with a name: they share servers, an executed notebook, a
training, or the seconds that importing TensorFlow or MLflow takes. Their test files import these late: each worker
collects all tests.

The first that fits counts.
"""

SLOW = (
    "browser",
    "notebooks",
    "sweeps/test_sweep.py",
    "execution/test_process.py",
    "training/test_trainer.py",
    "training/test_callbacks.py",
    "benchmarks/test_speed.py",
    "benchmarks/test_answer_speed.py",
    "test_wheel.py",
)
"""Folders and files that ``make check`` leaves out: browsers, clusters, notebooks, trainings, time measurements."""

FAST = ("notebooks/test_rules.py", "notebooks/test_sanitizing.py")
"""What it does not leave out of these."""

SLOW_FIXTURES = {"kernel", "mnist", "project"}
"""It also leaves out tests with one of these: a kernel, all of MNIST, a notebook that is executed."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Without garbage collection: what is imported and collected stays, and looking for garbage in it takes seconds."""
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    return result


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups and pytest leaves tests out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if group := group_of(item.path):
            item.add_marker(pytest.mark.xdist_group(group))
        if is_slow(item):
            item.add_marker(pytest.mark.slow)


@cache
def group_of(path: Path) -> str:
    """Return the name of a file's group, empty if it has none.

    One worker runs all notebooks, in their order: each reads what those before it wrote.
    """
    if path.suffix == ".ipynb":
        return "notebooks"
    return next((SERIAL[place] for place in SERIAL if lies_in(path, (place,))), "")


@cache
def lies_in(path: Path, places: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(Path(__file__).parent / place) for place in places)


def is_slow(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if fixtures & SLOW_FIXTURES and "at_once" not in fixtures:
        return True
    return item.path.suffix == ".ipynb" or (lies_in(item.path, SLOW) and not lies_in(item.path, FAST))


@pytest.fixture(autouse=True, scope="module")
def no_process_left_behind() -> Iterator[None]:
    """Fail if a process that was started during a module's tests is still there after the last of them."""
    with no_process_left("tests of this module"):
        yield


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Starts processes, and ends them after the test."""
    with Processes(tmp_path) as processes:
        yield processes


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    """A client of a kernel of its own."""
    manager, client = start_new_kernel(startup_timeout=DEADLINE)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


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
