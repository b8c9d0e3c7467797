"""What there is to know of a run, read from its ``run.json`` and from nothing else."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from mnistlab.system.run_files import LOCK, WEIGHTS


class Record:
    """A run as it was when its ``run.json`` was read.

    Parameters
    ----------
    path : Path
        The run's folder.
    info : mapping
        The content of ``run.json``.
    """

    def __init__(self, path: Path, info: Mapping[str, Any]) -> None:
        self.path = path
        self._info = info

    def __repr__(self) -> str:
        epochs = self.metrics.get("epochs")
        parts = [self.notebook, self.dataset, epochs and f"{epochs} epochs", self.accuracy or self.state]
        return f"Run({', '.join(part for part in parts if part)})"

    @property
    def info(self) -> Mapping[str, Any]:
        """The content of ``run.json``; a broken or missing one is a run in the state *failed*."""
        return self._info

    @property
    def name(self) -> str:
        """The folder's name: notebook and id."""
        return self.path.name

    @property
    def id(self) -> str:
        """The name without the notebook: a hash, or the time for what an open notebook began."""
        return self.name.removeprefix(f"{self.notebook}-")

    @property
    def state(self) -> str:
        """One of running, complete, failed, stopped."""
        return str(self.info["state"])

    @property
    def reason(self) -> str:
        """Why it failed or was stopped, in a line; empty otherwise."""
        return str((self.info.get("error") or {}).get("message", ""))

    @property
    def notebook(self) -> str:
        """Name of the notebook, ``"02_train"`` for example."""
        return str(self.info.get("notebook", self.name))

    @property
    def dataset(self) -> str | None:
        """Name of the dataset that was used, never ``"auto"``."""
        name = self.info.get("dataset", {}).get("name")
        return str(name) if name else None

    @property
    def replaces_mnist(self) -> bool:
        """Whether "auto" was asked for and MNIST could not be had."""
        return bool(self.info.get("dataset", {}).get("replaces_mnist"))

    @property
    def started(self) -> datetime | None:
        """When it was last begun."""
        started = self.info.get("started")
        return datetime.fromisoformat(started) if started else None

    @property
    def parameters(self) -> dict[str, Any]:
        """What the notebook was asked, by name."""
        return dict(self.info.get("parameters", {}))

    @property
    def metrics(self) -> dict[str, float]:
        """What the notebooks measured, by name."""
        return dict(self.info.get("metrics", {}))

    @property
    def executed(self) -> dict[str, str]:
        """The notebooks that came to their end in this folder, with the id of what each was run on."""
        return {name: done["id"] for name, done in self.info.get("executed", {}).items()}

    @property
    def seconds(self) -> float:
        """How long its notebooks took, in total."""
        return float(sum(done["seconds"] for done in self.info.get("executed", {}).values()))

    @property
    def score(self) -> float | None:
        """The test accuracy, else the validation accuracy, 0..1."""
        return self.metrics.get("test_accuracy", self.metrics.get("validation_accuracy"))

    @property
    def accuracy(self) -> str | None:
        """The same in percent, marked as what it is."""
        if self.score is None:
            return None
        return f"{self.score:.2%}{'' if 'test_accuracy' in self.metrics else ' (validation)'}"

    @property
    def is_trained(self) -> bool:
        """Whether a training in this folder came to its end."""
        return (self.path / WEIGHTS).exists()

    def row(self) -> tuple[dict[str, Any], ...]:
        """Return what a table says of it: what it is, what it was asked, what it measured, where it comes from."""
        info = self.info
        facts = {
            "notebook": self.notebook,
            "state": self.state,
            "reason": self.reason,
            "dataset": self.dataset,
            "accuracy": self.score,
            "seconds": self.seconds,
            "started": self.started,
        }
        asked = {f"{name}_asked" if name in facts else name: value for name, value in self.parameters.items()}
        measured = {f"{name}_measured" if name in asked else name: value for name, value in self.metrics.items()}
        origin = {
            **{f"{name}_sha256": sha256 for name, sha256 in info.get("dataset", {}).get("sha256", {}).items()},
            **{f"{name}_sha256": sha256 for name, sha256 in info.get("code", {}).items()},
            **info.get("git", {}),
            **info.get("versions", {}),
            **info.get("hardware", {}),
        }
        return facts, asked, measured, origin


def parse(text: str) -> dict[str, Any]:
    """Return the content of a ``run.json``; what cannot be read, or is none, is that of a failed run."""
    try:
        info = json.loads(text)
        if isinstance(info, dict) and "state" in info:
            return info
        return _unreadable("it says no state")
    except ValueError as error:
        return _unreadable(error)


def read_info(path: Path) -> dict[str, Any]:
    """Return what a run's ``run.json`` says now; a run whose process is gone has failed."""
    try:
        text = (path / "run.json").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        return _unreadable(error)
    info = parse(text)
    if info["state"] == "running" and not is_held(path):
        info |= {"state": "failed", "error": {"message": "the process that ran it ended without a word"}}
    return info


def is_held(path: Path) -> bool:
    """Return whether a living process runs what is in this folder."""
    try:
        with FileLock(path / LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # where no lock can be made, nothing runs
        return False


def _unreadable(reason: object) -> dict[str, Any]:
    return {"state": "failed", "error": {"message": f"run.json cannot be read: {reason}"}}
