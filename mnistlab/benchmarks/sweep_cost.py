"""What a sweep costs: the phases of its runs, how well workers share a machine, and what a cluster would take."""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from time import perf_counter

import pandas as pd

from mnistlab.execution.options import SILENT, RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.runs.record import RunRecord, RunState
from mnistlab.runs.registry import list_runs
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.sweeps.cluster import local_cluster
from mnistlab.sweeps.dispatch import SweepExecution, Workers
from mnistlab.sweeps.sweep import Sweep
from mnistlab.system.files import reference_dir
from mnistlab.system.run_files import RUN_JSON

PHASES = ("starting", "importing", "computing", "reporting")
"""Of a run: papermill and its kernel start, the first cell imports, the others work, the report is written."""


FIELDS = ("notebook", "state", "started", "finished", "executed")
"""Of a run: what its phases and its place in time are read from."""


def measure(notebook: str, runs: int, workers: int, given: Mapping[str, Value]) -> list[RunSnapshot]:
    """Run a sweep over so many seeds, one thread a run, into a folder that is thrown away.

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
        sweep = Sweep(notebook, {"seed": range(runs)}, given)
        SweepExecution(sweep, Workers(workers), RunOptions(threads=1), SILENT).run()
        return [run for run in list_runs() if run.state == RunState.COMPLETE]


def kept(sweeps: Mapping[int, Sequence[RunSnapshot]]) -> dict[str, list[dict[str, object]]]:
    """Return of sweeps, by their number of workers, what a measurement is made of; ready for JSON."""
    return {
        str(workers): [{field: record.record.write()[field] for field in FIELDS} for record in records]
        for workers, records in sweeps.items()
    }


def measured() -> dict[int, list[RunSnapshot]]:
    """Return the sweeps of the reference report of ``06_scale``, by their number of workers."""
    reference = next(run for run in list_runs(reference_dir()) if run.record.extra.get("sweeps"))
    return {
        int(workers): [RunSnapshot(reference.path, RunRecord.read(info)) for info in infos]
        for workers, infos in reference.record.extra["sweeps"].items()
    }


def phases(records: Sequence[RunSnapshot]) -> pd.DataFrame:
    """Return the seconds that each phase of each run took, one row a run."""
    return pd.DataFrame([record.record.executed[record.notebook].phases for record in records], columns=list(PHASES))


def wall_seconds(records: Sequence[RunSnapshot]) -> float:
    """Return the time from the first run's begin to the last one's end."""
    times = [
        [pd.Timestamp(getattr(record.record, name)).timestamp() for name in ("started", "finished")]
        for record in records
    ]
    return max(end for _, end in times) - min(begin for begin, _ in times)


def efficiency(sweeps: Mapping[int, Sequence[RunSnapshot]]) -> pd.DataFrame:
    """Return how well workers share a machine.

    Parameters
    ----------
    sweeps : mapping of int to records
        By the number of workers, 1 among them; each of as many runs.

    Returns
    -------
    DataFrame
        One row a number of ``workers``: ``runs``, ``seconds`` from the first begin to the last end,
        ``runs_an_hour``, and ``efficiency``: the share of what as many times one worker would do, 0..1.
    """
    rows = {workers: (len(records), wall_seconds(records)) for workers, records in sweeps.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["runs", "seconds"]).rename_axis("workers")
    table["runs_an_hour"] = 3600 * table["runs"] / table["seconds"]
    return table.assign(efficiency=table["runs_an_hour"] / table["runs_an_hour"].loc[1] / table.index)


def cluster_seconds(runs: int, workers: int, seconds_a_run: float) -> float:
    """Return how long so many runs take: in waves, the last of which may be small."""
    return ceil(runs / workers) * seconds_a_run


def seconds_a_task(tasks: int) -> float:
    """Return how long the scheduler takes over a task that does nothing: the least that any run costs it."""
    with local_cluster(1) as client:
        client.gather(client.map(abs, range(100)))
        began = perf_counter()
        client.gather(client.map(abs, range(100, 100 + tasks)))
        return (perf_counter() - began) / tasks


def seconds_to_list(record: RunSnapshot, count: int) -> float:
    """Return how long so many runs take to be listed, all like this one."""
    with tempfile.TemporaryDirectory() as folder:
        text = record.record.text()
        for number in range(count):
            (path := Path(folder) / f"{record.notebook}-{number:08x}").mkdir()
            (path / RUN_JSON).write_text(text)
        began = perf_counter()
        list_runs(Path(folder))
        return perf_counter() - began


@contextmanager
def _reports_in(folder: Path) -> Iterator[None]:
    """Runs go there meanwhile, also those of processes that are started."""
    before = os.environ.get("MNISTLAB_REPORTS_DIR")
    os.environ["MNISTLAB_REPORTS_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["MNISTLAB_REPORTS_DIR"]
        else:
            os.environ["MNISTLAB_REPORTS_DIR"] = before
