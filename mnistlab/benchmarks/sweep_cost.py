"""What a sweep costs: the phases of its runs, how well workers share a machine, and the time on a cluster."""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from time import perf_counter

import pandas as pd

from mnistlab.errors import RunError
from mnistlab.execution.parameters import Value
from mnistlab.runs.record import Record
from mnistlab.runs.registry import list_runs
from mnistlab.sweeps.cluster import local_cluster
from mnistlab.sweeps.sweep import Sweep
from mnistlab.system.files import reference_dir
from mnistlab.system.run_files import RUN_JSON

PHASES = ("starting", "importing", "computing", "reporting")
"""Phases of a run: papermill and kernel start, the first cell imports, the others run, the report is written."""

FIELDS = ("notebook", "state", "started", "finished", "executed")
"""Fields of ``run.json`` that the phases and times of a run are read from."""


def measure(notebook: str, runs: int, workers: int, given: Mapping[str, Value]) -> list[Record]:
    """Run a sweep over seeds in a temporary folder, with one thread for each run.

    Parameters
    ----------
    notebook : str
    runs, workers : int
    given : mapping of str to value
        The notebook's other parameters.

    Returns
    -------
    list of Record
        Those that are complete.
    """
    with tempfile.TemporaryDirectory() as folder, _reports_in(Path(folder)):
        Sweep(notebook, {"seed": range(runs)}, given).run(workers=workers, threads=1, tell=lambda line: None)
        return [record for record in list_runs() if record.state == "complete"]


def measure_each(
    notebook: str, runs: int, worker_counts: Iterable[int], parameters: Mapping[str, Value]
) -> dict[int, list[Record]]:
    """Run the same sweep with each number of workers in turn.

    Parameters
    ----------
    notebook, runs, parameters
        As `measure` takes them.
    worker_counts : iterable of int

    Returns
    -------
    dict of int to list of Record
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


def to_json(sweeps: Mapping[int, Sequence[Record]]) -> dict[str, list[dict[str, object]]]:
    """Return what the numbers of sweeps are computed from, ready for ``run.json``; `reference_sweeps` reads it."""
    return {
        str(workers): [{field: record.info[field] for field in FIELDS} for record in records]
        for workers, records in sweeps.items()
    }


def reference_sweeps() -> dict[int, list[Record]]:
    """Return the sweeps of the reference report of ``06_scale`` by their number of workers.

    Raises
    ------
    RunError
        If there is no such report.
    """
    for run in list_runs(reference_dir()):
        if sweeps := run.info.get("sweeps"):
            return {int(workers): [Record(run.path, info) for info in infos] for workers, infos in sweeps.items()}
    raise RunError(f"no reference report of 06_scale in {reference_dir()}: set runs, to 12 for example, to measure")


def phases(records: Sequence[Record]) -> pd.DataFrame:
    """Return the seconds that each phase took, one row for each run."""
    return pd.DataFrame(
        [record.info["executed"][record.notebook]["phases"] for record in records], columns=list(PHASES)
    )


def wall_seconds(records: Sequence[Record]) -> float:
    """Return the seconds from the start of the first run to the end of the last."""
    times = [[pd.Timestamp(record.info[name]).timestamp() for name in ("started", "finished")] for record in records]
    return max(end for _, end in times) - min(begin for begin, _ in times)


def efficiency(sweeps: Mapping[int, Sequence[Record]]) -> pd.DataFrame:
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


def seconds_to_list(record: Record, count: int) -> float:
    """Return how long it takes to list `count` copies of a run."""
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(dict(record.info), indent=2)
        for number in range(count):
            (path := Path(folder) / f"{record.notebook}-{number:08x}").mkdir()
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
