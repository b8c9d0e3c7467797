"""Sweeps as users run them: real processes, real clusters on this machine, and processes that are killed."""

import asyncio
import json
import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import nbformat
import pytest
from distributed.comm import connect
from distributed.security import Security
from processes import DEADLINE, Processes, Started, family, wait_for_end, wait_until

import mnistlab
from mnistlab.runs.run import Run

PARAMETERS = """
n: int = 0  # its result, in percent: 0 to 100
seed: int = 0  # of the random numbers: 0 to 100
nap: float = 0.3  # how long it takes, in seconds: 0 to 600
""".strip()

WAITS, KILLS = 50, 66
"""Results that the notebook takes to wait for the file ``go``, and to kill its worker."""

WORK = f"""
import os, time
import psutil
from mnistlab.system.files import reports_dir
with (reports_dir() / f"begun-{{n}}").open("a") as file:
    file.write("x")
assert n < 90, "too much"
if n == {KILLS}:
    psutil.Process().parent().parent().kill()  # papermill's parent
while n == {WAITS} and not (reports_dir() / "go").exists():
    time.sleep(0.05)
time.sleep(nap)
current_run("01_tiny", dict(), ()).finish(validation_accuracy=n / 100)
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the project with one short notebook: workers are processes of their own, and find it there."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(Path(mnistlab.__file__).parent, folder / "mnistlab", ignore=shutil.ignore_patterns("__pycache__"))
    cells = [
        nbformat.v4.new_code_cell("from mnistlab.runs.run import current_run"),
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(WORK),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / "notebooks" / "01_tiny.ipynb")
    return folder


@pytest.fixture
def environment(clone: Path, reports: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(clone), "MNISTLAB_REPORTS_DIR": str(reports)}


Start = Callable[..., Started]
Sweep = Callable[..., Started]


@pytest.fixture
def start(processes: Processes, environment: dict[str, str], clone: Path) -> Start:
    """A function that starts Python in the clone."""

    def start(*arguments: str, **variables: str) -> Started:
        return processes.start(*arguments, cwd=clone, env=environment | variables)

    return start


@pytest.fixture
def sweep(start: Start) -> Sweep:
    """A function that starts ``mnistlab sweep 01_tiny``."""

    def sweep(*options: str) -> Started:
        return start("-c", "from mnistlab.cli import main; main()", "sweep", "01_tiny", *options)

    return sweep


def lines(process: Started) -> list[str]:
    """Wait until a process has ended; return its output."""
    process.wait(3 * DEADLINE)
    return process.output().splitlines()


def states(reports: Path) -> Counter[str]:
    """Count the runs in each state."""
    return Counter(Run(path.parent).state for path in reports.glob("*/run.json"))


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> tuple[Started, str]:
    """A real ``dask scheduler`` on loopback: process and address."""
    file = tmp_path / "scheduler.json"
    process = start(
        *["-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"],
        *["--scheduler-file", str(file)],
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
        DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION="1.0",
    )
    wait_until(lambda: file.exists() and file.read_text().strip(), needed=process)
    return process, str(json.loads(file.read_text())["address"])


def workers(start: Start, address: str, count: int = 2) -> list[Started]:
    command = ["-m", "dask", "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    return [start(*command, "--host", "127.0.0.1") for _ in range(count)]


def works(worker: Started) -> bool:
    """Whether a worker is in the middle of a run; then it stays there, because it is suspended."""
    worker.suspend()
    if not worker.children():
        worker.resume()
        return False
    return True


def begun(reports: Path, n: int) -> int:
    """Return how often the runs with this result were begun."""
    path = reports / f"begun-{n}"
    return len(path.read_text()) if path.exists() else 0


def test_the_run_of_a_worker_that_dies_and_those_behind_it_go_on_elsewhere(
    scheduler: tuple[Started, str], start: Start, sweep: Sweep, reports: Path, processes: Processes
) -> None:
    _, address = scheduler
    victim, _ = workers(start, address)
    process = sweep("-g", "n", "1..2", "-g", "seed", "0..1", "--scheduler", address)
    wait_until(lambda: works(victim), needed=process)
    victims = processes.family(victim)
    victim.kill()
    printed = lines(process)
    assert printed[-1] == "4 runs: 4 complete"
    assert process.returncode == 0
    wait_for_end(victims)
    assert states(reports) == {"complete": 4}


def test_a_run_that_kills_its_workers_is_given_up_and_the_same_command_repeats_only_that(
    sweep: Sweep, reports: Path
) -> None:
    grid = ("-g", "n", f"1,2,{KILLS}", "--workers", "1")
    process = sweep(*grid)
    assert lines(process)[-2:] == [
        "1 x its worker died, 2 times: killed, or out of memory",
        "3 runs: 2 complete, 1 failed; the same command runs what is missing",
    ]
    assert process.returncode == 1
    assert begun(reports, KILLS) == 2
    (failed,) = [run for path in reports.glob("*/run.json") if (run := Run(path.parent)).state == "failed"]
    assert failed.reason.startswith("its worker died")
    assert "3 n: 3 runs, 2 complete already, 1 to do" in lines(sweep(*grid))
    assert [begun(reports, n) for n in (1, 2, KILLS)] == [1, 1, 4]


def test_the_same_sweep_twice_at_once_runs_everything_once(sweep: Sweep, reports: Path) -> None:
    grid = ("-g", "n", f"{WAITS},1,2", "--workers", "1")
    first = sweep(*grid)
    wait_until(lambda: begun(reports, WAITS), needed=first)
    second = sweep(*grid)
    wait_until(lambda: "waiting for 1 run that another process executes" in second.output(), needed=second)
    (reports / "go").touch()
    for process in (first, second):
        assert lines(process)[-1] == "3 runs: 3 complete"
        assert process.returncode == 0
    assert [begun(reports, n) for n in (1, 2, WAITS)] == [1, 1, 1]


def test_a_sweep_takes_over_what_another_one_leaves_when_it_is_killed(
    sweep: Sweep, reports: Path, processes: Processes
) -> None:
    grid = ("-g", "n", f"{WAITS}", "--workers", "1")
    first = sweep(*grid)
    wait_until(lambda: begun(reports, WAITS), needed=first)
    second = sweep(*grid)
    wait_until(lambda: "waiting for 1 run" in second.output(), needed=second)
    members = processes.family(first)
    first.kill()
    wait_until(lambda: begun(reports, WAITS) == 2, needed=second)
    (reports / "go").touch()
    assert lines(second)[-1] == "1 run: 1 complete"
    wait_for_end(members)


def listening(process: Started) -> set[int]:
    """Return the ports of a sweep and its workers; those of Jupyter's kernels are another matter."""
    members = [one for one in family(process) if "ipykernel_launcher" not in one.cmdline()]
    sockets = [socket for one in members for socket in one.net_connections("inet") if socket.status == "LISTEN"]
    assert {socket.laddr.ip for socket in sockets} == {"127.0.0.1"}
    return {socket.laddr.port for socket in sockets}


