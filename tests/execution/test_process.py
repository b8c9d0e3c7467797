import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from mnistlab.execution.options import RunOptions
from mnistlab.execution.process import ExecutionFailedError, execute_notebook


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_notebook_gets_its_parameters_with_their_types(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project(
        "01_x", 'name: str = "a"\nrate: float = 1.0\nquick: bool = False', "print(repr((name, rate, quick)))"
    )
    execute_notebook(
        source, tmp_path / "x.ipynb", {"name": "1", "rate": 1e-05, "quick": True}, RunOptions(limit=1), lambda: None
    )
    cells = nbformat.read(tmp_path / "x.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == "('1', 1e-05, True)\n"


def test_a_cell_that_raises_fails_with_its_traceback(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "print('came here')", "1 / n")
    with pytest.raises(ExecutionFailedError, match="ZeroDivisionError: division by zero") as caught:
        execute_notebook(source, tmp_path / "x.ipynb", {}, RunOptions(limit=1), lambda: None)
    assert "1 / n" in caught.value.traceback
    assert "came here" in (tmp_path / "x.ipynb").read_text()


def test_a_killed_kernel_fails(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(ExecutionFailedError, match="its kernel died: killed, or out of memory"):
        execute_notebook(source, tmp_path / "x.ipynb", {}, RunOptions(limit=1), lambda: None)


def test_the_limit_really_ends_the_kernel(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import time; time.sleep(600)")
    family: set[psutil.Process] = set()
    others = set(psutil.Process().children(recursive=True))
    with pytest.raises(ExecutionFailedError, match=r"exceeded its time limit of 0\.1 minutes"):
        execute_notebook(
            source,
            tmp_path / "x.ipynb",
            {},
            RunOptions(limit=0.1),
            lambda: family.update(psutil.Process().children(recursive=True)),
        )
    assert family - others
    assert not any(alive(process) for process in family - others)


def test_papermill_and_kernel_end_with_a_runner_that_was_killed(project: Callable[..., Path], tmp_path: Path) -> None:
    note = tmp_path / "pids"
    told = f"import os, time; open({str(note)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}'); time.sleep(600)"
    source = project("01_x", "n = 0", told)
    program = (
        "from pathlib import Path; from mnistlab.execution.process import execute_notebook; "
        "from mnistlab.execution.options import RunOptions; "
        f"execute_notebook(Path({str(source)!r}), Path({str(tmp_path / 'x.ipynb')!r}), {{}}, "
        "RunOptions(limit=1), lambda: None)"
    )
    with subprocess.Popen([sys.executable, "-c", program]) as runner:
        while not (note.exists() and len(note.read_text().split()) == 2):
            assert runner.poll() is None
            time.sleep(0.05)
        family = [psutil.Process(int(pid)) for pid in note.read_text().split()]
        runner.kill()
    assert psutil.wait_procs(family, timeout=20)[1] == [] or not any(map(alive, family))


def test_it_says_what_took_how_long(project: Callable[..., Path], tmp_path: Path) -> None:
    source = project("01_x", "import time; time.sleep(0.3)", "time.sleep(0.6)")
    spent = execute_notebook(source, tmp_path / "x.ipynb", {}, RunOptions(limit=1), lambda: None)
    assert list(spent) == ["starting", "importing", "computing"]
    assert spent["starting"] > 0
    assert spent["importing"] > 0.3
    assert spent["computing"] > 0.6


def test_a_kernel_takes_as_many_threads_as_it_is_given(project: Callable[..., Path], tmp_path: Path) -> None:
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    source = project("01_x", "n = 0", f"import os; print([os.environ[name] for name in {names!r}])")
    execute_notebook(source, tmp_path / "x.ipynb", {}, RunOptions(limit=1, threads=3), lambda: None)
    assert "['3', '3']" in (tmp_path / "x.ipynb").read_text()


def test_an_interrupt_ends_the_kernel_too(project: Callable[..., Path], tmp_path: Path) -> None:
    kernel, note = psutil.Process(), tmp_path / "pid"
    source = project("01_x", f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()))", "time.sleep(600)")

    def interrupt_once_it_runs() -> None:
        nonlocal kernel
        if note.exists() and note.read_text():
            kernel = psutil.Process(int(note.read_text()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute_notebook(source, tmp_path / "x.ipynb", {}, RunOptions(limit=1), interrupt_once_it_runs)
    assert not alive(kernel)
