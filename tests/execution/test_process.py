from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import psutil
import pytest
from processes import Processes, has_ended, wait_for_end, wait_until

from mnistlab.execution.options import RunOptions
from mnistlab.execution.process import ExecutionFailedError, _phases, _ready, execute_notebook, ready_process

LIMIT = 10.0
"""Minutes: more than any of these notebooks takes, on a busy machine too."""

Project = Callable[..., Path]


class Kernel:
    """A kernel that tells its process id in a file.

    Parameters
    ----------
    note : Path
        That file.
    """

    def __init__(self, note: Path) -> None:
        self._note = note

    @property
    def cell(self) -> str:
        """The cell that writes the file, and then takes ten minutes."""
        new = self._note.with_suffix(".new")
        write = f"open({str(new)!r}, 'w').write(str(os.getpid())); os.replace({str(new)!r}, {str(self._note)!r})"
        return f"import os, time; {write}; time.sleep(600)"

    @property
    def runs(self) -> bool:
        """Whether the cell is being executed."""
        return self._note.exists()

    @property
    def processes(self) -> list[psutil.Process]:
        """The kernel and papermill, which started it."""
        kernel = psutil.Process(int(self._note.read_text()))
        return [kernel, *kernel.parents()[:1]]


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path / "pid")


def execute(
    source: Path,
    output: Path,
    parameters: dict[str, object] | None = None,
    *,
    on_poll: Callable[[], None] = lambda: None,
    threads: int = 0,
) -> dict[str, float]:
    return execute_notebook(source, output, parameters or {}, RunOptions(limit=LIMIT, threads=threads), on_poll)


