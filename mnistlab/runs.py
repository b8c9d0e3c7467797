"""A run on disk: parameters, provenance, state, metrics, weights."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from mnistlab import provenance
from mnistlab.errors import RunError
from mnistlab.files import WEIGHTS, batch_run_dir, replacing, reports_dir

if TYPE_CHECKING:  # scikit-learn would come with it: slow and large for whoever only lists runs
    from mnistlab.data import Digits

LATEST = "latest"
"""Stands for the newest complete run with trained weights."""


class Run:
    """One execution of a notebook with its parameters: a folder under ``reports/``.

    Nothing is cached: every property reads ``run.json`` as it is now.

    Parameters
    ----------
    path : Path
        The run's folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path / ".lock")

    def __repr__(self) -> str:
        epochs = self.metrics.get("epochs")
        parts = [self.notebook, self.dataset, epochs and f"{epochs} epochs", self.accuracy or self.state]
        return f"Run({', '.join(part for part in parts if part)})"

    @property
    def name(self) -> str:
        """The folder's name: notebook and id."""
        return self.path.name

    @property
    def id(self) -> str:
        """The name without the notebook: a hash, or the time for what an open notebook began."""
        return self.name.removeprefix(f"{self.notebook}-")

    @property
    def info(self) -> dict[str, Any]:
        """The content of ``run.json``; a broken or missing one is a run in the state *failed*."""
        try:
            info: dict[str, Any] = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            return {"state": "failed", "error": {"message": f"run.json cannot be read: {error}"}}
        if info["state"] == "running" and not self._is_held():
            info["state"] = "failed"
            info["error"] = {"message": "the process that ran it ended without a word"}
        return info

    @property
    def state(self) -> str:
        """One of running, complete, failed, stopped."""
        return str(self.info["state"])

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
    def accuracy(self) -> str | None:
        """The test accuracy, else the validation accuracy marked as such, in percent."""
        metrics = self.metrics
        if "test_accuracy" in metrics:
            return f"{metrics['test_accuracy']:.2%}"
        if "validation_accuracy" in metrics:
            return f"{metrics['validation_accuracy']:.2%} (validation)"
        return None

    @property
    def is_trained(self) -> bool:
        """Whether a training in this folder came to its end."""
        return (self.path / WEIGHTS).exists()

    def update(self, **fields: object) -> None:
        """Set fields of ``run.json``, atomically."""
        path = self.path / "run.json"
        content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        with replacing(path) as unfinished:
            unfinished.write_text(json.dumps({**content, **fields}, indent=2) + "\n", encoding="utf-8")

    def begin(self, notebook: str, parameters: Mapping[str, object], digits: "Sequence[Digits]") -> None:
        """Write down what is being run, on what (training and test part, or nothing), and that it is running."""
        self.update(
            notebook=notebook,
            state="running",
            error=None,
            parameters=parameters,
            seed=parameters.get("seed"),
            dataset=_described(str(parameters.get("dataset", "")), *digits) if digits else {},
            **provenance.describe(),
            started=_now(),
            finished=None,
            executed={},
            metrics={},
        )

    def finish(self, **metrics: float) -> None:
        """Add what was measured, and that the notebook came to its end."""
        self.update(state="complete", metrics={**self.metrics, **metrics}, finished=_now())

    def complete(self, notebook: str, identity: str, seconds: float) -> None:
        """Write down that the runner has seen a notebook come to its end."""
        executed = {**self.info.get("executed", {}), notebook: {"id": identity, "seconds": round(seconds, 1)}}
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

    def _is_held(self) -> bool:
        try:
            with FileLock(self._lock.lock_file, timeout=0):
                return False
        except Timeout:
            return True
        except OSError:  # where no lock can be made, nothing runs
            return False


def list_runs() -> list[Run]:
    """Return all runs on disk, the newest first."""
    found = [Run(path.parent) for path in reports_dir().glob("*/run.json")]
    return sorted(found, key=lambda run: str(run.info.get("started", "")), reverse=True)


def find_run(name: str = LATEST) -> Run:
    """Return a run with trained weights.

    Parameters
    ----------
    name : str
        ``"latest"``, or a run's id, or its name, or the beginning of just one name.

    Raises
    ------
    RunError
        If there is none, or more than one, or it has no weights; the message says what to do.
    """
    trained = [run for run in list_runs() if run.is_trained]
    if name == LATEST:
        found = [run for run in trained if run.state == "complete"][:1]
    else:
        found = [run for run in trained if name in (run.name, run.id)] or [
            run for run in trained if run.name.startswith(name)
        ]
    if len(found) > 1:
        raise RunError(f"{name} could be {' or '.join(run.name for run in found)}: give the whole name")
    if not found:
        named = "" if name == LATEST else f" named {name}"
        raise RunError(f"no trained run{named} in {reports_dir()}: run 02_train first, or 'mnistlab train'")
    return found[0]


def current_run(notebook: str, parameters: Mapping[str, object], digits: "tuple[Digits, Digits]") -> Run:
    """Return the run that this notebook is part of.

    In batch that is the folder the runner has made. In an open notebook each call starts a new one,
    named by the time, which counts as running until `Run.finish` or the kernel's end.

    Parameters
    ----------
    notebook : str
        Name of the notebook, ``"02_train"`` for example.
    parameters : mapping of str to value
    digits : pair of Digits
        Training and test part of the dataset.
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
    return datetime.now(UTC).isoformat(timespec="seconds")
