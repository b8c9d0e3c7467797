"""What became of the runs of a sweep."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from distributed import KilledWorker

from mnistlab.execution.plan import Plan
from mnistlab.runs.record import Record, is_held
from mnistlab.runs.run import Run
from mnistlab.system.files import reports_dir

COMPLETE, FAILED, STOPPED, NOT_BEGUN = "complete", "failed", "stopped", "not begun"

INTERRUPTED = "interrupted"
"""Why a sweep, and each of its runs, was stopped by the person at the keyboard."""

REASONS = 30
"""Different reasons that are told, at most."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    state: str
    reason: str = ""  # why it is not complete
    validation_accuracy: float | None = None  # 0..1


def read_outcome(plan: Plan, copy: Mapping[str, Any] | None = None) -> Outcome:
    """Return what became of a run as its folder tells, or else the ``run.json`` of its copy in a store."""
    here = Run(reports_dir() / plan.name)
    known: list[Record] = [here] if (here.path / "run.json").exists() else []
    if copy is not None:
        known.append(Record(here.path, copy))
    told = [_outcome(record, plan) for record in known]
    return next((outcome for outcome in told if outcome.state == COMPLETE), next(iter(told), Outcome(NOT_BEGUN)))


def record_crash(plan: Plan, error: BaseException) -> Outcome:
    """Write down that a run ended without a word of its own, and return what became of it."""
    run = Run(reports_dir() / plan.name)
    killed = isinstance(error, KilledWorker)
    reason = "its worker died: killed, or out of memory" if killed else f"its worker failed: {error!r}"
    if (run.path / "run.json").exists() and not is_held(run.path):
        if (outcome := read_outcome(plan)).state == COMPLETE:
            return outcome
        run.fail(FAILED, reason)
    return Outcome(FAILED, reason)


def conclusion(outcomes: Iterable[Outcome], not_mirrored: Counter[str], ended: str = "") -> str:
    """Return why some runs did not come to their end, then a line that counts.

    Parameters
    ----------
    outcomes : iterable of Outcome
    not_mirrored : Counter
        Why complete runs were not logged elsewhere, with how many.
    ended : str
        Why the sweep ended early, if it did.
    """
    outcomes = list(outcomes)
    states = Counter(outcome.state for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.state != COMPLETE and outcome.reason)
    why = [f"{count:,} x {reason}" for reason, count in reasons.most_common(REASONS)]
    why += [f"{count:,} x complete, but: {reason}" for reason, count in not_mirrored.most_common(REASONS)]
    early = f"Ended early, {ended}. " if ended else ""
    tally = ", ".join(f"{count:,} {state}" for state, count in states.most_common())
    again = "" if set(states) <= {COMPLETE} else "; the same command does what is missing"
    return "\n".join([*why, f"{early}{len(outcomes):,} run{'s' * (len(outcomes) != 1)}: {tally}{again}"])


def _outcome(record: Record, plan: Plan) -> Outcome:
    if record.state == COMPLETE and record.executed.get(plan.notebook) != plan.identity:
        return Outcome(FAILED, "it ended without a report")
    return Outcome(record.state, record.reason, record.metrics.get("validation_accuracy"))
