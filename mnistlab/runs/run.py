"""A run's folder while the run is executed: its lock, and what is written into its record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from mnistlab.errors import RunError, RunHeldError
from mnistlab.runs import provenance
from mnistlab.runs.record import DatasetInfo, Execution, Failure, RunRecord, RunState
from mnistlab.runs.snapshot import RunSnapshot, read_record
from mnistlab.system.files import batch_run_dir, replacing, reports_dir
from mnistlab.system.run_files import LOCK, RUN_JSON

if TYPE_CHECKING:  # NumPy and scikit-learn: slow to import for a command that only lists runs
    from mnistlab.datasets.digits import Digits


class Run(RunSnapshot):
    """One execution of a notebook with its parameters: a folder in ``reports/``.

    Nothing is cached: every property reads ``run.json`` as it is now.

    Parameters
    ----------
    path : Path
        The run's folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, RunRecord())
        self._lock = FileLock(path / LOCK)

    @property
    def record(self) -> RunRecord:
        return read_record(self.path)

    def update(self, **changes: Any) -> None:
        """Set fields of the record, and write it atomically; names that `RunRecord` does not have are kept beside."""
        path = self.path / RUN_JSON
        record = RunRecord.parse(path.read_text(encoding="utf-8")) if path.exists() else RunRecord()
        with replacing(path) as unfinished:
            unfinished.write_text(record.changed(changes).text(), encoding="utf-8")

    def begin(
        self,
        notebook: str,
        parameters: Mapping[str, object],
        dataset: DatasetInfo | None = None,
        code: Mapping[str, str] | None = None,
        threads: int = 0,
    ) -> None:
        """Record what is run, and that it is running.

        Parameters
        ----------
        notebook : str
            Name of the notebook.
        parameters : mapping of str to value
        dataset : DatasetInfo, optional
            The digits that it is about.
        code : mapping of str to str, optional
            The sha256 of the notebook and of the library.
        threads : int
            Threads that the kernel may use; 0 for as many as there are cores.
        """
        self.update(
            notebook=notebook,
            state=RunState.RUNNING,
            error=None,
            parameters=parameters,
            seed=parameters.get("seed"),
            dataset=dataset,
            code=code or {},
            **provenance.describe(threads),
            started=_now(),
            finished=None,
            executed={},
            metrics={},
        )

    def add_metrics(self, **metrics: float) -> None:
        """Add what was measured."""
        self.update(metrics={**self.metrics, **metrics})

    def finish(self, **metrics: float) -> None:
        """Add what was measured, and record that the notebook has reached its end."""
        self.update(state=RunState.COMPLETE, metrics={**self.metrics, **metrics}, finished=_now())

    def record_execution(self, notebook: str, identity: str, phases: Mapping[str, float]) -> None:
        """Record that the runner has executed a notebook to its end, and how many seconds each phase took."""
        spent = {phase: round(value, 2) for phase, value in phases.items()}
        done = Execution(id=identity, seconds=round(sum(phases.values()), 1), phases=spent)
        executed = {**self.record.executed, notebook: done}
        self.update(state=RunState.COMPLETE, executed=executed, finished=_now())

    def fail(self, state: RunState, message: str, traceback: str = "") -> None:
        """Record that the run is *failed* or *stopped*, and why."""
        self.update(state=state, error=Failure(message=message, traceback=traceback), finished=_now())

    def hold(self) -> None:
        """Lock the run until `release` or the end of the process; meanwhile it counts as running.

        Raises
        ------
        RunHeldError
            If another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=1)  # `is_held` takes the lock for a moment
        except Timeout:
            raise RunHeldError(f"{self.name} is running already: see 'mnistlab runs', or change a parameter") from None

    def release(self) -> None:
        """Unlock the run."""
        self._lock.release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the run; errors are those of `hold`."""
        self.hold()
        try:
            yield
        finally:
            self.release()


def current_run(notebook: str, parameters: Mapping[str, object], digits: "Sequence[Digits]" = ()) -> Run:
    """Return the run that this notebook writes to.

    In batch that is the folder that the runner has made. In an open notebook each call begins a new
    run, named after the time, which counts as running until `Run.finish` or the end of the kernel.

    Parameters
    ----------
    notebook : str
        Name of the notebook, ``"02_train"`` for example.
    parameters : mapping of str to value
    digits : pair of Digits
        Training and test part of the dataset, or nothing.

    Raises
    ------
    RunError
        In batch, if the run was begun with other values of these parameters.
    """
    given = batch_run_dir()
    if given:
        run = Run(given)
        _check_parameters(run, notebook, parameters)
        return run
    run = _new_run(notebook)
    asked_for = str(parameters.get("dataset", ""))
    run.begin(notebook, parameters, DatasetInfo.of(asked_for, *digits) if digits else None)
    return run


def _check_parameters(run: Run, notebook: str, parameters: Mapping[str, object]) -> None:
    """A notebook that computes with other values than the runner has recorded would leave a false record."""
    record = run.record
    for name, value in parameters.items():
        if record.notebook == notebook and record.parameters.get(name, value) != value:
            raise RunError(
                f"{run.name} was begun with {name} {record.parameters[name]}, the notebook now has {value}: "
                "do not change parameters below their cell"
            )


def _new_run(notebook: str) -> Run:
    """A held run named after the time, with a number behind it if that name is taken."""
    name = f"{notebook}-{datetime.now():%Y%m%d-%H%M%S}"
    path, number = reports_dir() / name, 1
    while path.exists():
        number += 1
        path = path.with_name(f"{name}-{number}")
    run = Run(path)
    run.hold()
    return run


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
