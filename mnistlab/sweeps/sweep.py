"""Many runs at once, on Dask: what is finished stays, what is missing is done by the next call."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from queue import Empty, Queue

from distributed import Client, Future
from tabulate import tabulate

from mnistlab.errors import ParameterError, WorkbenchError
from mnistlab.execution.parameters import Value, check_names
from mnistlab.execution.plan import Plan, Planner
from mnistlab.execution.runner import LIMIT
from mnistlab.runs.record import is_held
from mnistlab.runs.run import Run
from mnistlab.runs.store import Store
from mnistlab.sweeps.cluster import local_cluster, remote_cluster, running, threads_for_each, usual_workers
from mnistlab.sweeps.grid import Values, grid, sample
from mnistlab.sweeps.outcome import COMPLETE, INTERRUPTED, NOT_BEGUN, Outcome, conclusion, read_outcome, record_crash
from mnistlab.sweeps.progress import SweepProgress
from mnistlab.sweeps.worker import run_on_worker
from mnistlab.system.files import reports_dir

LOOK_EVERY = 0.5
"""Seconds between two looks at the cluster."""

STOP_TIMEOUT = 20
"""Seconds that runs may take to end after they were stopped."""

MAX_ROWS = 30
"""Rows that are shown of many."""


class Sweep:
    """Runs of one notebook over a grid of parameters.

    Parameters
    ----------
    notebook : str
        Name of a notebook in ``notebooks/``.
    asked : mapping of str to values
        The parameters to go through, as `mnistlab.sweeps.grid.grid` takes them.
    given : mapping of str to value
        Other parameters, the same for all.
    count, seed : int
        Draw so many settings at random, with that seed, instead of going through all.
    store : str
        A URL that fsspec knows, where every run is copied when it has ended; empty where the workers
        share this machine's ``reports/``.

    Raises
    ------
    ParameterError, DataNotFoundError, DataDamagedError, RunError
        If the notebook cannot be asked any one of all that. Nothing was begun then.
    """

    def __init__(
        self,
        notebook: str,
        asked: Mapping[str, Values],
        given: Mapping[str, Value] | None = None,
        *,
        count: int = 0,
        seed: int = 0,
        store: str = "",
    ) -> None:
        given = given or {}
        planner = Planner(notebook)
        check_names(planner.source.stem, planner.known, [*asked, *given])
        if twice := sorted(set(asked) & set(given)):
            raise ParameterError(f"{twice[0]} is given twice: once for all runs, and to go through")
        settings = sample(planner.known, asked, count, seed) if count else grid(planner.known, asked)
        self.asked, self.drawn = list(asked), bool(count)
        self.plans = {plan.name: plan for plan in (planner.plan({**given, **setting}) for setting in settings)}
        self.store, self._store = store, Store(store) if store else None
        self.outcomes: dict[str, Outcome] = {}
        self.not_mirrored: Counter[str] = Counter()

    def setting(self, name: str) -> dict[str, Value]:
        """Return the parameters that the sweep goes through, as a run has them."""
        return {parameter: self.plans[name].parameters[parameter] for parameter in self.asked}

    def look(self) -> None:
        """Find out what became of each run, from disk and store: `outcomes` holds it."""
        copies = self._store.infos() if self._store else {}
        for name, plan in self.plans.items():
            self.outcomes[name] = read_outcome(plan, copies.get(name))

    @property
    def is_complete(self) -> bool:
        """Whether every run was complete when it was last looked at."""
        return all(outcome.state == COMPLETE for outcome in self.outcomes.values())

    @property
    def replaces_mnist(self) -> bool:
        """Whether "auto" was asked for and MNIST could not be had."""
        return any(plan.replaces_mnist for plan in self.plans.values())

    def overview(self) -> str:
        """Return what is to be run: a line that counts, then the settings with what became of each."""
        values = {name: {plan.parameters[name] for plan in self.plans.values()} for name in self.asked}
        size = " x ".join(f"{len(different)} {name}" for name, different in values.items())
        if self.drawn:
            size = f"drawn at random: {', '.join(self.asked)}"
        done = sum(outcome.state == COMPLETE for outcome in self.outcomes.values())
        rows = [(*self.setting(name).values(), name, outcome.state) for name, outcome in self.outcomes.items()]
        table = tabulate(rows[:MAX_ROWS], (*self.asked, "run", "state"), disable_numparse=True)
        more = f"\n... and {len(rows) - MAX_ROWS:,} more" if len(rows) > MAX_ROWS else ""
        return f"{table}{more}\n{size}: {len(rows):,} runs, {done:,} complete already, {len(rows) - done:,} to do"

    def conclusion(self, ended: str = "") -> str:
        """Return what became of the runs; `ended` is what `run` returned."""
        return conclusion(self.outcomes.values(), self.not_mirrored, ended)

    def run(
        self,
        *,
        workers: int = 0,
        threads: int = 0,
        scheduler: str = "",
        limit: float = LIMIT,
        tell: Callable[[str], object] = print,
        finished: Callable[[Run], object] | None = None,
    ) -> str:
        """Run what is missing; `outcomes` then says what became of each.

        Parameters
        ----------
        workers : int
            Processes on this machine; as many as suit it if 0.
        threads : int
            That each run may take; if 0 the cores, divided among the workers.
        scheduler : str
            ``tcp://host:port`` of a Dask cluster to run on instead.
        limit : float
            Minutes after which a run is ended and counts as failed.
        tell : callable
            Called with a line of text whenever there is something to tell.
        finished : callable, optional
            Called with each run that is complete, also with those that were before; for that it is fetched
            from the store. A WorkbenchError that it raises is counted, and stops nothing.

        Returns
        -------
        str
            Why it ended early; empty if every run came to its end, be it by failing.

        Raises
        ------
        WorkbenchError
            If there is no such cluster, or its workers are not fit.
        """
        self.look()
        missing = [plan for name, plan in self.plans.items() if self.outcomes[name].state != COMPLETE]
        for name in self.plans.keys() - {plan.name for plan in missing}:
            self._mirror(name, finished)
        if not missing:
            return ""
        cluster: AbstractContextManager[Client] = (
            remote_cluster(scheduler, shares_reports=not self.store)
            if scheduler
            else local_cluster(workers or usual_workers(len(missing)))
        )
        with cluster as client:
            threads = threads or threads_for_each(client)
            tell(
                f"{len(client.nthreads())} workers, {threads} thread{'s' * (threads > 1)} a run; "
                f"dashboard: {client.dashboard_link}"
            )
            ended = self._go_through(client, missing, threads, limit, finished)
        for plan in missing:
            if self.outcomes[plan.name].state == NOT_BEGUN:
                self.outcomes[plan.name] = read_outcome(plan)
        return ended

    def _go_through(
        self, client: Client, missing: list[Plan], threads: int, limit: float, finished: Callable[[Run], object] | None
    ) -> str:
        arrivals: Queue[Future[Outcome]] = Queue()
        for plan in missing:
            self.outcomes[plan.name] = Outcome(NOT_BEGUN)
        futures = client.map(
            run_on_worker,
            [plan.notebook for plan in missing],
            [dict(plan.parameters) for plan in missing],
            threads=threads,
            limit=limit,
            store=self.store,
            key=[plan.name for plan in missing],
            pure=False,
        )
        for future in futures:
            future.add_done_callback(arrivals.put)
        progress = SweepProgress(len(missing))
        under_way = {str(future.key) for future in futures}
        try:
            while under_way:
                if client.status != "running":
                    return "the scheduler is gone"
                try:
                    future = arrivals.get(timeout=LOOK_EVERY)
                except Empty:
                    progress.running = running(client)
                    progress.show()
                    continue
                if future.status not in ("finished", "error"):
                    return "the scheduler is gone"  # or somebody else has cancelled it there
                under_way.discard(str(future.key))
                self._arrived(future, progress, finished)
        except KeyboardInterrupt:
            client.cancel(futures)
            return INTERRUPTED
        finally:
            progress.close()
            _wait_for_the_end_of({reports_dir() / name for name in under_way})
        return ""

    def _arrived(
        self, future: "Future[Outcome]", progress: SweepProgress, finished: Callable[[Run], object] | None
    ) -> None:
        plan = self.plans[str(future.key)]
        outcome = future.result() if future.status == "finished" else record_crash(plan, future.exception())
        self.outcomes[plan.name] = outcome
        complete = outcome.state == COMPLETE
        progress.finished(complete, outcome.validation_accuracy, self.setting(plan.name))
        if complete:
            self._mirror(plan.name, finished)

    def _mirror(self, name: str, finished: Callable[[Run], object] | None) -> None:
        """Whatever is wrong with what comes after a run, the run is complete, and so are the others."""
        try:
            if finished:
                finished(self.fetched(name))
        except WorkbenchError as error:
            self.not_mirrored[str(error)] += 1

    def fetched(self, name: str) -> Run:
        """Return a complete run, from the store if it is not here."""
        run = Run(reports_dir() / name)
        if self._store and not (run.path / "run.json").exists():
            self._store.pull(run.path)
        return run


def sweep(
    notebook: str,
    asked: Mapping[str, Values],
    given: Mapping[str, Value] | None = None,
    *,
    count: int = 0,
    seed: int = 0,
    workers: int = 0,
    scheduler: str = "",
    limit: float = LIMIT,
    store: str = "",
    tell: Callable[[str], object] = print,
) -> list[Run]:
    """Run a notebook over a grid of parameters; what is complete already is not run again.

    Parameters and errors are those of `Sweep` and `Sweep.run`.

    Returns
    -------
    list of Run
        The complete ones, in the order of the grid.
    """
    planned = Sweep(notebook, asked, given, count=count, seed=seed, store=store)
    planned.run(workers=workers, scheduler=scheduler, limit=limit, tell=tell)
    return [planned.fetched(name) for name, outcome in planned.outcomes.items() if outcome.state == COMPLETE]


def _wait_for_the_end_of(folders: set[Path]) -> None:
    """Until nobody runs what is in these folders; those that go on all the same are left to their process."""
    deadline = time.monotonic() + STOP_TIMEOUT
    while any(path.exists() and is_held(path) for path in folders) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY)
