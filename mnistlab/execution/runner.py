"""From a notebook and its parameters to an executed report on disk."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

from mnistlab.errors import RunError
from mnistlab.execution.options import Reporter, RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import Plan, Planner, find_notebook
from mnistlab.execution.process import ExecutionFailedError, execute_notebook, ready_process
from mnistlab.execution.report import executed_name, export_html
from mnistlab.runs.history import History
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.system.formatting import span
from mnistlab.system.run_files import HISTORY_CSV, LOCK
from mnistlab.training.checkpoints import read_length
from mnistlab.training.presets import AS_PRESET
from mnistlab.training.state import find_damage, restore

TRAIN, EVALUATE = "02_train", "03_evaluate"
"""The notebooks of `train_and_evaluate`."""


def run_notebook(
    notebook: str, parameters: Mapping[str, Value], options: RunOptions | None = None, reporter: Reporter | None = None
) -> Run:
    """Execute a notebook with papermill, in a process of its own, and keep what it leaves.

    The same notebook with the same parameters, data and code is found, not run again. A run that was
    stopped or failed is run again in its folder, where a training continues after its last epoch.

    Parameters
    ----------
    notebook : str
        Name of a notebook in ``notebooks/``.
    parameters : mapping of str to value
        Those that differ from the notebook's defaults.
    options : RunOptions, optional
        Time limit, threads, whether to run a complete one again.
    reporter : Reporter, optional
        Receives the messages; prints them if left out.

    Returns
    -------
    Run
        Complete.

    Raises
    ------
    ParameterError, DataNotFoundError, DataDamagedError
        Before anything is written.
    RunError
        If it is running already, or failed; then the run is on disk with its traceback.
    KeyboardInterrupt
        If it was interrupted; then the run is on disk as *stopped*.
    """
    return run_plan(Planner(notebook).plan(parameters), options or RunOptions(), reporter or Reporter())


def run_plan(plan: Plan, options: RunOptions, reporter: Reporter) -> Run:
    """Execute what was planned.

    Parameters
    ----------
    plan : Plan
        Where its folder holds a run of another notebook, this one is added to it, as an evaluation is to
        its training.
    options : RunOptions
    reporter : Reporter

    Returns
    -------
    Run
        Complete; errors are those of `run_notebook`.
    """
    run = Run(plan.run_dir)
    with run.held():
        is_complete = run.executed.get(plan.notebook) == plan.identity and not options.force
        if is_complete and (damage := find_damage(run.path)):
            reporter.echo(f"{plan.notebook} was complete, but {damage}: it is run again")
        elif is_complete:
            reporter.echo(f"{plan.notebook} is complete already, found in {run.path}")
            return run
        is_added = run.exists and run.notebook != plan.notebook
        if options.force and not is_added:
            _empty(run.path)
        reporter.echo(f"{plan.notebook}{f' on {plan.dataset.name}' if plan.dataset else ''}, into {run.path}")
        if is_added:
            run.update(state=RunState.RUNNING, error=None)
        else:
            restore(run.path)
            run.begin(plan.notebook, plan.parameters, plan.dataset, plan.code, options.threads)
        phases = _execute(run, plan, options, reporter)
        run.record_execution(plan.notebook, plan.identity, phases)
        if options.report:
            began = monotonic()
            export_html(run)
            run.record_execution(plan.notebook, plan.identity, {**phases, "reporting": monotonic() - began})
    return run


def train_and_evaluate(
    parameters: Mapping[str, Value], options: RunOptions | None = None, reporter: Reporter | None = None
) -> Run:
    """Run ``02_train`` with all images and its preset's dataset and epochs, then ``03_evaluate`` into its folder.

    Parameters
    ----------
    parameters : mapping of str to value
        Of ``02_train``; the preset among them.
    options : RunOptions, optional
        Time limit, threads, whether to run a complete one again.
    reporter : Reporter, optional
        Receives the messages; prints them if left out.

    Returns
    -------
    Run
        Complete and evaluated; errors are those of `run_notebook`.
    """
    options, reporter = options or RunOptions(), reporter or Reporter()
    full_size: Mapping[str, Value] = {"dataset": AS_PRESET, "train_size": 0, "epochs": 0}
    with ready_process(find_notebook(TRAIN)):
        training = Planner(TRAIN).plan({**full_size, **parameters})
        with ready_process(find_notebook(EVALUATE)):
            run = run_plan(training, replace(options, report=False), reporter)
            evaluation = Planner(EVALUATE, lambda name: training.digits).plan({"run": run.name})
            return run_plan(replace(evaluation, folder=run.path), replace(options, force=False), reporter)


def _execute(run: Run, plan: Plan, options: RunOptions, reporter: Reporter) -> Mapping[str, float]:
    """Execute, and leave the run as stopped or failed if it does not reach its end."""
    output = run.path / executed_name(plan.source)
    echo_epochs = _epoch_reporter(run, reporter.echo)

    def on_poll() -> None:
        echo_epochs()
        reporter.on_poll()

    try:
        return execute_notebook(plan.source, output, plan.parameters, options, on_poll)
    except KeyboardInterrupt as interrupt:
        reason = f"{interrupt or 'interrupted'}; the same command continues after the last finished epoch"
        run.fail(RunState.STOPPED, reason)
        export_html(run)
        raise
    except ExecutionFailedError as failure:
        run.fail(RunState.FAILED, str(failure), failure.traceback)
        raise RunError(f"{run.name} failed: {failure} (traceback in {export_html(run)})") from None


def _epoch_reporter(run: Run, echo: Callable[[str], object]) -> Callable[[], None]:
    """A function that reports the epochs that have been finished since it was last called."""
    path = run.path / HISTORY_CSV
    reported = len(History.read(path))

    def report() -> None:
        nonlocal reported
        history, length = History.read(path), read_length(run.path)
        if not length:
            return
        for epoch in history.epochs[reported:]:
            left = span((length.epochs - epoch.number) * history.seconds / len(history))
            echo(
                f"  epoch {epoch.number}/{length.epochs}: validation accuracy {epoch.validation_accuracy:.2%}, "
                f"{epoch.seconds:.0f} s, at most {left} left"
            )
        reported = len(history)

    return report


def _empty(folder: Path) -> None:
    """Remove all but the lock that is held on the folder."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()
