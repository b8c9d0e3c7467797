"""What has become of the runs of a sweep."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from distributed import KilledWorker

from mnistlab.execution.plan import Plan
from mnistlab.runs.record import RunRecord, RunState
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import RunSnapshot, is_held
from mnistlab.system.files import is_there
from mnistlab.system.formatting import count
from mnistlab.system.run_files import REPORT

INTERRUPTED = "interrupted"
"""Why a sweep, and each of its runs, was stopped by the user."""

MAX_REASONS = 30
"""Different reasons in a summary, at most."""


@dataclass(frozen=True)
class Outcome:
    """What has become of one run."""

    state: RunState
    reason: str = ""  # why it is not complete
    validation_accuracy: float | None = None  # 0..1


def read_outcome(plan: Plan, copy: RunRecord | None = None) -> Outcome:
    """Return what has become of a run, from its folder or from the record of its copy in a store.

    Where either is complete, the run is.
    """
    here = Run(plan.run_dir)
    found = [_outcome(here, plan)] if here.exists else []
    if found and found[0].state == RunState.COMPLETE and not is_there(here.path / REPORT):
        found = [Outcome(RunState.STOPPED, "its report is missing")]
    if copy is not None:
        found.append(_outcome(RunSnapshot(here.path, copy), plan))
    complete = [outcome for outcome in found if outcome.state == RunState.COMPLETE]
    return next(iter(complete or found), Outcome(RunState.NOT_STARTED))


def record_crash(plan: Plan, error: BaseException, deaths: int = 0) -> Outcome:
    """Record that a run's worker has ended without an outcome, and return what has become of the run.

    Parameters
    ----------
    plan : Plan
    error : BaseException
        What Dask has in place of the outcome.
    deaths : int
        Workers that have died while they had this run, if that is why.
    """
    run = Run(plan.run_dir)
    died = f"its worker died, {count(deaths, 'time')}: killed, or out of memory"
    reason = died if isinstance(error, KilledWorker) else f"its worker failed: {error!r}"
    if run.exists and not is_held(run.path):
        if (outcome := read_outcome(plan)).state == RunState.COMPLETE:
            return outcome
        run.fail(RunState.FAILED, reason)
    return Outcome(RunState.FAILED, reason)


def summarize(outcomes: Iterable[Outcome], not_logged: Counter[str], ended_early: str = "") -> str:
    """Return why some runs are not complete, one line for each reason, then a line that counts.

    Parameters
    ----------
    outcomes : iterable of Outcome
    not_logged : Counter
        Why complete runs were not logged elsewhere, with how many.
    ended_early : str
        Why the sweep ended early, if it did.
    """
    outcomes = list(outcomes)
    states = Counter(outcome.state for outcome in outcomes)
    incomplete = [outcome for outcome in outcomes if outcome.state != RunState.COMPLETE]
    reasons = Counter(outcome.reason for outcome in incomplete if outcome.reason)
    lines = [f"{number:,} x {reason}" for reason, number in reasons.most_common(MAX_REASONS)]
    lines += [f"{number:,} x complete, but: {reason}" for reason, number in not_logged.most_common(MAX_REASONS)]
    early = f"Ended early, {ended_early}. " if ended_early else ""
    counted = ", ".join(f"{number:,} {state}" for state, number in states.most_common())
    again = "; the same command runs what is missing" if incomplete else ""
    return "\n".join([*lines, f"{early}{count(len(outcomes), 'run')}: {counted}{again}"])


def _outcome(run: RunSnapshot, plan: Plan) -> Outcome:
    if run.state == RunState.COMPLETE and run.executed.get(plan.notebook) != plan.identity:
        return Outcome(RunState.FAILED, "it ended without a report")
    return Outcome(run.state, run.reason, run.metrics.get("validation_accuracy"))
