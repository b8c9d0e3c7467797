"""The kernel of a page: Jupyter's own with limits, because what arrives there comes from visitors."""

import logging
import signal
from contextlib import suppress
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from tornado.ioloop import PeriodicCallback
from traitlets import Float, Integer

PAGE_TARGETS = {"jupyter.widget.control"}
"""Comm targets that a page may open: the one with which it asks for all widgets. It makes none itself."""

log = logging.getLogger(__name__)


class PadKernel(IPythonKernel):
    """Ends itself if one message is too much work or needs too much memory; makes no widget for a page."""

    memory_megabytes = Integer(help="Most memory of the process's own, in MB.").tag(config=True)
    message_seconds = Float(help="Most processor time for one message or callback, in seconds.").tag(config=True)

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        limit_memory(self.memory_megabytes)
        self.shell_handlers["comm_open"] = self.open_comm

    def start(self) -> None:
        """Start, and keep the time."""
        super().start()
        self.allow_time()
        self._timer = PeriodicCallback(self.allow_time, 1000 * self.message_seconds / 4)
        self._timer.start()

    def allow_time(self) -> None:
        """Allow some seconds of processor time from now on; with nothing to follow, the system ends the process.

        The event loop calls this again and again; it cannot while a message is being handled. The limit
        holds inside other libraries' compiled code too. A busy machine and a sleeping laptop do not use
        it up, because only this process's own work counts.
        """
        if hasattr(signal, "setitimer"):  # not on Windows
            signal.setitimer(signal.ITIMER_PROF, self.message_seconds)

    def open_comm(self, stream: Any, ident: Any, message: dict[str, Any]) -> None:
        """Open a comm for a page if its target is one of `PAGE_TARGETS`."""
        target = message["content"].get("target_name")
        if target in PAGE_TARGETS:
            self.comm_manager.comm_open(stream, ident, message)
        else:
            log.info("a page asked for a comm with the target %.40r: refused", target)


def limit_memory(megabytes: int) -> None:
    """Limit what this process may have for itself; macOS and Windows have no such limit, or do not keep it.

    Parameters
    ----------
    megabytes : int
        Heap, stacks and other private writable memory, in MB. Files that are mapped, such as libraries,
        do not count.
    """
    with suppress(ImportError, ValueError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        size = megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
