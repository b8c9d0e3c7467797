"""What a worker of a sweep does: it executes one run and returns its outcome."""

import time
from collections.abc import Mapping

from distributed import Status, get_worker

from mnistlab.errors import RunError, RunHeldError
from mnistlab.execution.options import Reporter, RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import Planner
from mnistlab.execution.runner import run_plan
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.runs.store import Store
from mnistlab.sweeps.outcome import INTERRUPTED, Outcome
from mnistlab.system.compat import is_executing
from mnistlab.system.files import reports_dir

HELD_PAUSE = 2.0
"""Seconds before a worker reports that another process executes its run: else the sweep would ask again at once."""


def run_on_worker(
    name: str, notebook: str, parameters: Mapping[str, Value], options: RunOptions, store_url: str = ""
) -> Outcome:
    """Execute one run on a worker; whatever goes wrong with it is an outcome, not an error.

    Parameters
    ----------
    name : str
        The run's name, as the sweep has planned it.
    notebook : str
    parameters : mapping of str to value
        All that the notebook has.
    options : RunOptions
        Time limit and threads.
    store_url : str
        Where to copy the run when it has ended, and where to continue it from; or empty.

    Returns
    -------
    Outcome
        *running* if another process executes the run.
    """
    worker = get_worker()
    task = str(worker.get_current_task())

    def on_poll() -> None:
        if worker.status not in (Status.running, Status.paused):
            raise KeyboardInterrupt("its worker was ended")
        if not is_executing(worker, task):
            raise KeyboardInterrupt(INTERRUPTED)

    store = Store(store_url) if store_url else None
    run = Run(reports_dir() / name)
    try:
        plan = Planner(notebook).plan(parameters)
        if plan.name != name:
            raise RunError(f"the worker at {worker.address} has other data or code, and would run {plan.name}")
        if store and not run.path.exists():
            store.pull(run.path)
        run_plan(plan, options, Reporter(echo=lambda line: None, on_poll=on_poll))
        outcome = Outcome(RunState.COMPLETE, validation_accuracy=run.metrics.get("validation_accuracy"))
    except RunHeldError as error:
        time.sleep(HELD_PAUSE)
        return Outcome(RunState.RUNNING, str(error))
    except KeyboardInterrupt:
        outcome = Outcome(RunState.STOPPED, run.reason)
    except Exception as error:
        is_recorded = run.exists and run.state == RunState.FAILED
        outcome = Outcome(RunState.FAILED, run.reason if is_recorded else str(error) or repr(error))
    if store and run.path.exists():
        try:
            store.push(run.path)
        except Exception as error:  # each kind of store has its own
            outcome = Outcome(RunState.FAILED, f"it could not be copied to {store_url}: {error}")
    return outcome
