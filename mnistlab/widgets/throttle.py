"""Answers to a question that keeps changing, worked out beside the loop that asks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that runs in this thread, None where there is none: a kernel has one, a plain script has not."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class ThrottledWorker(Generic[Question, Answer]):
    """Has the newest question answered in a thread, one after the other, never too often.

    However often it is asked meanwhile, there is at most one answer in the making and one to
    come: no queue behind a fast hand, and the loop never waits. Where no loop runs, as in a plain
    script, each question is answered at once.

    Parameters
    ----------
    question : callable
        Says on the loop what is to be answered now.
    answer : callable
        Takes that, in the thread.
    show, fail : callable
        Take the answer, or what was raised instead, on the loop.
    every : float
        Seconds between the beginnings of two answers, at least.
    """

    def __init__(
        self,
        question: Callable[[], Question],
        answer: Callable[[Question], Answer],
        show: Callable[[Answer], None],
        fail: Callable[[Exception], None],
        every: float = 0.0,
    ) -> None:
        self._question, self._answer, self._show, self._fail = question, answer, show, fail
        self._every = every
        self._not_before = 0.0
        self._asked = self._at_work = False
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, "mnistlab")
        self._loop = running_loop()

    def ask(self, *, at_once: bool = False) -> None:
        """Have the question as it is now answered: soon, or `at_once` if it is not to change any more."""
        if self._loop is None:
            self._answer_here()
            return
        self._asked = True
        if at_once:
            self._not_before = 0.0
            if self._timer:
                self._timer.cancel()
                self._timer = None
        self._go_on(self._loop)

    def _answer_here(self) -> None:
        try:
            self._show(self._answer(self._question()))
        except Exception as error:
            self._fail(error)

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._asked and not self._at_work and not self._timer:
            self._timer = loop.call_later(max(0.0, self._not_before - loop.time()), self._begin, loop)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer, self._asked = None, False
        self._not_before = loop.time() + self._every
        future = loop.run_in_executor(self._thread, self._answer, self._question())
        self._at_work = True
        future.add_done_callback(self._end)

    def _end(self, future: "asyncio.Future[Answer]") -> None:
        self._at_work = False
        try:
            self._show(future.result())
        except Exception as error:
            self._fail(error)
        self._go_on(future.get_loop())
