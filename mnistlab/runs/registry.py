"""The registry of runs: find them, list them, compare them, remove them."""

import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from mnistlab.errors import RunError
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import RunSnapshot, is_held, snapshots
from mnistlab.runs.store import Store
from mnistlab.system.files import reference_dir, reports_dir, require_no_link
from mnistlab.system.formatting import printable

if TYPE_CHECKING:  # slow to import for a command that only lists runs
    import pandas as pd

LATEST = "latest"
"""Stands for the newest complete run with trained weights; one that reads no better than chance comes last."""

REPAIR = "Put a good copy of run.json there, run its command again, or remove it with 'mnistlab rm'."
"""What can be done about a damaged run."""

RUN = "run"
"""The name of a table's index: no column has it."""

WHICH = ("example", "all")
"""Names that `chosen_runs` takes."""


def list_runs(folder: Path | None = None, store: str = "") -> list[RunSnapshot]:
    """Return all runs as they are now, those begun last first. Each ``run.json`` is read once, and nothing else is.

    One that cannot be read is the record of a *damaged* run, whose reason says why.

    Parameters
    ----------
    folder : Path, optional
        Where to look; ``reports/`` if left out.
    store : str
        A URL that fsspec knows: runs that were copied there are listed too.
    """
    here = folder or reports_dir()
    found = snapshots(here)
    if store:
        known = {run.name for run in found}
        copies = Store(store).records()
        found += [RunSnapshot(here / name, record) for name, record in copies.items() if name not in known]
    return sorted(found, key=lambda run: (run.order, run.name), reverse=True)


def chosen_runs(which: str, notebook: str) -> list[RunSnapshot]:
    """Return the runs of a notebook: ``"example"``, those that come with mnistlab, or ``"all"`` in ``reports/``."""
    runs = list_runs(reference_dir() / "sweep" if which == "example" else None)
    return [run for run in runs if run.notebook == notebook]


def columns_of(run: RunSnapshot) -> dict[str, dict[str, Any]]:
    """Return the values that a table shows of a run, by column, in four groups.

    Returns
    -------
    dict of str to dict
        ``"facts"`` (notebook, state, reason, dataset, accuracy in 0..1, seconds, started),
        ``"parameters"``, ``"metrics"`` and ``"origin"`` (data, code, versions, machine). A parameter
        with the name of a fact, or called ``run``, gets ``_asked`` behind it, a metric with the name of a
        parameter ``_measured``.
    """
    record = run.record
    facts = {
        "notebook": run.notebook,
        "state": str(run.state),
        "reason": run.reason,
        "dataset": run.dataset,
        "accuracy": run.score,
        "seconds": run.seconds,
        "started": run.started,
    }
    taken = {RUN, *facts}
    parameters = {f"{name}_asked" if name in taken else name: value for name, value in run.parameters.items()}
    taken |= {*parameters}
    metrics = {f"{name}_measured" if name in taken else name: value for name, value in run.metrics.items()}
    data = record.dataset.sha256 if record.dataset else {}
    origin = {
        **{f"{name}_sha256": sha256 for name, sha256 in {**data, **record.code}.items()},
        **record.git,
        **record.versions,
        **record.hardware,
    }
    origin.pop(RUN, None)
    return {"facts": facts, "parameters": parameters, "metrics": metrics, "origin": origin}


def compare(runs: Iterable[RunSnapshot] | None = None) -> "pd.DataFrame":
    """Return a table of runs, one row each, indexed by the run's name.

    Parameters
    ----------
    runs : iterable of RunSnapshot, optional
        All runs in ``reports/`` if left out.

    Returns
    -------
    DataFrame
        The columns of `columns_of`, group by group; the first group with a name keeps it. What a run does not
        have is missing, and so is a value of another kind than most in its column, text between numbers.
    """
    import pandas as pd

    rows = {run.name: columns_of(run) for run in (list_runs() if runs is None else runs)}
    groups = ("facts", "parameters", "metrics", "origin")
    columns = dict.fromkeys(name for group in groups for row in rows.values() for name in row[group])
    flat = [{name: value for group in reversed(groups) for name, value in row[group].items()} for row in rows.values()]
    values = {name: _of_one_kind([row.get(name) for row in flat]) for name in columns}
    return pd.DataFrame(values, index=pd.Index(rows, name=RUN, dtype=str), columns=list(columns))


def find_run(name: str = LATEST, *, trained: bool = True, store: str = "") -> Run:
    """Return a run.

    Parameters
    ----------
    name : str
        ``"latest"``, or a run's id, or its name, or the beginning of just one name.
    trained : bool
        Only runs with trained weights.
    store : str
        A URL where to look too; a run that is found there is copied here.

    Raises
    ------
    RunError
        If there is none, or more than one; the message says what to do.
    """
    runs = [run for run in list_runs(store=store) if run.is_trained or not trained]
    if name == LATEST:
        complete = [run for run in runs if run.state == RunState.COMPLETE]
        found = ([run for run in complete if not run.metrics.get("at_chance")] or complete)[:1]
    else:
        exact = [run for run in runs if name in (run.name, run.id)]
        found = exact or [run for run in runs if name and run.name.startswith(name)]
    if len(found) > 1:
        raise RunError(f"{name} could be {' or '.join(run.name for run in found)}: give the whole name")
    if not found:
        named = "" if name == LATEST else f" named {name or repr(name)}"
        remedy = "run 02_train first, or 'mnistlab train'" if trained else "see 'mnistlab runs'"
        raise RunError(f"no {'trained ' if trained else ''}run{named} in {reports_dir()}: {remedy}")
    (run,) = found
    if trained:
        require_readable(run)
    if store and not run.path.exists():
        Store(store).pull(run.path)
    return Run(run.path)


def find_exactly(name: str) -> RunSnapshot:
    """Return the run with this whole name or id; RunError if there is none. ``"latest"`` is no name here."""
    runs = list_runs() if name else []
    found = [run for run in runs if run.name == name] or [run for run in runs if run.id == name]
    if len(found) > 1:
        raise RunError(f"{printable(name)} is the id of {len(found)} runs: give the whole name")
    if not found:
        raise RunError(f"no run is named {name!r}: 'mnistlab runs' lists the names")
    return found[0]


def require_readable(run: RunSnapshot) -> None:
    """Raise RunError, saying what to do, if the ``run.json`` of a run cannot be read."""
    if run.state == RunState.DAMAGED:
        raise RunError(f"{run.name} is damaged: {run.reason}. {REPAIR}")


def check_removable(run: RunSnapshot) -> None:
    """Raise RunError if a run cannot be removed because it is running, or its folder is a symbolic link."""
    require_no_link(run.path)
    if is_held(run.path):
        raise RunError(f"{run.name} is running: stop it first, then remove it")


def remove(run: RunSnapshot) -> None:
    """Delete a run's folder; errors are those of `check_removable`."""
    check_removable(run)
    shutil.rmtree(run.path)


def _of_one_kind(values: list[Any]) -> list[Any]:
    """The values of a column, without those that cannot be compared with most of the others."""
    kinds = [float if isinstance(value, int | float) else type(value) for value in values]
    counted = Counter(kind for kind in kinds if kind is not NoneType)
    if len(counted) < 2:
        return values
    ((usual, _),) = counted.most_common(1)
    return [value if kind is usual else None for value, kind in zip(values, kinds, strict=True)]
