"""A run on disk while it is being run."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from mnistlab.errors import RunError
from mnistlab.runs import provenance
from mnistlab.runs.record import Record, read_info
from mnistlab.system.files import batch_run_dir, replacing, reports_dir
from mnistlab.system.run_files import LOCK

if TYPE_CHECKING:  # slow and large for whoever only lists runs
    from mnistlab.data import Digits


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
        "images": {"train": len(train), "test": len(test)},
        "sha256": {"train": train.sha256, "test": test.sha256},
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
