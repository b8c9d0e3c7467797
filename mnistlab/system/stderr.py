"""Silence for native libraries that greet on stderr whatever they are told; real errors are exceptions."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()


@contextmanager
def native_stderr_closed() -> Iterator[None]:
    """Send what C++ writes to file descriptor 2 nowhere.

    The descriptor belongs to the whole process, so one thread at a time has it: a second one that saved
    the silenced descriptor would restore silence for good.
    """
    with _lock:
        stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(nowhere)
            os.close(stderr)
