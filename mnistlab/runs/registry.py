"""The registry of runs: what there is, and how they compare."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mnistlab.errors import RunError
from mnistlab.runs.record import Record, is_held, read_info
from mnistlab.runs.run import Run
from mnistlab.runs.store import Store
from mnistlab.system.files import reference_dir, reports_dir

if TYPE_CHECKING:  # slow and large for whoever only lists runs
    import pandas as pd


LATEST = "latest"
"""Stands for the newest complete run with trained weights."""


WHICH = ("example", "all")
"""Names that `chosen_runs` takes."""


def list_runs(folder: Path | None = None, store: str = "") -> list[Record]:
    """Return all runs as they are now, the newest first. Each ``run.json`` is read once, and nothing else is.

    Parameters
    ----------
    folder : Path, optional
        Where they are, if not in ``reports/``.
    store : str
        A URL that fsspec knows: those that have been copied there are listed too.
    """
    here = folder or reports_dir()
    found = [Record(path.parent, read_info(path.parent)) for path in here.glob("*/run.json")]
    if store:
        known = {run.name for run in found}
        found += [Record(here / name, info) for name, info in Store(store).infos().items() if name not in known]
    return sorted(found, key=lambda run: str(run.info.get("started", "")), reverse=True)


def chosen_runs(which: str, notebook: str) -> list[Record]:
    """Return the runs of a notebook: ``"example"``, those that come with mnistlab, or ``"all"`` in ``reports/``."""
    runs = list_runs(reference_dir() / "sweep" if which == "example" else None)
    return [run for run in runs if run.notebook == notebook]


def compare(runs: Iterable[Record] | None = None) -> "pd.DataFrame":
    """Return a table of runs, one row each under its name.

    Parameters
    ----------
    runs : iterable of Record, optional
        All runs in ``reports/`` if left out.

    Returns
    -------
    DataFrame
        ``notebook``, ``state``, ``reason``, ``dataset``, ``accuracy`` (0..1, on the test set, else in
        validation), ``seconds``, ``started``, then the parameters, the metrics, and where it came
        from. What a run does not have is missing. A metric that is called as a parameter is gets
        ``_measured`` behind its name; a parameter that is called as one of the first columns
        gets ``_asked``.
    """
    import pandas as pd

    rows = {run.name: run.row() for run in (list_runs() if runs is None else runs)}
    parts = list(zip(*rows.values(), strict=True)) or [()]
    columns = dict.fromkeys(column for part in parts for row in part for column in row)
    flat = [{name: value for part in row for name, value in part.items()} for row in rows.values()]
    return pd.DataFrame(flat, index=pd.Index(rows, name="run", dtype=str), columns=list(columns))


def find_run(name: str = LATEST, *, trained: bool = True, store: str = "") -> Run:
    """Return a run.

    Parameters
    ----------
    name : str
        ``"latest"``, or a run's id, or its name, or the beginning of just one name.
    trained : bool
        Only those with trained weights.
    store : str
        A URL where to look too; a run that is found there is copied here.

    Raises
    ------
    RunError
        If there is none, or more than one; the message says what to do.
    """
    runs = [run for run in list_runs(store=store) if run.is_trained or not trained]
    if name == LATEST:
        found = [run for run in runs if run.state == "complete"][:1]
    else:
        found = [run for run in runs if name in (run.name, run.id)] or [
            run for run in runs if run.name.startswith(name)
        ]
    if len(found) > 1:
        raise RunError(f"{name} could be {' or '.join(run.name for run in found)}: give the whole name")
    if not found:
        named = "" if name == LATEST else f" named {name}"
        remedy = "run 02_train first, or 'mnistlab train'" if trained else "see 'mnistlab runs'"
        raise RunError(f"no {'trained ' if trained else ''}run{named} in {reports_dir()}: {remedy}")
    (run,) = found
    if store and not run.path.exists():
        Store(store).pull(run.path)
    return Run(run.path)


def remove(run: Record) -> None:
    """Delete a run's folder.

    Raises
    ------
    RunError
        If it is being run.
    """
    if is_held(run.path):
        raise RunError(f"{run.name} is being run: stop it first, it cannot be removed now")
    shutil.rmtree(run.path)
