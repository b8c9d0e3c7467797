"""Ctrl-C and SIGTERM, as a terminal and a service manager send them, at each stage of a run."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import Processes, Started, wait_for_end, wait_until

from mnistlab.runs.registry import list_runs

PROGRAM = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from mnistlab.cli import main
from mnistlab.execution import plan, runner
from mnistlab.runs.run import Run

folder, stage = Path(sys.argv.pop(1)), sys.argv.pop(1)
plan.project_dir = lambda: folder

def wait(*arguments):
    (folder / "waits").touch()
    time.sleep(600)

if stage == "planning":
    plan.load_dataset = wait
if stage == "beginning":
    Run.begin = wait
if stage == "reporting":
    write, runner.export_html = runner.export_html, lambda run: wait() if run.state == "complete" else write(run)
main()
"""

CELL = """
if stage == "executing":
    from pathlib import Path
    import time
    Path(waits).touch()
    time.sleep(600)
"""

Start = Callable[[str], Started]


@pytest.fixture
def start(project: Callable[..., Path], reports: Path, tmp_path: Path, processes: Processes) -> Start:
    """A function that runs a notebook in a process of its own and returns when that has come to a stage."""
    parameters = 'dataset: str = "digits"\nstage: str = ""\nwaits: str = ""'
    project("01_x", parameters, CELL)

    def run(stage: str) -> Started:
        waits = tmp_path / "waits"
        given = ("-p", "stage", stage, "-p", "waits", str(waits))
        process = processes.start("-c", PROGRAM, str(tmp_path), stage, "run", "01_x", *given)
        wait_until(waits.exists, needed=process)
        return process

    return run


@pytest.mark.parametrize(
    ("stage", "number", "state"),
    [
        ("planning", signal.SIGINT, []),
        ("beginning", signal.SIGTERM, []),
        ("executing", signal.SIGINT, ["stopped"]),
        ("reporting", signal.SIGTERM, ["stopped"]),
    ],
)
def test_a_signal_ends_a_run_with_one_line(
    start: Start, processes: Processes, stage: str, number: int, state: list[str]
) -> None:
    process = start(stage)
    members = processes.family(process)
    os.killpg(process.pid, number)
    assert process.wait() == 130
    wait_for_end(members)
    assert [line[:8] for line in process.output().splitlines() if not line.startswith("01_x")] == ["Stopped."]
    assert [run.state for run in list_runs()] == state
    assert all(run.reason == "interrupted; the same command goes on" for run in list_runs())