FOREIGN = Security.temporary()
"""A certificate that another sweep could have."""


def greet(address: str, security: Security) -> None:
    """Connect as Dask's clients and workers do, up to the first message, which says that the connection is accepted."""

    async def connected() -> None:
        comm = await connect(address, timeout=2, **security.get_connection_args("client"))
        comm.abort()

    asyncio.run(connected())


def test_who_has_no_certificate_of_the_sweep_is_refused_at_each_of_its_ports(sweep: Sweep, reports: Path) -> None:
    process = sweep("-g", "n", f"{WAITS}", "--workers", "1")
    wait_until(lambda: begun(reports, WAITS), needed=process)
    for port in listening(process):
        try:
            with urlopen(f"http://127.0.0.1:{port}/json/counts.json", timeout=DEADLINE):
                pytest.fail("it tells anybody about its runs")
        except HTTPError:  # a web server without a page
            continue
        except (OSError, HTTPException):  # Dask's protocol
            for address, security in ((f"tcp://127.0.0.1:{port}", Security()), (f"tls://127.0.0.1:{port}", FOREIGN)):
                with pytest.raises(OSError):  # noqa: PT011  # reset, closed or refused
                    greet(address, security)
    (reports / "go").touch()
    assert lines(process)[-1] == "1 run: 1 complete"


