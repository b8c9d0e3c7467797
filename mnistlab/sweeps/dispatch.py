"""A sweep is executed on Dask: what is complete stays, what is missing is run."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, Queue

from distributed import Client, Future

from mnistlab.errors import WorkbenchError
from mnistlab.execution.options import Reporter, RunOptions
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import is_held
from mnistlab.sweeps.cluster import local_cluster, remote_cluster, running, threads_per_run, usual_workers
from mnistlab.sweeps.outcome import INTERRUPTED, Outcome, read_outcome, record_crash, summarize
from mnistlab.sweeps.progress import SweepProgress
from mnistlab.sweeps.sweep import Sweep
from mnistlab.sweeps.worker import run_on_worker
from mnistlab.system.formatting import count

POLL_INTERVAL = 0.5
"""Seconds between two looks at the cluster."""

STOP_TIMEOUT = 20
"""Seconds that runs may take to end after they were stopped."""

SCHEDULER_GONE = "the scheduler is gone"
"""Why a sweep ended early if its cluster has ended, or its runs were cancelled there."""


@dataclass(frozen=True)
class Workers:
    """Where the runs of a sweep are executed."""

    number: int = 0  # processes on this machine; 0 for as many as suit it
    scheduler: str = ""  # ``tcp://host:port`` of a Dask cluster to use instead

    def start(self, sweep: Sweep) -> AbstractContextManager[Client]:
        """Return the cluster, to be entered; errors are those of `remote_cluster`."""
        if self.scheduler:
            return remote_cluster(self.scheduler, shares_reports=not sweep.store_url)
        return local_cluster(self.number or usual_workers(len(sweep.missing)))


class SweepExecution:
    """Executes the runs of a sweep that are missing.

    Parameters
    ----------
    sweep : Sweep
        Its outcomes are kept up to date.
    workers : Workers
    options : RunOptions
        Of each run; with 0 threads each gets its share of the cores.
    reporter : Reporter
        Receives a message about the cluster that is used.
    on_complete : callable, optional
        Called with each complete run, also with those that were complete before; for that it is copied
        from the store. A WorkbenchError that it raises is counted, and stops nothing.

    Attributes
    ----------
    ended_early : str
        Why not every run was executed; empty if every run has reached its end or failed.
    """

    def __init__(
        self,
        sweep: Sweep,
        workers: Workers | None = None,
        options: RunOptions | None = None,
        reporter: Reporter | None = None,
        on_complete: Callable[[Run], object] | None = None,
    ) -> None:
        self.sweep, self.workers = sweep, workers or Workers()
        self.options, self.reporter = options or RunOptions(), reporter or Reporter()
        self.ended_early = ""
        self._on_complete = on_complete
        self._not_logged: Counter[str] = Counter()

    def run(self) -> None:
        """Run what is missing.

        Raises
        ------
        WorkbenchError
            If there is no such cluster, or its workers do not fit.
        """
        self.sweep.refresh()
        missing = self.sweep.missing
        for name in self.sweep.plans.keys() - set(missing):
            self._pass_on(name)
        if not missing:
            return
        with self.workers.start(self.sweep) as client:
            options = replace(self.options, threads=self.options.threads or threads_per_run(client))
            self.reporter.echo(
                f"{count(len(client.nthreads()), 'worker')}, {count(options.threads, 'thread')} per run; "
                f"dashboard: {client.dashboard_link}"
            )
            self.ended_early = self._execute(client, missing, options)
        for name in missing:
            if self.sweep.outcomes[name].state == RunState.NOT_STARTED:
                self.sweep.outcomes[name] = read_outcome(self.sweep.plans[name])

    def summary(self) -> str:
        """Return why runs are missing, and a line that counts."""
        return summarize(self.sweep.outcomes.values(), self._not_logged, self.ended_early)

    def _execute(self, client: Client, missing: list[str], options: RunOptions) -> str:
        """Execute these runs; return why that ended early, or nothing."""
        plans = [self.sweep.plans[name] for name in missing]
        self.sweep.outcomes |= {name: Outcome(RunState.NOT_STARTED) for name in missing}
        futures = client.map(
            run_on_worker,
            [plan.notebook for plan in plans],
            [dict(plan.parameters) for plan in plans],
            options=options,
            store_url=self.sweep.store_url,
            key=missing,
            pure=False,
        )
        ended: Queue[Future[Outcome]] = Queue()
        for future in futures:
            future.add_done_callback(ended.put)
        progress = SweepProgress(len(missing))
        pending = set(missing)
        try:
            while pending:
                if client.status != "running":
                    return SCHEDULER_GONE
                try:
                    future = ended.get(timeout=POLL_INTERVAL)
                except Empty:
                    progress.running = running(client)
                    progress.show()
                    continue
                if future.status not in ("finished", "error"):
                    return SCHEDULER_GONE
                pending.discard(str(future.key))
                self._record(future, progress)
        except KeyboardInterrupt:
            client.cancel(futures)
            return INTERRUPTED
        finally:
            progress.close()
            _wait_until_released({self.sweep.plans[name].run_dir for name in pending})
        return ""

    def _record(self, future: "Future[Outcome]", progress: SweepProgress) -> None:
        """A run has ended, or its worker has."""
        name = str(future.key)
        if future.status == "finished":
            outcome = future.result()
        else:
            outcome = record_crash(self.sweep.plans[name], future.exception())
        self.sweep.outcomes[name] = outcome
        is_complete = outcome.state == RunState.COMPLETE
        progress.add(is_complete, outcome.validation_accuracy, self.sweep.setting(name))
        if is_complete:
            self._pass_on(name)

    def _pass_on(self, name: str) -> None:
        """Whatever is wrong with what is done with a complete run, the run stays complete."""
        try:
            if self._on_complete:
                self._on_complete(self.sweep.run(name))
        except WorkbenchError as error:
            self._not_logged[str(error)] += 1


def _wait_until_released(folders: set[Path]) -> None:
    """Wait until no process holds these folders, `STOP_TIMEOUT` at most."""
    deadline = time.monotonic() + STOP_TIMEOUT
    while any(path.exists() and is_held(path) for path in folders) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)
