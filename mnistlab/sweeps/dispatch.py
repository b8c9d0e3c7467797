"""A sweep is executed on Dask: what is complete stays, what is missing is run."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from distributed import Client, Future, KilledWorker

from mnistlab.errors import WorkbenchError
from mnistlab.execution.options import Reporter, RunOptions
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import is_held
from mnistlab.sweeps.cluster import Workers, threads_per_run
from mnistlab.sweeps.outcome import INTERRUPTED, Outcome, read_outcome, record_crash, summarize
from mnistlab.sweeps.progress import SweepProgress
from mnistlab.sweeps.sweep import Sweep
from mnistlab.sweeps.tasks import SchedulerGoneError, WorkerTasks
from mnistlab.system.formatting import count

POLL_INTERVAL = 0.5
"""Seconds between two looks at the cluster."""

STOP_TIMEOUT = 20
"""Seconds that runs may take to end after they were stopped."""

MAX_DEATHS = 2
"""Workers that may die while they have the same run; then the run has failed, lest it kill them all."""

NO_WORKER = "waiting for a worker: none is left"

SCHEDULER_GONE = "the scheduler is gone"
"""Why a sweep ended early if its cluster has ended, or its runs were cancelled there."""


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
        self._deaths: Counter[str] = Counter()  # of workers, by the run that they had
        self._said: set[str] = set()

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
        with self.workers.start(len(missing), shares_reports=not self.sweep.store_url) as client:
            options = replace(self.options, threads=self.options.threads or threads_per_run(client))
            threads = count(options.threads, "thread")
            self.reporter.echo(
                f"{count(len(client.nthreads()), 'worker')}, {threads} per run{self.workers.about(client)}"
            )
            self.ended_early = self._execute(client, missing, options)
        for name in missing:
            if self.sweep.outcomes[name].state == RunState.NOT_STARTED:  # here; it may have been begun elsewhere
                self.sweep.outcomes[name] = read_outcome(self.sweep.plans[name])

    def summary(self) -> str:
        """Return why runs are missing, and a line that counts."""
        return summarize(self.sweep.outcomes.values(), self._not_logged, self.ended_early)

    def _execute(self, client: Client, missing: list[str], options: RunOptions) -> str:
        """Execute these runs; return why that ended early, or nothing."""
        self.sweep.outcomes |= {name: Outcome(RunState.NOT_STARTED) for name in missing}
        tasks, waiting = WorkerTasks(client, self.sweep, options), deque(missing)
        progress = SweepProgress(len(missing))
        ended = None
        try:
            while waiting or tasks.names or ended:
                self._hand_out(waiting, tasks, progress)
                if ended:  # the next run has begun: what is done with this one may take time
                    self._settle(*ended, waiting, progress)
                progress.running = len(tasks.names)
                progress.show()
                ended = tasks.take(POLL_INTERVAL)
        except SchedulerGoneError:
            return SCHEDULER_GONE
        except KeyboardInterrupt:
            tasks.cancel()
            return INTERRUPTED
        finally:
            progress.close()
            _wait_until_released({self.sweep.plans[name].run_dir for name in tasks.names})
        return ""

    def _hand_out(self, waiting: deque[str], tasks: WorkerTasks, progress: SweepProgress) -> None:
        """Give each idle worker a run; one that another process executes stays in line until that has ended."""
        idle = tasks.idle_workers()
        for _ in range(len(waiting) if idle else 0):
            name = waiting.popleft()
            plan = self.sweep.plans[name]
            if _is_held(plan.run_dir):
                waiting.append(name)
            elif (found := read_outcome(plan)).state == RunState.COMPLETE:
                self._record(name, found, progress)
            else:
                tasks.give(name, idle.pop())
                if not idle:
                    return
        if waiting and not tasks.names:
            self._say(f"waiting for {count(len(waiting), 'run')} that another process executes" if idle else NO_WORKER)

    def _settle(self, name: str, future: "Future[Outcome]", waiting: deque[str], progress: SweepProgress) -> None:
        """A worker has ended with a run: it has an outcome, or waits for its next worker."""
        outcome = self._outcome(name, future)
        if outcome.state == RunState.RUNNING:
            waiting.append(name)
        else:
            self._record(name, outcome, progress)

    def _outcome(self, name: str, future: "Future[Outcome]") -> Outcome:
        """Return what has become of a run that a worker had; *running* if it is to be given to a worker again."""
        if future.status == "finished":
            return future.result()
        error = future.exception()
        if isinstance(error, KilledWorker):
            self._deaths[name] += 1 + error.allowed_failures
            if self._deaths[name] < MAX_DEATHS:
                return Outcome(RunState.RUNNING)
        return record_crash(self.sweep.plans[name], error, self._deaths[name])

    def _record(self, name: str, outcome: Outcome, progress: SweepProgress) -> None:
        """A run has ended."""
        self.sweep.outcomes[name] = outcome
        is_complete = outcome.state == RunState.COMPLETE
        progress.add(is_complete, outcome.validation_accuracy, self.sweep.setting(name))
        if is_complete:
            self._pass_on(name)

    def _say(self, text: str) -> None:
        """Report why nothing happens, once."""
        if text not in self._said:
            self._said.add(text)
            self.reporter.echo(text)

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
    while any(map(_is_held, folders)) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)


def _is_held(folder: Path) -> bool:
    return folder.exists() and is_held(folder)
