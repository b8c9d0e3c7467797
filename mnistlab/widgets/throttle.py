"""Slow work in a thread, on the newest input only and not too often."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from mnistlab.widgets.event_loop import running_loop

Input = TypeVar("Input")
Output = TypeVar("Output")


class ThrottledWorker(Generic[Input, Output]):
    """Does slow work in a thread, so that the event loop stays free.

    All requests that come while it is busy lead to one more piece of work, on the input as it is then:
    no queue builds up. Where no event loop runs, as in a plain script, each request is done at once,
    in the thread that makes it.

    Parameters
    ----------
    read_input : callable
        Called on the event loop when work starts; returns what to work on.
    work : callable
        Called with that input in the thread; returns the result.
    on_result : callable
        Called on the event loop with the result.
    on_error : callable
        Called on the event loop with what `work` or `on_result` raised.
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
        self._read_input, self._work = read_input, work
        self._on_result, self._on_error = on_result, on_error
        self._interval = interval
        self._earliest_start = 0.0
        self._requested = self._busy = False
        self._timer: asyncio.TimerHandle | None = None
        self._executor = ThreadPoolExecutor(1, "mnistlab")
        self._loop = running_loop()

    def request(self, *, at_once: bool = False) -> None:
        """Have the work done, on the input as it is when it starts.

        Parameters
        ----------
        at_once : bool
            Start as soon as the thread is free, without waiting for the interval to pass.
        """
        if self._loop is None:
            self._work_here()
            return
        self._requested = True
        if at_once:
            self._earliest_start = 0.0
            if self._timer:
                self._timer.cancel()
                self._timer = None
        self._schedule(self._loop)

    def _work_here(self) -> None:
        try:
            self._on_result(self._work(self._read_input()))
        except Exception as error:
            self._on_error(error)

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._requested and not self._busy and not self._timer:
            self._timer = loop.call_later(max(0.0, self._earliest_start - loop.time()), self._start, loop)

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer, self._requested = None, False
        self._earliest_start = loop.time() + self._interval
        future = loop.run_in_executor(self._executor, self._work, self._read_input())
        self._busy = True
        future.add_done_callback(self._end)

    def _end(self, future: "asyncio.Future[Output]") -> None:
        self._busy = False
        try:
            self._on_result(future.result())
        except Exception as error:
            self._on_error(error)
        self._schedule(future.get_loop())
