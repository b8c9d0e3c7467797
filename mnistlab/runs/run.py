"""A run's folder while the run is executed: its lock, and what is written into its record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from mnistlab.errors import RunError, RunHeldError
from mnistlab.runs import provenance
from mnistlab.runs.record import DatasetInfo, Execution, Failure, RunRecord, RunState
from mnistlab.runs.snapshot import RunSnapshot, next_order, read_record
from mnistlab.system.files import batch_run_dir, new_folder, replacing, reports_dir
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
        self._began: float | None = None  # by a clock that nobody sets

    @property
    def record(self) -> RunRecord:
        return read_record(self.path)

    def update(self, **changes: Any) -> None:
        """Set fields of the record, and write it atomically; names that `RunRecord` does not have are kept beside.

        RunError if it is damaged, and is left as it is, or if a value cannot be written.
        """
        record = RunRecord.load(self.path / RUN_JSON) if self.exists else RunRecord()
        if record.state == RunState.DAMAGED:
            raise RunError(f"{self.name} cannot be changed: {record.reason}")
        self._write(record.changed(changes))

    def _write(self, record: RunRecord) -> None:
        text = record.text()
        if (again := RunRecord.parse(text)).state == RunState.DAMAGED:
            raise RunError(f"{self.name} cannot be recorded: {again.reason}")
        with replacing(self.path / RUN_JSON) as unfinished:
            unfinished.write_text(text, encoding="utf-8")

    def begin(
        self,
        notebook: str,
        parameters: Mapping[str, Any],
        dataset: DatasetInfo | None = None,
        code: Mapping[str, str] | None = None,
        threads: int = 0,
    ) -> None:
        """Record what is run, and that it is running, in the place of what was recorded before.

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
        self._began = monotonic()
        record = RunRecord(
            notebook=notebook,
            parameters=parameters,
            seed=parameters.get("seed"),
            dataset=dataset,
            code=code or {},
            order=next_order(self.path.parent),
            started=_now(),
        )
        self._write(record.changed(provenance.describe(threads)))

    def add_metrics(self, **metrics: float) -> None:
        """Add what was measured."""
        self.update(metrics={**self.metrics, **metrics})

    def finish(self, **metrics: float) -> None:
        """Add what was measured; in an open notebook the run is complete then, in batch once its report is there."""
        self.add_metrics(**metrics)
        if not batch_run_dir():
            self.update(seconds=None if self._began is None else monotonic() - self._began)
            self.complete()

    def record_execution(
        self, notebook: str, identity: str, phases: Mapping[str, float], files: Sequence[str] = ()
    ) -> None:
        """Record that the runner has executed a notebook to its end, the seconds of each phase and what it left."""
        spent = {phase: round(value, 2) for phase, value in phases.items()}
        done = Execution(id=identity, seconds=round(sum(phases.values()), 1), phases=spent, files=tuple(files))
        self.update(executed={**self.record.executed, notebook: done})

    def complete(self) -> None:
        """Record that all that belongs to the run is there."""
        self.update(state=RunState.COMPLETE, error=None, finished=_now())

    def fail(self, state: RunState, message: str, traceback: str = "") -> None:
        """Record that the run is *failed* or *stopped*, and why; one that was not begun or is damaged stays so."""
        if self.state != RunState.DAMAGED:
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
    run = Run(new_folder(reports_dir() / f"{notebook}-{datetime.now():%Y%m%d-%H%M%S}"))
    run.hold()
    return run


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
