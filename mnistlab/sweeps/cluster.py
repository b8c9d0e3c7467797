"""The Dask cluster that a sweep runs on: this machine's cores, or a running cluster."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import dask
import psutil
from distributed import Client, LocalCluster, Worker, WorkerPlugin

from mnistlab import __version__
from mnistlab.errors import WorkbenchError
from mnistlab.runs.provenance import library_sha256
from mnistlab.system.files import reports_dir
from mnistlab.system.formatting import short
from mnistlab.system.threads import machine_cores

MEMORY = 1.5
"""GiB that a run needs: TensorFlow, its graph and MNIST."""

CONNECT_TIMEOUT = 10
"""Seconds that a scheduler, then its first worker, may take to answer."""

SCHEDULER_CONFIG = {
    "distributed.scheduler.allowed-failures": 0,  # a run whose worker died has failed: the next call runs it again
    "distributed.scheduler.worker-saturation": 1.0,  # a run waits at the scheduler, not at a worker that may die
}
"""Dask's settings for the cluster on this machine; a remote scheduler has its own."""


def usual_workers(runs: int) -> int:
    """Return how many workers suit this machine: one per core, if there is memory and work for them."""
    by_memory = int(psutil.virtual_memory().available / 2**30 / MEMORY)
    return max(1, min(machine_cores(), by_memory, runs))


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """Start workers on this machine, one process each, on the loopback address."""
    with (
        dask.config.set(SCHEDULER_CONFIG),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # the memory is used by the kernels, which Dask does not watch
            silence_logs=logging.CRITICAL,  # the sweep reports what happens
        ) as cluster,
        Client(cluster) as client,
    ):
        client.register_plugin(_IgnoresInterrupts())
        yield client


@contextmanager
def remote_cluster(address: str, shares_reports: bool) -> Iterator[Client]:
    """Connect to a running scheduler, and check its workers.

    Parameters
    ----------
    address : str
        ``tcp://host:port``.
    shares_reports : bool
        Whether the workers must see this machine's ``reports/``; not where runs are copied to a store.

    Raises
    ------
    WorkbenchError
        If no scheduler answers there, or a worker does not fit; the message says what to do.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=CONNECT_TIMEOUT)
    except (OSError, ValueError) as error:
        raise WorkbenchError(f"no scheduler answers at {address}: start one with 'dask scheduler' ({error})") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_TIMEOUT)
        except TimeoutError:
            raise WorkbenchError(
                f"the scheduler at {address} has no workers: start some with 'dask worker {address} --nthreads 1'"
            ) from None
        _check(client, shares_reports)
        yield client


def threads_per_run(client: Client) -> int:
    """Return how many threads a run may use so that no machine of the cluster runs more threads than it has cores."""
    cores = client.run(machine_cores)
    on_host: dict[str, int] = {}
    workers = client.scheduler_info(n_workers=-1)["workers"]
    for worker in workers.values():
        on_host[worker["host"]] = on_host.get(worker["host"], 0) + worker["nthreads"]
    return max(1, min(cores[address] // on_host[worker["host"]] for address, worker in workers.items()))


def running(client: Client) -> int:
    """Return how many runs are running now."""
    threads = client.nthreads()
    return sum(min(len(keys), threads.get(worker, 1)) for worker, keys in client.processing().items())


class _IgnoresInterrupts(WorkerPlugin):
    """A terminal sends Ctrl-C to the workers too: they leave it to the sweep, which then ends them."""

    name = "interrupts"

    def setup(self, worker: Worker) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def whoami() -> tuple[str, str]:
    """Return version and sha256 of the library in this process."""
    return __version__, library_sha256()


def _check(client: Client, shares_reports: bool) -> None:
    """Raise WorkbenchError if a worker has another version of the library, or other reports."""
    here = whoami()
    for worker, there in _ask(client, whoami).items():
        if there != here:
            raise WorkbenchError(
                f"worker {worker} has mnistlab {_version_text(there)}, this machine {_version_text(here)}: "
                "install the same on both"
            )
    if not shares_reports:
        return
    probe = reports_dir() / f".probe-{uuid4().hex}"
    probe.parent.mkdir(parents=True, exist_ok=True)
    probe.touch()
    try:
        for worker, sees in client.run(_sees, probe.name).items():
            if not sees:
                raise WorkbenchError(
                    f"worker {worker} does not see {probe.parent}: share that folder, "
                    "tell its workers where by MNISTLAB_REPORTS_DIR, or give a --store that all can reach"
                )
    finally:
        probe.unlink()


def _ask(client: Client, question: Callable[[], tuple[str, str]]) -> dict[str, tuple[str, str]]:
    answers: dict[str, tuple[str, str]] = {}
    for worker, answer in client.run(question, on_error="return").items():
        if isinstance(answer, Exception):
            raise WorkbenchError(f"worker {worker} has no mnistlab {__version__} ({answer}): install it there")
        answers[worker] = answer
    return answers


def _sees(name: str) -> bool:
    return (reports_dir() / name).exists()


def _version_text(version: tuple[str, str]) -> str:
    return f"{version[0]} ({short(version[1])})"
