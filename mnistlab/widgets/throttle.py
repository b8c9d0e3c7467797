"""Slow work in a thread, on the newest input only and not too often."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Generic, TypeVar

from mnistlab.system.threads import changing, one_at_a_time

Input = TypeVar("Input")
Output = TypeVar("Output")


class ThrottledWorker(Generic[Input, Output]):
    """Does slow work in a thread of its own, so that nothing waits for it, also while a cell runs.

    All requests that come while it is busy lead to one more piece of work, on the input as it is then:
    no queue builds up. Where no event loop runs, as in a plain script, each request is done at once,
    in the thread that makes it.

    Parameters
    ----------
    read_input : callable
        Called when work starts; returns what to work on.
    work : callable
        Called with that input; returns the result. Only this does not hold `mnistlab.system.threads.changing`.
    on_result : callable
        Called with the result.
    on_error : callable
        Called with what one of these raised.
    interval : float
        Least time between two starts, in seconds.
    """

    def __init__(
        self,
        read_input: Callable[[], Input],
        work: Callable[[Input], Output],
        on_result: Callable[[Output], None],
        on_error: Callable[[Exception], None],
        interval: float = 0.0,
    ) -> None:
        self._read_input, self._work = one_at_a_time(read_input), work
        self._on_result, self._on_error = one_at_a_time(on_result), one_at_a_time(on_error)
        self._interval = interval
        self._earliest_start = 0.0
        self._requested = self._busy = False
        self._hurry = Condition(changing)
        self._executor = ThreadPoolExecutor(1, "mnistlab")
        self._in_script = not _is_loop_running()

    @one_at_a_time
    def request(self, *, at_once: bool = False) -> None:
        """Have the work done, on the input as it is when it starts.

        Parameters
        ----------
        at_once : bool
            Start as soon as the thread is free, without waiting for the interval to pass.
        """
        if self._in_script:
            self._do(self._read_input)
            return
        self._requested = True
        if at_once:
            self._earliest_start = 0.0
            self._hurry.notify()
        self._schedule()

    def _schedule(self) -> None:
        if self._requested and not self._busy:
            self._busy = True
            self._executor.submit(self._run)

    def _run(self) -> None:
        try:
            self._do(self._next_input)
        finally:
            self._end()

    def _do(self, read_input: Callable[[], Input]) -> None:
        try:
            self._on_result(self._work(read_input()))
        except Exception as error:
            self._on_error(error)

    @one_at_a_time
    def _next_input(self) -> Input:
        """The input as it is when the interval has passed; meanwhile it may change."""
        while (left := self._earliest_start - time.monotonic()) > 0:
            self._hurry.wait(left)
        self._earliest_start = time.monotonic() + self._interval
        self._requested = False
        return self._read_input()

    @one_at_a_time
    def _end(self) -> None:
        self._busy = False
        self._schedule()


def _is_loop_running() -> bool:
    """Return whether an event loop runs in this thread, as in a notebook's kernel."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
