"""Silence for native libraries that print on stderr whatever their log level; real errors are exceptions."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()


@contextmanager
def native_stderr_discarded() -> Iterator[None]:
    """Discard what native code writes to file descriptor 2.

    The descriptor belongs to the whole process, so only one thread at a time may replace it: a second thread
    would save the replaced descriptor and restore that one, and stderr would stay closed.
    """
    with _lock:
        stderr, devnull = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(devnull, 2)
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(devnull)
            os.close(stderr)