def test_a_run_that_fails_or_hangs_does_not_stop_the_others(sweep: Sweep, reports: Path) -> None:
    process = sweep("-g", "n", "1,95", "-g", "nap", "0,500", "--limit", "0.5", "--workers", "2")
    printed = lines(process)
    assert process.returncode == 1
    assert printed[-4] == "2 workers, 1 thread per run"
    assert printed[-3:] == [
        "2 x AssertionError: too much",
        "1 x it exceeded its time limit of 0.5 minutes and was ended",
        "4 runs: 3 failed, 1 complete; the same command runs what is missing",
    ]
    assert states(reports) == {"failed": 3, "complete": 1}


def test_ctrl_c_stops_the_runs_and_leaves_no_process(sweep: Sweep, reports: Path, processes: Processes) -> None:
    process = sweep("-g", "nap", "0,300,301,302", "--workers", "2")
    wait_until(lambda: states(reports) == {"complete": 1, "running": 2}, needed=process)
    members = processes.family(process)
    os.killpg(process.pid, signal.SIGINT)
    printed = lines(process)
    assert process.returncode == 130
    counted = "4 runs: 2 stopped, 1 complete, 1 not started; the same command runs what is missing"
    assert printed[-1] == f"Ended early, interrupted. {counted}"
    assert states(reports) == {"complete": 1, "stopped": 2}
    wait_for_end(members)


def test_a_sweep_ends_with_its_scheduler_and_keeps_the_finished_runs(
    scheduler: tuple[Started, str], start: Start, sweep: Sweep, reports: Path
) -> None:
    server, address = scheduler
    workers(start, address)
    process = sweep("-g", "nap", "0,300,301", "--scheduler", address)
    wait_until(lambda: states(reports) == {"complete": 1, "running": 2}, needed=process)
    server.kill()
    printed = lines(process)
    assert process.returncode == 1
    assert printed[-1].startswith("Ended early, the scheduler is gone. 3 runs: ")
    wait_until(lambda: states(reports)["running"] == 0)
    assert states(reports)["complete"] == 1
    assert states(reports)["stopped"] + states(reports)["failed"] == 2


def test_machines_without_a_shared_disk_use_a_store(
    scheduler: tuple[Started, str], start: Start, sweep: Sweep, reports: Path, tmp_path: Path
) -> None:
    _, address = scheduler
    command = ["-m", "dask", "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    start(*command, "--host", "127.0.0.1", MNISTLAB_REPORTS_DIR=str(tmp_path / "elsewhere"))
    grid = ("-g", "n", "1,2", "--scheduler", address)
    refused = sweep(*grid)
    printed = lines(refused)
    assert refused.returncode == 1
    assert re.fullmatch(
        r"Error: worker tcp://\S+ does not see \S+: share that folder.*--store that all can reach", printed[-1]
    )
    store = (tmp_path / "store").as_uri()
    assert lines(sweep(*grid, "--store", store))[-1] == "2 runs: 2 complete"
    assert not list(reports.glob("*/run.json"))
    assert len(list((tmp_path / "store").glob("01_tiny-*/report.html"))) == 2
    assert "2 n: 2 runs, 2 complete already, 0 to do" in lines(sweep(*grid, "--store", store))
    listed = start("-c", "from mnistlab.cli import main; main()", "runs", "--store", store, "--csv")
    assert len(lines(listed)) == 3
