"""From a notebook and its parameters to an executed report on disk."""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

from mnistlab.errors import RunError
from mnistlab.execution.epochs import epoch_reporter
from mnistlab.execution.options import Reporter, RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import Plan, Planner, find_notebook
from mnistlab.execution.process import ExecutionFailedError, execute_notebook, ready_process
from mnistlab.execution.report import executed_cells, executed_name, export_html
from mnistlab.runs.record import RunState
from mnistlab.runs.registry import require_readable
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.system.files import is_there, remove
from mnistlab.system.run_files import HISTORY_CSV, HISTORY_PNG, LOCK, MODEL, REPORT, RUN_JSON, WEIGHTS
from mnistlab.training.presets import AS_PRESET
from mnistlab.training.run_check import learns_outliers
from mnistlab.training.state import find_damage, restore

TRAIN, EVALUATE = "02_train", "03_evaluate"
"""The notebooks of `train_and_evaluate`."""

IN_FULL: Mapping[str, Value] = {"drawings": "all", "numbers": 700}
"""How a training is evaluated that learns from all sets of drawings."""

PRODUCTS = (HISTORY_CSV, HISTORY_PNG, WEIGHTS, MODEL)
"""Files of a training: a complete run that has lost one of them is executed again."""


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
        is_executed = not options.force and _is_executed(run, plan, reporter)
        has_report = run.state == RunState.COMPLETE and is_there(run.path / REPORT)
        if is_executed and (has_report or not options.report):
            reporter.echo(f"{plan.notebook} is complete already, found in {run.path}")
            return run
        try:
            if is_executed:
                reporter.echo(f"{plan.notebook} is complete already, found in {run.path}: its report is written anew")
                run.update(state=RunState.RUNNING, error=None)
            else:
                _begin(run, plan, options, reporter)
                _execute(run, plan, options, reporter)
            if options.report:
                _report(run, plan)
            else:
                run.fail(RunState.STOPPED, "its report is not written yet; the same command goes on")
        except KeyboardInterrupt as interrupt:
            if run.exists:  # else it was not begun
                run.fail(RunState.STOPPED, f"{str(interrupt) or 'interrupted'}; the same command goes on")
                export_html(run)
            raise
        except ExecutionFailedError as failure:
            run.fail(RunState.FAILED, str(failure), failure.traceback)
            raise RunError(f"{run.name} failed: {failure} (traceback in {export_html(run)})") from None
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
            measured = IN_FULL if learns_outliers(training.parameters) else {}
            evaluation = Planner(EVALUATE, lambda name: training.digits).plan({"run": run.name, **measured})
            return run_plan(replace(evaluation, folder=run.path), replace(options, force=False), reporter)


def _is_executed(run: Run, plan: Plan, reporter: Reporter) -> bool:
    """Whether the planned notebook has been executed in the run's folder, and all that it left is there and whole."""
    if run.executed.get(plan.notebook) != plan.identity or run.lost_files(plan.notebook):
        return False
    if damage := find_damage(run.path):
        reporter.echo(f"{plan.notebook} was complete, but {damage}: it is run again")
        return False
    return bool(executed_cells(run.path / executed_name(plan.source)))


def _begin(run: Run, plan: Plan, options: RunOptions, reporter: Reporter) -> None:
    """Record that the run is running, and remove what it will write anew."""
    is_own = not run.exists or run.name.startswith(f"{plan.notebook}-")
    if not is_own:
        require_readable(run)
    reporter.echo(f"{plan.notebook}{f' on {plan.dataset.name}' if plan.dataset else ''}, into {run.path}")
    if is_own:
        if run.state == RunState.DAMAGED:
            remove(run.path / RUN_JSON)
        restore(run.path)
        run.begin(plan.notebook, plan.parameters, plan.dataset, plan.code, options.threads)
    else:
        run.update(state=RunState.RUNNING, error=None)
    for path in run.path.iterdir():
        if (options.force and is_own and path.name not in (LOCK, RUN_JSON)) or path.name == REPORT:
            remove(path)


def _execute(run: Run, plan: Plan, options: RunOptions, reporter: Reporter) -> None:
    """Execute the notebook, and record that it has reached its end and what it left."""
    name = executed_name(plan.source)
    echo_epochs = epoch_reporter(run.path, reporter.echo)

    def on_poll() -> None:
        echo_epochs()
        reporter.on_poll()

    (run.path / name).unlink(missing_ok=True)  # else its errors would be taken for new ones
    phases = execute_notebook(plan.source, run.path / name, plan.parameters, options, on_poll)
    left = [file for file in PRODUCTS if is_there(run.path / file)] if run.notebook == plan.notebook else []
    run.record_execution(plan.notebook, plan.identity, phases, [name, *left])


def _report(run: Run, plan: Plan) -> None:
    """Write the report of a complete run, and record then that it is complete."""
    began = monotonic()
    export_html(RunSnapshot(run.path, run.record.changed({"state": RunState.COMPLETE, "error": None})))
    done = run.record.executed[plan.notebook]
    phases = {**done.phases, "reporting": monotonic() - began}
    run.record_execution(plan.notebook, plan.identity, phases, done.files)
    run.complete()
