"""The Dask cluster that a sweep runs on: this machine's cores, or a running cluster."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

import dask
import psutil
from distributed import Client, LocalCluster, Worker, WorkerPlugin
from distributed.security import Security

from mnistlab.errors import ParameterError
from mnistlab.sweeps.remote import TLS, remote_cluster
from mnistlab.system.threads import machine_cores

MEMORY = 1.5
"""GiB that a run needs: TensorFlow, its graph and MNIST."""

NO_CERTIFICATE = "the scheduler asks for no certificate: whoever can connect to it can run commands as you"

MAX_WORKERS, MAX_WORKERS_PER_CORE = 64, 4
"""Processes on this machine, at most: the larger of the two limits. A mistyped number would stop it."""

SCHEDULER_CONFIG = {
    "distributed.scheduler.allowed-failures": 0,  # the sweep itself decides what becomes of a run whose worker died
    "distributed.scheduler.http.routes": [],  # pages about the runs, which every account of this machine could read
    "distributed.worker.http.routes": [],
}
"""Dask's settings for the cluster on this machine; a remote scheduler has its own."""


@dataclass(frozen=True)
class Workers:
    """Where the runs of a sweep are executed."""

    number: int = 0  # processes on this machine; 0 for as many as suit it
    scheduler: str = ""  # ``tls://host:port`` of a Dask cluster to use instead

    def __post_init__(self) -> None:
        most = max(MAX_WORKERS, MAX_WORKERS_PER_CORE * machine_cores())
        if not 0 <= self.number <= most:
            raise ParameterError(f"{self.number:,} workers on this machine: it takes 1 to {most}")

    def start(self, runs: int, shares_reports: bool) -> AbstractContextManager[Client]:
        """Return the cluster for so many runs, to be entered; the rest is as in `remote_cluster`."""
        if self.scheduler:
            return remote_cluster(self.scheduler, shares_reports)
        return local_cluster(min(self.number, runs) or usual_workers(runs))

    def about(self, client: Client) -> str:
        """Return what there is to know about a running cluster, to be put behind the number of its workers."""
        if not self.scheduler:
            return ""
        open_to_all = "" if self.scheduler.startswith(TLS) else f"; {NO_CERTIFICATE}"
        return f"; dashboard: {client.dashboard_link}{open_to_all}"


def usual_workers(runs: int) -> int:
    """Return how many workers suit this machine: one per core, if there is memory and work for them."""
    by_memory = int(psutil.virtual_memory().available / 2**30 / MEMORY)
    return max(1, min(machine_cores(), by_memory, runs))


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """Start workers on this machine, one process each, on the loopback address.

    Every account of a machine reaches its loopback address, and a Dask scheduler runs what it is sent. So each
    connection is encrypted, and whoever connects must have the certificate that is made here, which is in the
    memory of this process and its workers only. There is no dashboard, which would ask for no certificate.
    """
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(SCHEDULER_CONFIG))
        with _uninterrupted():
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                protocol=TLS,
                security=Security.temporary(),
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # without pages; the usual port may be in use
                memory_limit=0,  # the memory is used by the kernels, which Dask does not watch
                silence_logs=logging.CRITICAL,  # the sweep reports what happens
            )
            stack.enter_context(cluster)
        client = stack.enter_context(Client(cluster))
        client.register_plugin(_IgnoresInterrupts())
        yield client


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back what would end this process while workers start: Dask cannot end a cluster that is half there.

    Ctrl-C is ignored meanwhile, because a terminal sends it to the workers too, and they begin as this process is.
    """
    if threading.current_thread() is not threading.main_thread():  # the only one that signals interrupt
        yield
        return
    held_back: list[int] = []
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), lambda one, frame: held_back.append(one)) for name in names}
    before["SIGINT"] = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
    if held_back:
        raise KeyboardInterrupt


def threads_per_run(client: Client) -> int:
    """Return how many threads a run may use so that no machine of the cluster runs more threads than it has cores."""
    cores = client.run(machine_cores)
    on_host: dict[str, int] = {}
    workers = client.scheduler_info(n_workers=-1)["workers"]
    for worker in workers.values():
        on_host[worker["host"]] = on_host.get(worker["host"], 0) + worker["nthreads"]
    shares = [cores[address] // on_host[worker["host"]] for address, worker in workers.items() if address in cores]
    return max(1, min(shares, default=1))  # without those that came or went between the two questions


class _IgnoresInterrupts(WorkerPlugin):
    """A terminal sends Ctrl-C to the workers too: they leave it to the sweep, which then ends them."""

    name = "interrupts"

    def setup(self, worker: Worker) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
