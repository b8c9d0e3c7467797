import asyncio
import threading
from collections.abc import Callable

import pytest

from mnistlab.widgets.throttle import ThrottledWorker


class Clerk:
    """A question that counts up, answered by itself as soon as `go` is set."""

    def __init__(self, every: float = 0.0) -> None:
        self.question = 0
        self.begun: list[int] = []
        self.shown: list[int] = []
        self.failed: list[str] = []
        self.go = threading.Event()
        self.go.set()
        self.latest = ThrottledWorker(lambda: self.question, self._answer, self.shown.append, self._fail, every)

    def ask(self, question: int, **how: bool) -> None:
        self.question = question
        self.latest.ask(**how)

    def _answer(self, question: int) -> int:
        self.begun.append(question)
        assert self.go.wait(10)
        if question < 0:
            raise ValueError(f"no answer to {question}")
        return question

    def _fail(self, error: Exception) -> None:
        self.failed.append(str(error))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)


def test_behind_a_burst_there_is_one_answer_in_the_making_and_one_to_come() -> None:
    async def burst() -> Clerk:
        clerk = Clerk()
        clerk.go.clear()
        clerk.ask(1)
        await until(lambda: clerk.begun == [1])
        for question in range(2, 50):
            clerk.ask(question)  # the loop goes on although no answer comes
        clerk.go.set()
        await until(lambda: 49 in clerk.shown)
        return clerk

    clerk = asyncio.run(burst())
    assert clerk.begun == clerk.shown == [1, 49]


def test_the_next_answer_waits_its_turn_unless_it_is_wanted_at_once() -> None:
    async def hurry() -> Clerk:
        clerk = Clerk(every=3600)
        clerk.ask(1)
        await until(lambda: clerk.shown == [1])
        clerk.ask(2)
        await asyncio.sleep(0)
        assert clerk.begun == [1]
        clerk.ask(3, at_once=True)
        await until(lambda: clerk.shown == [1, 3])
        clerk.ask(4)
        await asyncio.sleep(0)
        return clerk

    assert asyncio.run(hurry()).begun == [1, 3]


def test_an_error_is_told_and_the_next_question_is_answered() -> None:
    async def stumble() -> Clerk:
        clerk = Clerk()
        clerk.ask(-1)
        await until(lambda: bool(clerk.failed))
        clerk.ask(7)
        await until(lambda: bool(clerk.shown))
        return clerk

    clerk = asyncio.run(stumble())
    assert (clerk.failed, clerk.shown) == (["no answer to -1"], [7])


@pytest.mark.parametrize("question", [5, -5])
def test_without_a_loop_it_answers_where_it_is_asked(question: int) -> None:
    clerk = Clerk(every=3600)
    clerk.ask(question)
    assert clerk.shown + clerk.failed == ([5] if question > 0 else ["no answer to -5"])