def test_a_notebook_gets_its_parameters_with_their_types(project: Project, tmp_path: Path) -> None:
    source = project(
        "01_x", 'name: str = "a"\nrate: float = 1.0\nquick: bool = False', "print(repr((name, rate, quick)))"
    )
    execute(source, tmp_path / "x.ipynb", {"name": "1", "rate": 1e-05, "quick": True})
    cells = nbformat.read(tmp_path / "x.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == "('1', 1e-05, True)\n"


def test_lessons_and_solutions_are_left_out(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "n += 1", "1 / 0", "print(n, 'at last')", "1 / 0")
    notebook = nbformat.read(source, as_version=4)
    for number, tag in ((2, "lesson"), (4, "solution")):
        notebook.cells[number].metadata["tags"] = [tag]
    nbformat.write(notebook, source)
    execute(source, tmp_path / "x.ipynb", {"n": 6})
    cells = nbformat.read(tmp_path / "x.ipynb", as_version=4).cells
    assert [cell.source for cell in cells[2:]] == ["n += 1", "print(n, 'at last')"]
    assert cells[-1].outputs[0].text == "7 at last\n"
    assert len(nbformat.read(source, as_version=4).cells) == 5


def test_a_cell_that_raises_fails_with_its_traceback(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "print('came here')", "1 / n")
    with pytest.raises(ExecutionFailedError, match="ZeroDivisionError: division by zero") as caught:
        execute(source, tmp_path / "x.ipynb")
    assert "1 / n" in caught.value.traceback
    assert "came here" in (tmp_path / "x.ipynb").read_text()


def test_a_killed_kernel_fails(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(ExecutionFailedError, match="its kernel was killed by SIGKILL: the machine may"):
        execute(source, tmp_path / "x.ipynb")


class Clock:
    """Stands in for the module `time`: the time limit has passed once the kernel has been seen to run twice."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.polls = 0
        self.processes: list[psutil.Process] = []

    def poll(self) -> None:
        if self._kernel.runs:
            self.polls += 1
            self.processes = self._kernel.processes

    def monotonic(self) -> float:
        return 61 * LIMIT if self.polls >= 2 else 0.0

    def time(self) -> float:
        return 0.0


def test_the_time_limit_ends_papermill_and_the_kernel(
    project: Project, kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistlab.execution.process.time", clock := Clock(kernel))
    with pytest.raises(ExecutionFailedError, match="exceeded its time limit of 10 minutes"):
        execute(project("01_x", "n = 0", kernel.cell), tmp_path / "x.ipynb", on_poll=clock.poll)
    assert len(clock.processes) == 2
    assert all(map(has_ended, clock.processes))


def test_papermill_and_the_kernel_end_when_their_starter_is_killed(
    project: Project, processes: Processes, kernel: Kernel, tmp_path: Path
) -> None:
    source = project("01_x", "n = 0", kernel.cell)
    program = (
        "from pathlib import Path; from mnistlab.execution.process import execute_notebook; "
        "from mnistlab.execution.options import RunOptions; "
        f"execute_notebook(Path({str(source)!r}), Path({str(tmp_path / 'x.ipynb')!r}), {{}}, "
        f"RunOptions(limit={LIMIT}), lambda: None)"
    )
    starter = processes.start("-c", program)
    wait_until(lambda: kernel.runs, needed=starter)
    members = processes.family(starter)
    assert {*kernel.processes} <= {*members}
    starter.kill()
    wait_for_end(members)


def test_it_measures_the_time_of_each_phase(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "import time; time.sleep(0.3)", "time.sleep(0.6)")
    seconds = execute(source, tmp_path / "x.ipynb")
    assert list(seconds) == ["starting", "importing", "computing"]
    assert seconds["starting"] > 0
    assert seconds["importing"] > 0.3
    assert seconds["computing"] > 0.6


def test_a_kernel_takes_as_many_threads_as_it_is_given(project: Project, tmp_path: Path) -> None:
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    source = project("01_x", "n = 0", f"import os; print([os.environ[name] for name in {names!r}])")
    execute(source, tmp_path / "x.ipynb", threads=3)
    assert "['3', '3']" in (tmp_path / "x.ipynb").read_text()


def test_an_interrupt_ends_the_kernel_also_if_it_started_after_the_last_poll(
    project: Project, kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistlab.execution.process.POLL_INTERVAL", 0.01)  # there is no kernel yet
    members: list[psutil.Process] = []

    def interrupt_at_the_first_poll() -> None:
        wait_until(lambda: kernel.runs)
        members.extend(kernel.processes)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(project("01_x", "n = 0", kernel.cell), tmp_path / "x.ipynb", on_poll=interrupt_at_the_first_poll)
    assert len(members) == 2
    assert all(map(has_ended, members))


@pytest.fixture
def early(project: Project) -> Path:
    """A notebook whose first cell keeps what the kernel knew when it executed that cell for the first time."""
    first = "import os, sys; os.first = getattr(os, 'first', os.environ.get('MNISTLAB_RUN_DIR', 'no run yet'))"
    return project("01_x", first, "print(os.first, os.environ['MNISTLAB_RUN_DIR'])")


def test_an_early_kernel_has_imported_and_then_gets_its_run(early: Path, tmp_path: Path) -> None:
    with ready_process(early):
        execute(early, tmp_path / "x.ipynb")
        assert not _ready
    cells = nbformat.read(tmp_path / "x.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == f"no run yet {tmp_path}\n"


def test_an_early_kernel_is_not_used_where_the_threads_are_given(early: Path, tmp_path: Path) -> None:
    with ready_process(early):
        execute(early, tmp_path / "x.ipynb", threads=1)
        assert list(_ready) == [early]
    cells = nbformat.read(tmp_path / "x.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == f"{tmp_path} {tmp_path}\n"


def test_a_cell_that_raises_in_an_early_kernel_fails_with_its_traceback(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "1 / n")
    with ready_process(source), pytest.raises(ExecutionFailedError, match="ZeroDivisionError: division by zero"):
        execute(source, tmp_path / "x.ipynb")


def test_an_early_process_that_is_not_needed_is_ended_with_its_kernel(early: Path) -> None:
    with ready_process(early):
        process = _ready[early]._process
        wait_until(lambda: process.children(recursive=True))
        members = [process, *process.children(recursive=True)]
    assert all(map(has_ended, members))


def test_a_killed_kernel_that_started_early_fails_too(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import os; os.kill(os.getpid(), 11)")
    with ready_process(source), pytest.raises(ExecutionFailedError, match=r"^its kernel was killed by SIGSEGV$"):
        execute(source, tmp_path / "x.ipynb")


def test_a_kernel_that_ends_itself_fails(project: Project, tmp_path: Path) -> None:
    source = project("01_x", "n = 0", "import os; os._exit(3)")
    with pytest.raises(ExecutionFailedError, match=r"^its kernel ended with exit status 3$"):
        execute(source, tmp_path / "x.ipynb")


def test_papermill_that_was_killed_is_named_with_the_signal(project: Project, kernel: Kernel, tmp_path: Path) -> None:
    members: list[psutil.Process] = []

    def kill_papermill() -> None:
        if kernel.runs and not members:
            members.extend(kernel.processes)
            members[1].kill()

    source, output = project("01_x", "n = 0", kernel.cell), tmp_path / "x.ipynb"
    with pytest.raises(ExecutionFailedError, match=r"^papermill was killed by SIGKILL: the machine may have run out"):
        execute(source, output, on_poll=kill_papermill)
    assert all(map(has_ended, members)), "also the kernel"
    nbformat.validate(nbformat.read(output, as_version=4))


@pytest.mark.parametrize(("began", "times"), [(1000.0, (0, 5)), (0.0, (5000, 1)), (0.0, (1, 5000))])
def test_no_phase_is_negative_or_longer_than_all_where_the_clock_was_set(
    tmp_path: Path, began: float, times: tuple[int, int]
) -> None:
    start, end = (datetime.fromtimestamp(time, UTC).isoformat() for time in times)
    cell = nbformat.v4.new_code_cell("", metadata={"papermill": {"start_time": start, "end_time": end}})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "x.ipynb")
    seconds = _phases(tmp_path / "x.ipynb", began, 10.0)
    assert all(0 <= value <= 10 for value in seconds.values())
    assert sum(seconds.values()) == pytest.approx(10)
