import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from mnistlab.execution import ExecutionFailedError, execute
from mnistlab.files import RUN_DIR


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_notebook_gets_its_parameters_with_their_types(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project(
        "01_x", 'name: str = "a"\nrate: float = 1.0\nquick: bool = False', "print(repr((name, rate, quick)))"
    )
    execute(source, tmp_path / "x.ipynb", {"name": "1", "rate": 1e-05, "quick": True}, limit=1, look=lambda: None)
    cells = nbformat.read(tmp_path / "x.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == "('1', 1e-05, True)\n"


def test_a_cell_that_raises_fails_with_its_traceback(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "print('came here')", "1 / n")
    with pytest.raises(ExecutionFailedError, match="ZeroDivisionError: division by zero") as caught:
        execute(source, tmp_path / "x.ipynb", {}, limit=1, look=lambda: None)
    assert "1 / n" in caught.value.traceback
    assert "came here" in (tmp_path / "x.ipynb").read_text()


def test_a_killed_kernel_fails(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(ExecutionFailedError, match="its kernel died: killed, or out of memory"):
        execute(source, tmp_path / "x.ipynb", {}, limit=1, look=lambda: None)


def test_the_limit_really_ends_the_kernel(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import time; time.sleep(600)")
    family: set[psutil.Process] = set()
    with pytest.raises(ExecutionFailedError, match=r"past its limit of 0\.1 minutes"):
        execute(
            source,
            tmp_path / "x.ipynb",
            {},
            limit=0.1,
            look=lambda: family.update(psutil.Process().children(recursive=True)),
        )
    assert family
    assert not any(alive(process) for process in family)


def test_what_a_killed_runner_left_behind_is_ended_first(project: Callable[..., Path], tmp_path: Path) -> None:
    def orphan(run_dir: Path) -> psutil.Process:
        shell = ["sh", "-c", "sleep 600 >/dev/null 2>&1 & echo $!"]
        asked = subprocess.run(shell, env={**os.environ, RUN_DIR: str(run_dir)}, capture_output=True, check=True)
        return psutil.Process(int(asked.stdout))

    leftover, other = orphan(tmp_path), orphan(tmp_path / "other")
    execute(project("01_x", "n = 0"), tmp_path / "x.ipynb", {}, limit=1, look=lambda: None)
    assert not alive(leftover)
    assert alive(other)
    other.kill()


def test_an_interrupt_ends_the_kernel_too(project: Callable[..., Path], tmp_path: Path) -> None:
    kernel, note = psutil.Process(), tmp_path / "pid"
    source = project("01_x", f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()))", "time.sleep(600)")

    def interrupt_once_it_runs() -> None:
        nonlocal kernel
        if note.exists() and note.read_text():
            kernel = psutil.Process(int(note.read_text()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(source, tmp_path / "x.ipynb", {}, limit=1, look=interrupt_once_it_runs)
    assert not alive(kernel)
