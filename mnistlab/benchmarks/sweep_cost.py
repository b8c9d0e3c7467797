"""What a sweep costs: the phases of its runs, how well workers share a machine, and the time on a cluster."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from time import perf_counter

import pandas as pd

from mnistlab.errors import RunError
from mnistlab.execution.options import SILENT, RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.runs.record import RunRecord, RunState
from mnistlab.runs.registry import list_runs
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.sweeps.cluster import Workers, local_cluster
from mnistlab.sweeps.dispatch import SweepExecution
from mnistlab.sweeps.sweep import Sweep
from mnistlab.system.files import reference_dir
from mnistlab.system.run_files import RUN_JSON

PHASES = ("starting", "importing", "computing", "reporting")
"""Phases of a run: papermill and kernel start, the first cell imports, the others run, the report is written."""

FIELDS = ("notebook", "state", "started", "finished", "executed")
"""Fields of ``run.json`` that the phases and times of a run are read from."""


def measure(notebook: str, runs: int, workers: int, parameters: Mapping[str, Value]) -> list[RunSnapshot]:
    """Run a sweep over seeds in a temporary folder, with one thread for each run.

    Parameters
    ----------
    notebook : str
    runs, workers : int
    parameters : mapping of str to value
        The notebook's other parameters.

    Returns
    -------
    list of RunSnapshot
        Those that are complete.
    """
    with tempfile.TemporaryDirectory() as folder, _reports_in(Path(folder)):
        sweep = Sweep(notebook, {"seed": range(runs)}, parameters)
        SweepExecution(sweep, Workers(workers), RunOptions(threads=1), SILENT).run()
        return [run for run in list_runs() if run.state == RunState.COMPLETE]


def measure_each(
    notebook: str, runs: int, worker_counts: Iterable[int], parameters: Mapping[str, Value]
) -> dict[int, list[RunSnapshot]]:
    """Run the same sweep with each number of workers in turn.

    Parameters
    ----------
    notebook, runs, parameters
        As `measure` takes them.
    worker_counts : iterable of int

    Returns
    -------
    dict of int to list of RunSnapshot
        The complete runs by the number of workers.

    Raises
    ------
    RunError
        If no run of a sweep was complete.
    """
    sweeps = {workers: measure(notebook, runs, workers, parameters) for workers in worker_counts}
    for workers, records in sweeps.items():
        if not records:
            raise RunError(f"no run with {workers} workers was complete: see what 'mnistlab run {notebook}' says")
    return sweeps


def to_json(sweeps: Mapping[int, Sequence[RunSnapshot]]) -> dict[str, list[dict[str, object]]]:
    """Return what the numbers of sweeps are computed from, ready for ``run.json``; `reference_sweeps` reads it."""
    return {
        str(workers): [{field: run.record.write()[field] for field in FIELDS} for run in runs]
        for workers, runs in sweeps.items()
    }


def reference_sweeps() -> dict[int, list[RunSnapshot]]:
    """Return the sweeps of the reference report of ``11_sweep_cost`` by their number of workers.

    Raises
    ------
    RunError
        If there is no such report.
    """
    for run in list_runs(reference_dir()):
        if sweeps := run.record.extra.get("sweeps"):
            return {
                int(workers): [RunSnapshot(run.path, RunRecord.read(record)) for record in records]
                for workers, records in sweeps.items()
            }
    raise RunError(f"no reference report of 11_sweep_cost in {reference_dir()}: set runs, to 12 say, to measure")


def phases(runs: Sequence[RunSnapshot]) -> pd.DataFrame:
    """Return the seconds that each phase took, one row for each run."""
    return pd.DataFrame([run.record.executed[run.notebook].phases for run in runs], columns=list(PHASES))


def wall_seconds(runs: Sequence[RunSnapshot]) -> float:
    """Return the seconds from the start of the first run to the end of the last."""
    started = [pd.Timestamp(str(run.record.started)).timestamp() for run in runs]
    finished = [pd.Timestamp(str(run.record.finished)).timestamp() for run in runs]
    return max(finished) - min(started)


def efficiency(sweeps: Mapping[int, Sequence[RunSnapshot]]) -> pd.DataFrame:
    """Return how well workers share a machine.

    Parameters
    ----------
    sweeps : mapping of int to records
        By the number of workers, 1 among them.

    Returns
    -------
    DataFrame
        Indexed by the number of ``workers``: ``runs``, ``seconds`` from the start of the first to the end
        of the last, ``runs_per_hour``, and ``efficiency``: runs per hour and worker, as a share of those
        of a single worker, 0..1.
    """
    rows = {workers: (len(records), wall_seconds(records)) for workers, records in sweeps.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["runs", "seconds"]).rename_axis("workers")
    table["runs_per_hour"] = 3600 * table["runs"] / table["seconds"]
    return table.assign(efficiency=table["runs_per_hour"] / table["runs_per_hour"].loc[1] / table.index)


def waves(runs: int, workers: int) -> int:
    """Return how often each worker takes a run, if all runs take the same time; some may be idle in the last wave."""
    return ceil(runs / workers)


def seconds_per_task(tasks: int) -> float:
    """Return how long the scheduler takes for a task that does nothing, the mean of so many."""
    with local_cluster(1) as client:
        client.gather(client.map(abs, range(100)))
        began = perf_counter()
        client.gather(client.map(abs, range(100, 100 + tasks)))
        return (perf_counter() - began) / tasks


def seconds_to_list(run: RunSnapshot, count: int) -> float:
    """Return how long it takes to list `count` copies of a run."""
    with tempfile.TemporaryDirectory() as folder:
        text = run.record.text()
        for number in range(count):
            (path := Path(folder) / f"{run.notebook}-{number:08x}").mkdir()
            (path / RUN_JSON).write_text(text)
        began = perf_counter()
        list_runs(Path(folder))
        return perf_counter() - began


@contextmanager
def _reports_in(folder: Path) -> Iterator[None]:
    """Put runs into another folder, also those of the processes that are started."""
    before = os.environ.get("MNISTLAB_REPORTS_DIR")
    os.environ["MNISTLAB_REPORTS_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["MNISTLAB_REPORTS_DIR"]
        else:
            os.environ["MNISTLAB_REPORTS_DIR"] = before
