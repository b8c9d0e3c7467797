"""A run once more: what differs between then and now, and whether the result is the same."""

from collections.abc import Mapping
from dataclasses import replace

from mnistlab.execution.options import Reporter, RunOptions
from mnistlab.execution.plan import Plan, Planner
from mnistlab.execution.runner import run_plan
from mnistlab.runs import provenance
from mnistlab.runs.registry import require_readable
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.system.files import reports_dir
from mnistlab.system.formatting import short

AGAIN = "-again"
"""Behind a run's name: the same run with the same data and code once more; the first one stays as it is."""


def rerun(run: RunSnapshot, options: RunOptions | None = None, reporter: Reporter | None = None) -> Run:
    """Run the same notebooks with the same parameters, and report what differs.

    Parameters
    ----------
    run : RunSnapshot
        A run in any state.
    options : RunOptions, optional
        Time limit and threads; it is always run, also if it is complete.
    reporter : Reporter, optional
        Receives the messages: first what differs in code, data and versions, at the end which metrics differ.
        Prints them if left out.

    Returns
    -------
    Run
        The new one, in a folder of its own.

    Raises
    ------
    ParameterError, RunError
        As `mnistlab.execution.runner.run_notebook`.
    """
    options, reporter = options or RunOptions(), reporter or Reporter()
    require_readable(run)
    plan = Planner(run.notebook).plan(run.parameters)
    for line in differences(run, plan) or ["code, data and versions are the same as then"]:
        reporter.echo(line)
    is_same = plan.name == run.name.removesuffix(AGAIN)
    if is_same:
        plan = replace(plan, folder=reports_dir() / (plan.name + AGAIN))
    new = run_plan(plan, replace(options, force=is_same), reporter)
    for notebook in run.executed:
        if notebook != run.notebook:
            added = Planner(notebook).plan({"run": new.name})
            run_plan(replace(added, folder=new.path), replace(options, force=False), reporter)
    for line in compared(run.metrics, new.metrics):
        reporter.echo(line)
    return new


def differences(run: RunSnapshot, plan: Plan) -> list[str]:
    """Return one line for each thing that decides the result and has changed: code, data, versions."""
    then, now = run.record, provenance.versions()
    data_then = then.dataset.sha256 if then.dataset else {}
    data_now = plan.dataset.sha256 if plan.dataset else {}
    pairs = {
        **{f"the {part}": (then.code.get(part), sha256) for part, sha256 in plan.code.items()},
        **{f"{part} data": (data_then.get(part), sha256) for part, sha256 in data_now.items()},
        **{name: (then.versions.get(name), version) for name, version in now.items()},
    }
    return [
        f"{name} differs: {short(before)} then, {short(after)} now"
        for name, (before, after) in pairs.items()
        if before != after
    ]


def compared(then: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
    """Return one line for each metric that both have: the same, or how it differs."""
    return [
        f"{name}: {before:.6g}, {'the same' if before == now[name] else f'now {now[name]:.6g}'}"
        for name, before in then.items()
        if name in now
    ]
