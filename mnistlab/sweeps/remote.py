"""A Dask cluster that runs already, perhaps on other machines: how it is reached, and whether its workers will do."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from distributed import Client
from distributed.comm import connect
from distributed.security import Security

from mnistlab import __version__
from mnistlab.errors import WorkbenchError
from mnistlab.runs.provenance import library_sha256
from mnistlab.system.deadlines import within
from mnistlab.system.files import reports_dir
from mnistlab.system.formatting import short

CONNECT_TIMEOUT = 10
"""Seconds that a scheduler, then its first worker, may take to answer."""

TLS = "tls://"
"""How the address of a scheduler begins that asks for a certificate."""

CERTIFICATES = (
    "name its files in DASK_DISTRIBUTED__COMM__TLS__CA_FILE, "
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY"
)


@contextmanager
def remote_cluster(address: str, shares_reports: bool) -> Iterator[Client]:
    """Connect to a running scheduler, and check its workers.

    Parameters
    ----------
    address : str
        ``tls://host:port``, with the certificates that Dask's own settings name; or ``tcp://host:port``.
    shares_reports : bool
        Whether the workers must see this machine's ``reports/``; not where runs are copied to a store.

    Raises
    ------
    WorkbenchError
        If no scheduler answers there, or a worker does not fit; the message says what to do.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if address.startswith(TLS) and not Security().tls_client_cert:
        raise WorkbenchError(f"{address} asks for a certificate: {CERTIFICATES}")
    try:
        within(2 * CONNECT_TIMEOUT, lambda: asyncio.run(_greet(address)))
        client = Client(address, timeout=CONNECT_TIMEOUT)
    except (OSError, TypeError, ValueError) as error:
        reason = str(error) or "it says nothing"
        raise WorkbenchError(f"no scheduler answers at {address}: start one with 'dask scheduler' ({reason})") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_TIMEOUT)
        except TimeoutError:
            raise WorkbenchError(
                f"the scheduler at {address} has no workers: start some with 'dask worker {address} --nthreads 1'"
            ) from None
        _check(client, shares_reports)
        yield client


async def _greet(address: str) -> None:
    """Connect and hang up: a client that is connected to something else than Dask would wait for ever."""
    connection = connect(address, timeout=CONNECT_TIMEOUT, **Security().get_connection_args("client"))
    comm = await asyncio.wait_for(connection, CONNECT_TIMEOUT)
    comm.abort()


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
