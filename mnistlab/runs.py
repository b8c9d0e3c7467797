"""Runs on disk: what is being run, what there is, and how they compare."""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from mnistlab import provenance
from mnistlab.errors import RunError
from mnistlab.records import Record, is_held, read_info
from mnistlab.store import Store
from mnistlab.system.files import batch_run_dir, reference_dir, replacing, reports_dir
from mnistlab.system.run_files import LOCK

if TYPE_CHECKING:  # slow and large for whoever only lists runs
    import pandas as pd

    from mnistlab.data import Digits

LATEST = "latest"
"""Stands for the newest complete run with trained weights."""


WHICH = ("sample", "all")
"""Names that `chosen_runs` takes."""


class Run(Record):
    """One execution of a notebook with its parameters: a folder under ``reports/``.

    Nothing is cached: every property reads ``run.json`` as it is now.

    Parameters
    ----------
    path : Path
        The run's folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, {})
        self._lock = FileLock(path / LOCK)

    @property
    def info(self) -> dict[str, Any]:
        return read_info(self.path)

    def update(self, **fields: object) -> None:
        """Set fields of ``run.json``, atomically."""
        path = self.path / "run.json"
        content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        with replacing(path) as unfinished:
            unfinished.write_text(json.dumps({**content, **fields}, indent=2) + "\n", encoding="utf-8")

    def begin(
        self,
        notebook: str,
        parameters: Mapping[str, object],
        digits: "Sequence[Digits]",
        code: Mapping[str, str] | None = None,
        threads: int | None = None,
    ) -> None:
        """Write down what is being run, on what (training and test part, or nothing), and that it is running.

        `code` has the sha256 of the notebook and of the library, `threads` is how many the kernel may take.
        """
        self.update(
            notebook=notebook,
            state="running",
            error=None,
            parameters=parameters,
            seed=parameters.get("seed"),
            dataset=_described(str(parameters.get("dataset", "")), *digits) if digits else {},
            code=code or {},
            **provenance.describe(threads),
            started=_now(),
            finished=None,
            executed={},
            metrics={},
        )

    def finish(self, **metrics: float) -> None:
        """Add what was measured, and that the notebook came to its end."""
        self.update(state="complete", metrics={**self.metrics, **metrics}, finished=_now())

    def complete(self, notebook: str, identity: str, seconds: Mapping[str, float]) -> None:
        """Write down that the runner has seen a notebook come to its end, and what took how many seconds."""
        spent = {phase: round(value, 2) for phase, value in seconds.items()}
        done = {"id": identity, "seconds": round(sum(seconds.values()), 1), "phases": spent}
        executed = {**self.info.get("executed", {}), notebook: done}
        self.update(state="complete", executed=executed, finished=_now())

    def fail(self, state: str, message: str, traceback: str = "") -> None:
        """Write down that the run is *failed* or *stopped*, and why."""
        self.update(state=state, error={"message": message, "traceback": traceback}, finished=_now())

    def hold(self) -> None:
        """Lock the run until `release` or the end of the process; meanwhile it counts as running.

        Raises
        ------
        RunError
            If another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=1)  # whoever only looks holds it for a moment, hence the wait
        except Timeout:
            raise RunError(f"{self.name} is being run already: see 'mnistlab runs', or change a parameter") from None

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()


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
    """Return the runs of a notebook: ``"sample"``, those that come with mnistlab, or ``"all"`` in ``reports/``."""
    runs = list_runs(reference_dir() / "sweep" if which == "sample" else None)
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


def current_run(notebook: str, parameters: Mapping[str, object], digits: "Sequence[Digits]") -> Run:
    """Return the run that this notebook is part of.

    In batch that is the folder the runner has made. In an open notebook each call starts a new one,
    named by the time, which counts as running until `Run.finish` or the kernel's end.

    Parameters
    ----------
    notebook : str
        Name of the notebook, ``"02_train"`` for example.
    parameters : mapping of str to value
    digits : pair of Digits
        Training and test part of the dataset, or nothing.
    """
    given = batch_run_dir()
    if given:
        return Run(given)
    run = Run(reports_dir() / f"{notebook}-{datetime.now():%Y%m%d-%H%M%S}")
    run.hold()
    run.begin(notebook, parameters, digits)
    return run


def _described(asked_for: str, train: "Digits", test: "Digits") -> dict[str, object]:
    return {
        "asked_for": asked_for or train.name,
        "name": train.name,
        "replaces_mnist": asked_for == "auto" and train.name != "mnist",
        "sha256": {"train": train.sha256, "test": test.sha256},
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
