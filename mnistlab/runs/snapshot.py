"""A run on disk as it was when it was read."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mnistlab.runs.record import Failure, RunRecord, RunState
from mnistlab.system.formatting import count
from mnistlab.system.run_files import LOCK, RUN_JSON, WEIGHTS

ENDED_EARLY = "the kernel stopped before the run finished"
"""Why a run failed that neither finished nor was ended by its runner."""


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
        """The content of ``run.json``; that of a failed run if the file is broken or missing."""
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
        """Running, complete, failed or stopped."""
        return self.record.state

    @property
    def reason(self) -> str:
        """Why it failed or was stopped, in one line; empty otherwise."""
        error = self.record.error
        return error.message if error else ""

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
        """When it was last started."""
        return datetime.fromisoformat(self.record.started) if self.record.started else None

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
        if self.record.executed:
            return float(sum(done.seconds for done in self.record.executed.values()))
        if self.started and self.record.finished:
            return (datetime.fromisoformat(self.record.finished) - self.started).total_seconds()
        return None

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
        return (self.path / RUN_JSON).exists()

    @property
    def is_trained(self) -> bool:
        """Whether a training in this folder has reached its end."""
        return (self.path / WEIGHTS).exists()


def read_record(path: Path) -> RunRecord:
    """Return what a run's ``run.json`` says now; a run whose process has ended without finishing has failed."""
    try:
        record = RunRecord.parse((path / RUN_JSON).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return RunRecord.unreadable(error)
    if record.state == RunState.RUNNING and not is_held(path):
        return replace(record, state=RunState.FAILED, error=Failure(message=ENDED_EARLY))
    return record


def is_held(path: Path) -> bool:
    """Return whether a living process holds the run in this folder."""
    try:
        with FileLock(path / LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # where no lock can be made, nothing runs
        return False
