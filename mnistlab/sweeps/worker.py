"""What a worker of a sweep does: one run, whose end it tells."""

from collections.abc import Mapping

from distributed import Status, get_worker

from mnistlab.errors import RunError
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import Planner
from mnistlab.execution.runner import run_plan
from mnistlab.runs.run import Run
from mnistlab.runs.store import Store
from mnistlab.sweeps.outcome import COMPLETE, FAILED, INTERRUPTED, STOPPED, Outcome
from mnistlab.system.compat import is_executing
from mnistlab.system.files import reports_dir


def run_on_worker(
    notebook: str, parameters: Mapping[str, Value], *, threads: int, limit: float, store: str = ""
) -> Outcome:
    """Carry out one run on a worker; whatever goes wrong with it is an outcome, not an error.

    Parameters
    ----------
    notebook : str
    parameters : mapping of str to value
        All that the notebook has.
    threads : int
        That the run may take.
    limit : float
        Minutes.
    store : str
        A URL to copy the run to when it has ended, and to go on from; or empty.
    """
    worker = get_worker()
    name = str(worker.get_current_task())

    def look() -> None:
        if worker.status not in (Status.running, Status.paused):
            raise KeyboardInterrupt("its worker was ended")
        if not is_executing(worker, name):
            raise KeyboardInterrupt(INTERRUPTED)

    copies = Store(store) if store else None
    run = Run(reports_dir() / name)
    try:
        plan = Planner(notebook).plan(parameters)
        if plan.name != name:
            raise RunError(f"the worker at {worker.address} has other data or code, and would run {plan.name}")
        if copies and not run.path.exists():
            copies.pull(run.path)
        run_plan(plan, threads=threads, limit=limit, look=look, tell=lambda line: None)
        outcome = Outcome(COMPLETE, validation_accuracy=run.metrics.get("validation_accuracy"))
    except KeyboardInterrupt:
        outcome = Outcome(STOPPED, run.reason)
    except Exception as error:
        in_the_run = run.state == FAILED and (run.path / "run.json").exists()
        outcome = Outcome(FAILED, run.reason if in_the_run else str(error) or repr(error))
    if copies and run.path.exists():
        try:
            copies.push(run.path)
        except Exception as error:  # each kind of store has its own
            outcome = Outcome(FAILED, f"it could not be copied to {store}: {error}")
    return outcome
