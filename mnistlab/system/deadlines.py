"""Work that others may keep waiting for ever, and for how long it is waited for."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

POLL_INTERVAL = 0.1
"""Seconds between two looks."""


def watched(task: Callable[[], T], check: Callable[[float], None]) -> T:
    """Do a task in a thread, and give it up when `check` says so.

    Time limits of sockets hold for one read: a server that sends a byte now and then passes them for ever, and a name
    server that does not answer knows none. The thread of a task that was given up ends with the process at the latest.

    Parameters
    ----------
    task : callable
        What it returns or raises is returned or raised here.
    check : callable
        Called again and again with the seconds that have passed; what it raises is raised here.
    """
    result: Future[T] = Future()

    def work() -> None:
        try:
            result.set_result(task())
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    began = monotonic()
    while not wait([result], POLL_INTERVAL).done:
        check(monotonic() - began)
    return result.result()


def within(seconds: float, task: Callable[[], T]) -> T:
    """Do a task; TimeoutError, in one line, if it takes longer."""

    def check(passed: float) -> None:
        if passed > seconds:
            raise TimeoutError(f"no answer within {seconds:g} s")

    return watched(task, check)
