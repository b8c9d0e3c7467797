"""Sweeps as a person runs them: real processes, real clusters on loopback, and what kills them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

import mnistlab
from mnistlab.runs.run import Run

PARAMETERS = """
n: int = 0  # what it comes to: 0 to 100
seed: int = 0  # chance: 0 to 100
nap: float = 0.3  # seconds that it takes: 0 to 600
""".strip()

WORK = """
import time
assert n < 90, "too much"
time.sleep(nap)
current_run("01_tiny", {}, ()).finish(validation_accuracy=n / 100)
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with one notebook that takes a moment: workers are processes of their own, and find it there."""
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


Start = Callable[..., psutil.Popen]


@pytest.fixture
def start(environment: dict[str, str], clone: Path, tmp_path: Path) -> Iterator[Start]:
    """A function that starts Python in the clone; what still runs in the end is ended."""
    started: list[psutil.Popen] = []

    def start(*arguments: str, **variables: str) -> psutil.Popen:
        process = psutil.Popen(
            [sys.executable, *arguments],
            cwd=clone,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        family = [process, *process.children(recursive=True)] if process.poll() is None else []
        for member in family:
            member.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def sweep(start: Start) -> Callable[..., psutil.Popen]:
    """A function that starts ``mnistlab sweep 01_tiny``."""

    def sweep(*options: str) -> psutil.Popen:
        return start("-c", "from mnistlab.cli import main; main()", "sweep", "01_tiny", *options)

    return sweep


def said_by(process: psutil.Popen, timeout: float = 120) -> list[str]:
    """What a process says until its end; the bar of progress is no line."""
    return str(process.communicate(timeout=timeout)[0]).splitlines()


def states(reports: Path) -> Counter[str]:
    return Counter(Run(path.parent).state for path in reports.glob("*/run.json"))


def until(condition: Callable[[], bool], timeout: float = 90) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> tuple[psutil.Popen, str]:
    """A real ``dask scheduler`` on loopback: process and address."""
    told = tmp_path / "scheduler.json"
    process = start(
        *["-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"],
        *["--scheduler-file", str(told)],
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
        DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION="1.0",
    )
    until(lambda: told.exists() and told.read_text().strip() != "")
    return process, str(json.loads(told.read_text())["address"])


def workers(start: Start, address: str, count: int = 2) -> list[psutil.Popen]:
    command = ["-m", "dask", "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    return [start(*command, "--host", "127.0.0.1") for _ in range(count)]


def test_of_twelve_runs_none_is_lost_with_a_worker_and_the_second_call_does_what_is_missing(
    scheduler: tuple[psutil.Popen, str], start: Start, sweep: Callable[..., psutil.Popen], reports: Path
) -> None:
    _, address = scheduler
    victim, _ = workers(start, address)
    grid = ("-g", "n", "1..3", "-g", "seed", "0..3", "--scheduler", address)
    first = sweep(*grid)
    until(lambda: states(reports)["complete"] >= 2 and bool(victim.children()))
    victim.kill()
    said = said_by(first)
    assert first.returncode == 1
    assert said[-2].startswith("1 x its worker died")
    assert said[-1] == "12 runs: 11 complete, 1 failed; the same command runs what is missing"
    (failed,) = [run for path in reports.glob("*/run.json") if (run := Run(path.parent)).state == "failed"]
    assert "its worker died" in failed.reason
    started = {path: json.loads(path.read_text())["started"] for path in reports.glob("*/run.json")}

    second = sweep(*grid)
    said = said_by(second)
    assert "3 n x 4 seed: 12 runs, 11 complete already, 1 to do" in said
    assert said[-1] == "12 runs: 12 complete"
    assert second.returncode == 0
    again = [path for path, when in started.items() if json.loads(path.read_text())["started"] != when]
    assert again in ([], [failed.path / "run.json"]), "what was complete is left alone"
    assert states(reports) == {"complete": 12}


def test_on_this_machine_a_run_that_fails_or_hangs_stops_no_other(
    sweep: Callable[..., psutil.Popen], reports: Path
) -> None:
    process = sweep("-g", "n", "1,95", "-g", "nap", "0,500", "--limit", "0.15", "--workers", "2")
    said = said_by(process)
    assert process.returncode == 1
    assert re.fullmatch(r"2 workers, 1 thread per run; dashboard: http://127.0.0.1:\d+/status", said[-4])
    assert said[-3:] == [
        "2 x AssertionError: too much",
        "1 x it exceeded its time limit of 0.15 minutes and was ended",
        "4 runs: 3 failed, 1 complete; the same command runs what is missing",
    ]
    assert states(reports) == {"failed": 3, "complete": 1}


def test_ctrl_c_stops_what_is_running_and_leaves_nobody_behind(
    sweep: Callable[..., psutil.Popen], reports: Path
) -> None:
    process = sweep("-g", "nap", "0,300,301,302", "--workers", "2")
    until(lambda: states(reports)["complete"] == 1 and states(reports)["running"] == 2)
    family = process.children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    said = said_by(process)
    assert process.returncode == 130
    counted = "4 runs: 2 stopped, 1 complete, 1 not started; the same command runs what is missing"
    assert said[-1] == f"Ended early, interrupted. {counted}"
    assert states(reports) == {"complete": 1, "stopped": 2}
    assert psutil.wait_procs(family, timeout=10)[1] == []


def test_without_its_scheduler_it_ends_and_what_was_finished_stays(
    scheduler: tuple[psutil.Popen, str], start: Start, sweep: Callable[..., psutil.Popen], reports: Path
) -> None:
    server, address = scheduler
    workers(start, address)
    process = sweep("-g", "nap", "0,300,301", "--scheduler", address)
    until(lambda: states(reports)["complete"] == 1 and states(reports)["running"] == 2)
    server.kill()
    said = said_by(process)
    assert process.returncode == 1
    assert said[-1].startswith("Ended early, the scheduler is gone. 3 runs: ")
    assert states(reports)["complete"] == 1
    assert states(reports)["running"] == 0
    assert states(reports)["stopped"] + states(reports)["failed"] == 2


def test_machines_that_share_no_disk_share_a_store(
    scheduler: tuple[psutil.Popen, str],
    start: Start,
    sweep: Callable[..., psutil.Popen],
    environment: dict[str, str],
    reports: Path,
    tmp_path: Path,
) -> None:
    _, address = scheduler
    elsewhere = tmp_path / "elsewhere"
    command = ["-m", "dask", "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    start(*command, "--host", "127.0.0.1", MNISTLAB_REPORTS_DIR=str(elsewhere))
    grid = ("-g", "n", "1,2", "--scheduler", address)
    refused = sweep(*grid)
    said = said_by(refused)
    assert refused.returncode == 1
    assert re.fullmatch(
        r"Error: worker tcp://\S+ does not see \S+: share that folder.*--store that all can reach", said[-1]
    )
    store = (tmp_path / "store").as_uri()
    assert said_by(sweep(*grid, "--store", store))[-1] == "2 runs: 2 complete"
    assert not list(reports.glob("*/run.json"))
    assert len(list((tmp_path / "store").glob("01_tiny-*/report.html"))) == 2
    said = said_by(sweep(*grid, "--store", store))
    assert "2 n: 2 runs, 2 complete already, 0 to do" in said
    listed = start("-c", "from mnistlab.cli import main; main()", "runs", "--store", store, "--csv")
    assert len(said_by(listed)) == 3
