"""From a notebook and its parameters to an executed report on disk."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from mnistlab.errors import RunError
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import Plan, Planner
from mnistlab.execution.process import ExecutionFailedError, execute_notebook
from mnistlab.execution.report import executed_name, export_html
from mnistlab.runs.history import History
from mnistlab.runs.run import Run
from mnistlab.system.files import reports_dir
from mnistlab.system.formatting import span
from mnistlab.training.presets import configure

LIMIT = 120.0
"""Minutes that a notebook may take unless told otherwise."""


def run_notebook(
    notebook: str,
    given: Mapping[str, Value],
    *,
    folder_of: Run | None = None,
    force: bool = False,
    limit: float = LIMIT,
    tell: Callable[[str], object] = print,
) -> Run:
    """Execute a notebook with papermill, in a process of its own, and keep what it leaves.

    The same notebook with the same parameters, data and code is found, not run again. What was
    stopped or failed is run again in its folder, where a training goes on after its last epoch.

    Parameters
    ----------
    notebook : str
        Name of a notebook in ``notebooks/``.
    given : mapping of str to value
        Parameters that differ from the notebook's defaults.
    folder_of : Run, optional
        A complete run whose folder this one shares, as an evaluation does with its training.
    force : bool
        Run it anew even if it is complete.
    limit : float
        Minutes after which it is ended and counts as failed.
    tell : callable
        Called with a line of text whenever there is something to tell.

    Returns
    -------
    Run
        Complete.

    Raises
    ------
    ParameterError, DataNotFoundError, DataDamagedError
        Before anything is written.
    RunError
        If it is being run already, or failed; then the run is on disk with its traceback.
    KeyboardInterrupt
        If it was interrupted; then the run is on disk as *stopped*.
    """
    return run_plan(Planner(notebook).plan(given), folder_of=folder_of, force=force, limit=limit, tell=tell)


def run_plan(
    plan: Plan,
    *,
    into: Run | None = None,
    folder_of: Run | None = None,
    force: bool = False,
    limit: float = LIMIT,
    threads: int | None = None,
    look: Callable[[], None] = lambda: None,
    tell: Callable[[str], object] = print,
) -> Run:
    """Execute what was planned: the same as `run_notebook`.

    Parameters
    ----------
    plan : Plan
    into : Run, optional
        Where to, instead of the folder that the plan's hash names.
    folder_of, force, limit, tell
        As in `run_notebook`.
    threads : int, optional
        Threads that the kernel may take; as many as there are cores if left out.
    look : callable
        Called every half second meanwhile; a KeyboardInterrupt from it stops the run, its text is the reason.
    """
    run = folder_of or into or Run(reports_dir() / plan.name)
    run.hold()
    try:
        if run.executed.get(plan.notebook) == plan.identity and not force:
            tell(f"{plan.notebook} is complete already, found in {run.path}")
            return run
        if force and not folder_of:
            _empty(run.path)
        tell(f"{plan.notebook}{f' on {plan.digits[0].name}' if plan.digits else ''}, into {run.path}")
        if folder_of:
            run.update(state="running", error=None)
        else:
            run.begin(plan.notebook, plan.parameters, plan.digits, plan.code, threads)
        tell_epochs = _epoch_teller(run, _epochs(plan), tell)

        def look_and_tell() -> None:
            tell_epochs()
            look()

        spent = _execute(run, plan, limit, threads, look_and_tell)
        run.complete(plan.notebook, plan.identity, spent)
        began = monotonic()
        export_html(run)
        run.complete(plan.notebook, plan.identity, {**spent, "reporting": monotonic() - began})
    finally:
        run.release()
    return run


def train_and_evaluate(
    given: Mapping[str, Value],
    *,
    force: bool = False,
    limit: float = LIMIT,
    tell: Callable[[str], object] = print,
) -> Run:
    """Run ``02_train`` with all images, the dataset and the epochs of its preset, then ``03_evaluate`` into its folder.

    Parameters and errors are those of `run_notebook`.
    """
    preset = configure(str(given["preset"]))
    full_size: Mapping[str, Value] = {"dataset": preset.dataset, "train_size": 0, "epochs": 0}
    run = run_notebook("02_train", {**full_size, **given}, force=force, limit=limit, tell=tell)
    return run_notebook("03_evaluate", {"run": run.name}, folder_of=run, limit=limit, tell=tell)


def _execute(run: Run, plan: Plan, limit: float, threads: int | None, look: Callable[[], None]) -> Mapping[str, float]:
    """Execute, and leave the run as stopped or failed if that does not come to its end."""
    try:
        return execute_notebook(
            plan.source, run.path / executed_name(plan.source), plan.parameters, limit, look, threads
        )
    except KeyboardInterrupt as interrupt:
        run.fail("stopped", f"{interrupt or 'interrupted'}; the same command goes on after the last finished epoch")
        export_html(run)
        raise
    except ExecutionFailedError as failure:
        run.fail("failed", str(failure), failure.traceback)
        raise RunError(f"{run.name} failed: {failure} (traceback in {export_html(run)})") from None


def _epochs(plan: Plan) -> int:
    """How many epochs a plan trains at most, 0 if it does not train."""
    asked = plan.parameters
    if "preset" not in asked:
        return 0
    config = configure(str(asked["preset"]), epochs=int(asked["epochs"]), batch_size=int(asked["batch_size"]))
    images = min(int(asked["train_size"]) or len(plan.digits[0]), len(plan.digits[0]))
    return config.epochs_on(round(images * (1 - config.validation_fraction)))


def _epoch_teller(run: Run, epochs: int, tell: Callable[[str], object]) -> Callable[[], None]:
    """A function that tells the epochs that have come since it was last called."""
    path = run.path / "history.csv"
    told = len(History.read(path))

    def look() -> None:
        nonlocal told
        history = History.read(path)
        for epoch in history.epochs[told:]:
            left = span((epochs - epoch.number) * history.seconds / len(history))
            tell(
                f"  epoch {epoch.number}/{epochs}: validation accuracy {epoch.validation_accuracy:.2%}, "
                f"{epoch.seconds:.0f} s, at most {left} left"
            )
        told = len(history)

    return look


def _empty(folder: Path) -> None:
    """Remove all but the lock that is held on the folder."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".lock":
            path.unlink()
