"""A run once more: what differs between then and now, and whether the same comes out."""

from collections.abc import Callable, Mapping

from mnistlab.execution.plan import Plan, Planner
from mnistlab.execution.runner import LIMIT, run_notebook, run_plan
from mnistlab.runs import provenance
from mnistlab.runs.record import Record
from mnistlab.runs.run import Run
from mnistlab.system.files import reports_dir

AGAIN = "-again"
"""Behind a run's name: the same run with the same data and code once more; the first one stays as it is."""


def rerun(run: Record, *, limit: float = LIMIT, tell: Callable[[str], object] = print) -> Run:
    """Run the same notebooks with the same parameters, and say what differs.

    Parameters
    ----------
    run : Record
        A run in any state.
    limit : float
        Minutes a notebook.
    tell : callable
        Called with a line of text whenever there is something to tell: first what differs in code,
        data and versions, in the end which metrics do.

    Returns
    -------
    Run
        The new one, in a folder of its own.

    Raises
    ------
    ParameterError, RunError
        As `mnistlab.execution.runner.run_notebook`.
    """
    plan = Planner(run.notebook).plan(run.parameters)
    for line in differences(run, plan) or ["code, data and versions are the same as then"]:
        tell(line)
    same = plan.name == run.name.removesuffix(AGAIN)
    new = Run(reports_dir() / (plan.name + AGAIN * same))
    run_plan(plan, into=new, force=same, limit=limit, tell=tell)
    for notebook in run.executed:
        if notebook != run.notebook:
            run_notebook(notebook, {"run": new.name}, folder_of=new, limit=limit, tell=tell)
    for line in compared(run.metrics, new.metrics):
        tell(line)
    return new


def differences(run: Record, plan: Plan) -> list[str]:
    """Return a line for all that decides what comes out and is not as it was."""
    now = provenance.versions()
    then = run.info.get("dataset", {}).get("sha256", {})
    pairs = {
        **{f"{part}'s code": (run.info.get("code", {}).get(part), sha256) for part, sha256 in plan.code.items()},
        **{
            f"{part} data": (then.get(part), digits.sha256)
            for part, digits in zip(("train", "test"), plan.digits, strict=False)
        },
        **{name: (run.info.get("versions", {}).get(name), version) for name, version in now.items()},
    }
    return [
        f"{name} differs: {_short(before)} then, {_short(after)} now"
        for name, (before, after) in pairs.items()
        if before != after
    ]


def compared(then: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
    """Return a line for each metric that both have: the same, or how it differs."""
    return [
        f"{name}: {before:.6g}, {'the same' if before == now[name] else f'now {now[name]:.6g}'}"
        for name, before in then.items()
        if name in now
    ]


def _short(value: str | None) -> str:
    """Hashes by their first digits."""
    return "unknown" if value is None else value[:8]
