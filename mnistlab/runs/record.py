"""The content of a run's ``run.json``: one dataclass that reads and writes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mnistlab.system.json_objects import JsonObject, check_time, parse_json, read_text

if TYPE_CHECKING:
    from mnistlab.datasets.digits import Digits


class RunState(StrEnum):
    """What has become of a run."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    STOPPED = "stopped"  # by the user; the same command continues it
    NOT_STARTED = "not started"  # planned by a sweep; never written
    DAMAGED = "damaged"  # its run.json cannot be read; never written


Scalar = str | int | float | bool | None
"""A value of a parameter, or a fact about the machine."""

ROUNDING = 1e-6
"""Of a share in 0..1."""


@dataclass(frozen=True, kw_only=True)
class Failure(JsonObject):
    """Why a run failed or was stopped."""

    message: str  # one line
    traceback: str = ""


@dataclass(frozen=True, kw_only=True)
class DatasetInfo(JsonObject):
    """The digits that a run was about."""

    name: str  # what was loaded, never "auto"
    asked_for: str = ""  # as the parameter says, perhaps "auto"
    replaces_mnist: bool = False  # "auto" was asked for and MNIST was not available
    images: Mapping[str, int] = field(default_factory=dict)  # in the train and the test part
    sha256: Mapping[str, str] = field(default_factory=dict)  # of the same

    def write(self) -> dict[str, Any]:
        return _without_empty(super().write(), "images")

    @classmethod
    def of(cls, asked_for: str, train: "Digits", test: "Digits") -> "DatasetInfo":
        """Describe a dataset that was loaded because a parameter asked for it."""
        return cls(
            name=train.name,
            asked_for=asked_for or train.name,
            replaces_mnist=asked_for == "auto" and train.name != "mnist",
            images={"train": len(train), "test": len(test)},
            sha256={"train": train.sha256, "test": test.sha256},
        )


@dataclass(frozen=True, kw_only=True)
class Execution(JsonObject):
    """One notebook that was executed to its end."""

    id: str  # the hash of all that decides its result
    seconds: float
    phases: Mapping[str, float] = field(default_factory=dict)  # seconds of each
    files: tuple[str, ...] = ()  # that it left in the folder

    def write(self) -> dict[str, Any]:
        return _without_empty(super().write(), "files")


@dataclass(frozen=True, kw_only=True)
class RunRecord(JsonObject):
    """All that is known about a run."""

    notebook: str = ""
    state: RunState = RunState.RUNNING
    error: Failure | None = None
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    seed: int | None = None
    dataset: DatasetInfo | None = None
    code: Mapping[str, str] = field(default_factory=dict)  # sha256 of the notebook and of the library
    git: Mapping[str, Scalar] = field(default_factory=dict)
    versions: Mapping[str, str | None] = field(default_factory=dict)
    hardware: Mapping[str, Scalar] = field(default_factory=dict)
    order: int | None = None  # of the runs in a folder, the one begun last has the highest; older ones have none
    started: str | None = None  # ISO 8601
    finished: str | None = None  # ISO 8601
    seconds: float | None = None  # from the start to the end in an open notebook
    executed: Mapping[str, Execution] = field(default_factory=dict)  # by notebook
    metrics: Mapping[str, float] = field(default_factory=dict)  # finite numbers
    model_sha256: str | None = None  # of the exported model; None in records of earlier versions

    @classmethod
    def read(cls, content: object, name: str = "") -> Self:
        if not isinstance(content, Mapping) or "state" not in content:
            raise ValueError("it has no state")
        metrics, dataset = content.get("metrics", {}), content.get("dataset")
        if isinstance(metrics, Mapping):  # what was no finite number is null
            metrics = {metric: value for metric, value in metrics.items() if value is not None}
        record = super().read({**content, "metrics": metrics, "dataset": dataset or None}, name)
        if record.state in (RunState.NOT_STARTED, RunState.DAMAGED):
            raise ValueError(f"state is {record.state}, which is never written")
        if not isinstance(record.git.get("commit"), str | None):
            raise ValueError("git.commit is not text")
        for metric, value in record.metrics.items():
            if "accuracy" in metric and not -ROUNDING <= value <= 1 + ROUNDING:
                raise ValueError(f"metrics.{metric} is {value:g}, not a number in 0..1")
        for moment in ("started", "finished"):
            if (text := getattr(record, moment)) is not None:
                check_time(text, moment)
        return record

    def write(self) -> dict[str, Any]:
        return _without_empty(super().write(), "order", "seconds", "model_sha256")

    @classmethod
    def parse(cls, text: str) -> "RunRecord":
        """Return the record in a file's text; what cannot be read is the record of a damaged run."""
        try:
            return cls.read(parse_json(text))
        except ValueError as error:
            return cls.damaged(error)

    @classmethod
    def load(cls, path: Path) -> "RunRecord":
        """Return the record in a file; what cannot be read is the record of a damaged run."""
        try:
            return cls.parse(read_text(path))
        except OSError as error:
            return cls.damaged(error.strerror or error)
        except ValueError as error:
            return cls.damaged(error)

    @classmethod
    def damaged(cls, reason: object) -> "RunRecord":
        """Return the record of a run whose file cannot be read."""
        return cls(state=RunState.DAMAGED, error=Failure(message=f"run.json cannot be read: {reason}"))

    @property
    def reason(self) -> str:
        """Why the run failed, was stopped or cannot be read, in one line; empty otherwise."""
        return self.error.message if self.error else ""

    @property
    def start_time(self) -> datetime | None:
        """When the run was started, in UTC."""
        return datetime.fromisoformat(self.started).astimezone(UTC) if self.started else None

    def changed(self, changes: Mapping[str, Any]) -> "RunRecord":
        """Return the record with other values of some fields; names that it does not have go into `extra`."""
        known = {one.name for one in fields(self)} - {"extra"}
        extra = {**self.extra, **{name: value for name, value in changes.items() if name not in known}}
        return replace(self, **{name: value for name, value in changes.items() if name in known}, extra=extra)

    def text(self) -> str:
        """Return the file's text."""
        return json.dumps(self.write(), indent=2) + "\n"


def _without_empty(content: dict[str, Any], *names: str) -> dict[str, Any]:
    """An object without those of these fields that are empty: records of earlier versions do not have them."""
    return {name: value for name, value in content.items() if value or name not in names}
