"""The content of a run's ``run.json``: one dataclass that reads and writes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mnistlab.datasets.digits import Digits


class RunState(StrEnum):
    """What has become of a run."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    STOPPED = "stopped"  # by the user; the same command continues it
    NOT_STARTED = "not started"  # planned by a sweep; never written


@dataclass(frozen=True, kw_only=True)
class _Section:
    """An object in the file. Keys that this version does not know are kept in `extra`."""

    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, content: object) -> Self:
        """Return the section that a JSON object stands for; TypeError or ValueError if it is not of that form."""
        if not isinstance(content, Mapping):
            raise TypeError(f"expected an object, found {content!r}")
        known = {one.name for one in fields(cls)} - {"extra"}
        extra = {name: value for name, value in content.items() if name not in known}
        return cls(**{name: content[name] for name in known & content.keys()}, extra=extra)

    def write(self) -> dict[str, Any]:
        """Return the JSON object."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "extra"}
        return {**{name: _written(value) for name, value in own.items()}, **self.extra}


@dataclass(frozen=True, kw_only=True)
class Failure(_Section):
    """Why a run failed or was stopped."""

    message: str  # one line
    traceback: str = ""


@dataclass(frozen=True, kw_only=True)
class DatasetInfo(_Section):
    """The digits that a run was about."""

    name: str  # what was loaded, never "auto"
    asked_for: str = ""  # as the parameter says, perhaps "auto"
    replaces_mnist: bool = False  # "auto" was asked for and MNIST was not available
    images: Mapping[str, int] = field(default_factory=dict)  # in the train and the test part
    sha256: Mapping[str, str] = field(default_factory=dict)  # of the same

    def write(self) -> dict[str, Any]:
        content = super().write()
        if not self.images:  # as in records of earlier versions
            del content["images"]
        return content

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
class Execution(_Section):
    """One notebook that was executed to its end."""

    id: str  # the hash of all that decides its result
    seconds: float
    phases: Mapping[str, float] = field(default_factory=dict)  # seconds of each


@dataclass(frozen=True, kw_only=True)
class RunRecord(_Section):
    """All that is known about a run."""

    notebook: str = ""
    state: RunState = RunState.RUNNING
    error: Failure | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    dataset: DatasetInfo | None = None
    code: Mapping[str, str] = field(default_factory=dict)  # sha256 of the notebook and of the library
    git: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)
    hardware: Mapping[str, Any] = field(default_factory=dict)
    started: str | None = None  # ISO 8601
    finished: str | None = None  # ISO 8601
    executed: Mapping[str, Execution] = field(default_factory=dict)  # by notebook
    metrics: Mapping[str, float] = field(default_factory=dict)
    model_sha256: str | None = None  # of the exported model; None in records of earlier versions

    def write(self) -> dict[str, Any]:
        content = super().write()
        if self.model_sha256 is None:
            del content["model_sha256"]
        return content

    @classmethod
    def read(cls, content: object) -> Self:
        record = super().read(content)
        for name in ("parameters", "code", "git", "versions", "hardware", "executed", "metrics"):
            if not isinstance(getattr(record, name), Mapping):
                raise TypeError(f"{name} is no object")
        return replace(
            record,
            state=RunState(record.state),
            error=Failure.read(record.error) if record.error else None,
            dataset=DatasetInfo.read(record.dataset) if record.dataset else None,
            executed={name: Execution.read(one) for name, one in record.executed.items()},
        )

    @classmethod
    def parse(cls, text: str) -> "RunRecord":
        """Return the record in a file's text; what cannot be read is the record of a failed run."""
        try:
            content = json.loads(text)
            if not isinstance(content, dict) or "state" not in content:
                raise ValueError("it has no state")
            return cls.read(content)
        except (TypeError, ValueError) as error:
            return cls.unreadable(error)

    @classmethod
    def unreadable(cls, reason: object) -> "RunRecord":
        """Return the record of a run whose file cannot be read."""
        return cls(state=RunState.FAILED, error=Failure(message=f"run.json cannot be read: {reason}"))

    def changed(self, changes: Mapping[str, Any]) -> "RunRecord":
        """Return the record with other values of some fields; names that it does not have go into `extra`."""
        known = {one.name for one in fields(self)} - {"extra"}
        extra = {**self.extra, **{name: value for name, value in changes.items() if name not in known}}
        return replace(self, **{name: value for name, value in changes.items() if name in known}, extra=extra)

    def text(self) -> str:
        """Return the file's text."""
        return json.dumps(self.write(), indent=2) + "\n"


def _written(value: Any) -> Any:
    if isinstance(value, _Section):
        return value.write()
    if isinstance(value, Mapping):
        return {name: _written(one) for name, one in value.items()}
    return value
