"""A run on disk as it was when it was read."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mnistlab.runs.record import Failure, RunRecord, RunState
from mnistlab.system.files import is_there, next_number
from mnistlab.system.formatting import count
from mnistlab.system.run_files import LAST_ORDER, LOCK, RUN_JSON, WEIGHTS

ENDED_EARLY = "the kernel stopped before the run finished"
"""Why a run failed that neither finished nor was ended by its runner."""

MOST_ORDER = 10**13
"""An order that a clock can give: its milliseconds end in the year 2286."""


class RunSnapshot:
    """A run as it was when its ``run.json`` was read.

    Parameters
    ----------
    path : Path
        The run's folder.
    record : RunRecord
    """

    def __init__(self, path: Path, record: RunRecord) -> None:
        self.path = path
        self._record = record

    def __repr__(self) -> str:
        epochs = self.metrics.get("epochs")
        parts = [self.notebook, self.dataset, epochs and count(int(epochs), "epoch"), self.accuracy or self.state]
        return f"Run({', '.join(part for part in parts if part)})"

    @property
    def record(self) -> RunRecord:
        """The content of ``run.json``; that of a damaged run if the file cannot be read."""
        return self._record

    @property
    def name(self) -> str:
        """The folder's name: notebook and id."""
        return self.path.name

    @property
    def id(self) -> str:
        """The name without the notebook: a hash, or the start time of a run of an open notebook."""
        return self.name.removeprefix(f"{self.notebook}-")

    @property
    def state(self) -> RunState:
        """What has become of it: running, complete, failed, stopped or damaged."""
        return self.record.state

    @property
    def reason(self) -> str:
        """Why it failed, was stopped or cannot be read, in one line; empty otherwise."""
        return self.record.reason

    @property
    def notebook(self) -> str:
        """Name of the notebook, ``"02_train"`` for example."""
        return self.record.notebook or self.name

    @property
    def dataset(self) -> str | None:
        """Name of the dataset that was used, never ``"auto"``."""
        return self.record.dataset.name if self.record.dataset else None

    @property
    def replaces_mnist(self) -> bool:
        """Whether "auto" was asked for and MNIST was not available."""
        return bool(self.record.dataset and self.record.dataset.replaces_mnist)

    @property
    def started(self) -> datetime | None:
        """When it was last started, by the clock of that machine, in UTC."""
        return self.record.start_time

    @property
    def order(self) -> int:
        """The place among the runs of its folder: those that were begun later have a higher one.

        Between folders, as with a copy from a store, and for runs of earlier versions, only the clocks can tell:
        then it is the time of the start, in milliseconds since 1970; 0 if that is not known.
        """
        if self.record.order is not None:
            return self.record.order
        return _milliseconds(self.started) if self.started else 0

    @property
    def parameters(self) -> dict[str, Any]:
        """The notebook's parameters by name."""
        return dict(self.record.parameters)

    @property
    def metrics(self) -> dict[str, float]:
        """What the notebooks measured, by name."""
        return dict(self.record.metrics)

    @property
    def executed(self) -> dict[str, str]:
        """The notebooks that were executed to their end in this folder, with the hash of what decides their result."""
        return {name: done.id for name, done in self.record.executed.items()}

    @property
    def seconds(self) -> float | None:
        """How long its notebooks took in total; from start to end for an open notebook; None if not known."""
        record, took = self.record, self.record.seconds
        if record.executed:
            took = float(sum(done.seconds for done in record.executed.values()))
        elif took is None and record.start_time and record.finished:
            took = (datetime.fromisoformat(record.finished) - record.start_time).total_seconds()
        return took if took is None or took >= 0 else None  # the clock was set back in between

    @property
    def score(self) -> float | None:
        """The test accuracy, else the validation accuracy, 0..1."""
        return self.metrics.get("test_accuracy", self.metrics.get("validation_accuracy"))

    @property
    def accuracy(self) -> str | None:
        """The score in percent, with a note if it is the validation accuracy."""
        if self.score is None:
            return None
        return f"{self.score:.2%}{'' if 'test_accuracy' in self.metrics else ' (validation)'}"

    @property
    def exists(self) -> bool:
        """Whether it is on this machine."""
        return has_record(self.path)

    @property
    def is_trained(self) -> bool:
        """Whether a training in this folder has reached its end."""
        return os.path.isfile(self.path / WEIGHTS)  # noqa: PTH113  # pathlib raises where it may not look

    def lost_files(self, notebook: str) -> list[str]:
        """Return which of the files that an executed notebook left in the folder are missing or empty."""
        done = self.record.executed.get(notebook)
        return [name for name in (done.files if done else ()) if not is_there(self.path / name)]


def read_record(path: Path) -> RunRecord:
    """Return what a run's ``run.json`` says now; a run whose process has ended without finishing has failed."""
    record = RunRecord.load(path / RUN_JSON)
    if record.state == RunState.RUNNING and not is_held(path):
        return replace(record, state=RunState.FAILED, error=Failure(message=ENDED_EARLY))
    return record


def has_record(path: Path) -> bool:
    """Return whether a folder is that of a run: whether it has a ``run.json``, in whatever condition."""
    try:
        (path / RUN_JSON).lstat()
    except PermissionError:  # it may not be looked at
        return True
    except OSError:
        return False
    return True


def snapshots(folder: Path) -> list[RunSnapshot]:
    """Return the runs in a folder, in any order; none if there is no such folder."""
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(".") and has_record(path)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [RunSnapshot(path, read_record(path)) for path in found]


def next_order(folder: Path) -> int:
    """Return the `RunSnapshot.order` of a run that is begun now: higher than any before, whatever the clock says."""

    def known() -> int:
        return max((run.order for run in snapshots(folder) if run.order < MOST_ORDER), default=0)

    return next_number(folder / LAST_ORDER, _milliseconds(datetime.now(UTC)), known)


def is_held(path: Path) -> bool:
    """Return whether a living process holds the run in this folder."""
    try:
        with FileLock(path / LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # where no lock can be made, nothing runs
        return False


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
