"""Sweeps as users run them: real processes, real clusters on this machine, and processes that are killed."""

import json
import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from processes import DEADLINE, Processes, Started, wait_for_end, wait_until

import mnistlab
from mnistlab.runs.run import Run

PARAMETERS = """
n: int = 0  # its result, in percent: 0 to 100
seed: int = 0  # of the random numbers: 0 to 100
nap: float = 0.3  # how long it takes, in seconds: 0 to 600
""".strip()

WORK = """
import time
assert n < 90, "too much"
time.sleep(nap)
current_run("01_tiny", {}, ()).finish(validation_accuracy=n / 100)
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


def test_a_worker_that_dies_costs_one_run_and_the_next_call_repeats_only_that(
    scheduler: tuple[Started, str], start: Start, sweep: Sweep, reports: Path, processes: Processes
) -> None:
    _, address = scheduler
    victim, _ = workers(start, address)
    grid = ("-g", "n", "1..3", "-g", "seed", "0..1", "--scheduler", address)
    first = sweep(*grid)
    wait_until(lambda: states(reports)["complete"] >= 1 and works(victim), needed=first)
    victims = processes.family(victim)
    victim.kill()
    printed = lines(first)
    assert first.returncode == 1
    assert printed[-2].startswith("1 x its worker died")
    assert printed[-1] == "6 runs: 5 complete, 1 failed; the same command runs what is missing"
    wait_for_end(victims)
    (failed,) = [run for path in reports.glob("*/run.json") if (run := Run(path.parent)).state == "failed"]
    assert "its worker died" in failed.reason
    started = {path: json.loads(path.read_text())["started"] for path in reports.glob("*/run.json")}

    second = sweep(*grid)
    printed = lines(second)
    assert "3 n x 2 seed: 6 runs, 5 complete already, 1 to do" in printed
    assert printed[-1] == "6 runs: 6 complete"
    assert second.returncode == 0
    again = [path for path, when in started.items() if json.loads(path.read_text())["started"] != when]
    assert again in ([], [failed.path / "run.json"]), "complete runs are not repeated"
    assert states(reports) == {"complete": 6}


def test_a_run_that_fails_or_hangs_does_not_stop_the_others(sweep: Sweep, reports: Path) -> None:
    process = sweep("-g", "n", "1,95", "-g", "nap", "0,500", "--limit", "0.5", "--workers", "2")
    printed = lines(process)
    assert process.returncode == 1
    assert re.fullmatch(r"2 workers, 1 thread per run; dashboard: http://127.0.0.1:\d+/status", printed[-4])
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
