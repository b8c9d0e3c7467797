"""The runs that the workers of a cluster execute now, at most one for each of their threads."""

from collections import Counter
from queue import Empty, Queue
from uuid import uuid4

from distributed import Client, Future
from distributed.client import ClosedClientError

from mnistlab.execution.options import RunOptions
from mnistlab.sweeps.outcome import Outcome
from mnistlab.sweeps.sweep import Sweep
from mnistlab.sweeps.worker import run_on_worker


class SchedulerGoneError(Exception):
    """The scheduler has ended or does not answer, or has dropped a run."""


class WorkerTasks:
    """Runs of a sweep as tasks of Dask.

    A run is given to a worker only when that worker is free. If Dask had more of them, it would let some wait at a
    busy worker, and if that one died they would count as failed although they never began.

    Parameters
    ----------
    client : Client
    sweep : Sweep
    options : RunOptions
        Of each run.
    """

    def __init__(self, client: Client, sweep: Sweep, options: RunOptions) -> None:
        self._client, self._sweep, self._options = client, sweep, options
        self._given: dict[str, tuple[str, str, Future[Outcome]]] = {}  # by key: the run, the worker, what comes back
        self._ended: Queue[Future[Outcome]] = Queue()

    @property
    def names(self) -> list[str]:
        """The runs that workers have now."""
        return [name for name, _, _ in self._given.values()]

    def idle_workers(self) -> list[str]:
        """Return the addresses of the workers that are free, once for each free thread; or raise SchedulerGoneError."""
        busy = Counter(address for _, address, _ in self._given.values())
        try:
            threads = self._client.nthreads() if self._client.status == "running" else None
        except (OSError, ClosedClientError):
            threads = None
        if threads is None:
            raise SchedulerGoneError
        return [address for address, number in threads.items() for _ in range(number - busy[address])]

    def give(self, name: str, address: str) -> None:
        """Give a run to a worker; to another one if that is gone by now."""
        plan = self._sweep.plans[name]
        future = self._client.submit(
            run_on_worker,
            name,
            plan.notebook,
            dict(plan.parameters),
            self._options,
            self._sweep.store_url,
            key=f"{name}-{uuid4().hex}",  # of its own each time: Dask remembers how an earlier one ended
            workers=[address],
            allow_other_workers=True,
            pure=False,
        )
        self._given[str(future.key)] = name, address, future
        future.add_done_callback(self._ended.put)

    def take(self, timeout: float) -> "tuple[str, Future[Outcome]] | None":
        """Wait for a run to end; return it, or None if none has within so many seconds; or raise SchedulerGoneError."""
        try:
            future = self._ended.get(timeout=timeout)
        except Empty:
            return None
        if future.status not in ("finished", "error"):
            raise SchedulerGoneError
        name, _, _ = self._given.pop(str(future.key))
        return name, future

    def cancel(self) -> None:
        """Have the workers stop their runs."""
        self._client.cancel([future for _, _, future in self._given.values()])
