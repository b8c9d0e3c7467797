from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from distributed import KilledWorker

from mnistlab.execution.plan import Plan, Planner
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.sweeps.outcome import Outcome, read_outcome, record_crash, summarize
from mnistlab.system.run_files import REPORT


@pytest.fixture
def plan(project: Callable[..., Path], reports: Path) -> Plan:
    project("01_x", "n: int = 1  # a number: 0 to 9", "pass")
    return Planner("01_x").plan({})


@pytest.fixture
def run(plan: Plan, reports: Path) -> Run:
    run = Run(reports / plan.name)
    run.hold()
    run.begin(plan.notebook, plan.parameters, code=plan.code)
    run.release()
    return run


def complete(run: Run, plan: Plan) -> None:
    run.finish(validation_accuracy=0.9)
    run.record_execution(plan.notebook, plan.identity, {"computing": 1.0})
    (run.path / REPORT).write_text("<html>")


def test_a_run_that_is_nowhere_was_not_begun(plan: Plan) -> None:
    assert read_outcome(plan) == Outcome(RunState.NOT_STARTED)


def test_a_run_is_complete_once_its_report_is(plan: Plan, run: Run) -> None:
    assert read_outcome(plan).state == "failed"
    run.finish(validation_accuracy=0.9)
    assert read_outcome(plan) == Outcome(RunState.FAILED, "it ended without a report")
    complete(run, plan)
    assert read_outcome(plan) == Outcome(RunState.COMPLETE, "", 0.9)


def test_a_complete_run_without_its_report_is_run_again_unless_the_store_has_it(plan: Plan, run: Run) -> None:
    complete(run, plan)
    (run.path / REPORT).write_text("")
    assert read_outcome(plan) == Outcome(RunState.STOPPED, "its report is missing")
    assert read_outcome(plan, run.record).state == "complete"


def test_a_complete_copy_counts_more_than_a_failed_run_here(plan: Plan, run: Run) -> None:
    complete(run, plan)
    copy = run.record
    run.fail(RunState.FAILED, "it broke")
    assert read_outcome(plan).state == "failed"
    assert read_outcome(plan, copy).state == "complete"


def test_a_death_is_written_down_unless_the_run_was_complete(plan: Plan, run: Run) -> None:
    killed = KilledWorker("x", None, 0)
    reason = "its worker died, 2 times: killed, or out of memory"
    assert record_crash(plan, killed, deaths=2) == Outcome(RunState.FAILED, reason)
    assert (run.state, run.reason) == ("failed", reason)
    assert record_crash(plan, ValueError("strange")).reason == "its worker failed: ValueError('strange')"
    complete(run, plan)
    assert record_crash(plan, killed).state == "complete"
    assert run.state == "complete"


def test_the_last_line_counts_and_those_before_say_why() -> None:
    failed = Outcome(RunState.FAILED, "a")
    outcomes = [Outcome(RunState.COMPLETE), failed, failed, Outcome(RunState.NOT_STARTED)]
    assert summarize(outcomes, Counter({"no server": 1}), "interrupted").splitlines() == [
        "2 x a",
        "1 x complete, but: no server",
        "Ended early, interrupted. 4 runs: 2 failed, 1 complete, 1 not started; the same command runs what is missing",
    ]
    assert summarize([Outcome(RunState.COMPLETE)], Counter()) == "1 run: 1 complete"
