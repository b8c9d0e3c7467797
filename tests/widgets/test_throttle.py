import asyncio
import threading

import pytest
from pads import is_changing, until
from processes import DEADLINE, wait_until

from mnistlab.widgets.throttle import ThrottledWorker


class Job:
    """Work that returns its input as soon as `may_end` is set; a negative input is an error."""

    def __init__(self, interval: float = 0.0) -> None:
        self.input = 0
        self.started: list[int] = []
        self.results: list[int] = []
        self.errors: list[str] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.worker = ThrottledWorker(lambda: self.input, self._work, self.results.append, self._fail, interval)

    def request(self, value: int, at_once: bool = False) -> None:
        self.input = value
        self.worker.request(at_once=at_once)

    def _work(self, value: int) -> int:
        self.started.append(value)
        assert self.may_end.wait(DEADLINE)
        if value < 0:
            raise ValueError(f"no result for {value}")
        return value

    def _fail(self, error: Exception) -> None:
        self.errors.append(str(error))


def test_many_requests_while_it_is_busy_lead_to_one_more_piece_of_work() -> None:
    async def burst() -> Job:
        job = Job()
        job.may_end.clear()
        job.request(1)
        await until(lambda: job.started == [1])
        for value in range(2, 50):
            job.request(value)  # returns although no work can end
            await asyncio.sleep(0)
        job.may_end.set()
        await until(lambda: 49 in job.results)
        return job

    job = asyncio.run(burst())
    assert job.started == job.results == [1, 49]


def test_work_waits_for_the_interval_unless_it_is_wanted_at_once() -> None:
    async def hurry() -> Job:
        job = Job(interval=3600)
        job.request(1)
        await until(lambda: job.results == [1])
        job.request(2)
        await asyncio.sleep(0.05)
        job.request(3, at_once=True)
        await until(lambda: job.results == [1, 3])
        job.request(4)
        await asyncio.sleep(0.05)
        job.request(5, at_once=True)
        await until(lambda: job.results[-1] == 5)
        return job

    job = asyncio.run(hurry())
    assert job.started == [1, 3, 5]
    assert job.errors == []


def test_it_works_while_the_event_loop_does_not() -> None:
    """A cell runs on that loop's thread."""

    async def run_a_cell() -> None:
        job = Job(interval=0.01)
        for value in (1, 2):
            job.request(value)
            wait_until(lambda value=value: job.results[-1:] == [value])
        job.request(-1)
        wait_until(lambda: bool(job.errors))

    asyncio.run(run_a_cell())


def test_only_while_it_works_others_may_make_changes() -> None:
    async def work_once() -> list[tuple[str, bool]]:
        notes: list[tuple[str, bool]] = []

        def note(name: str) -> None:
            notes.append((name, is_changing()))
            if name == "result":
                raise ValueError

        ThrottledWorker(
            lambda: note("input"), lambda _: note("work"), lambda _: note("result"), lambda _: note("error")
        ).request()
        await until(lambda: len(notes) == 4)
        return notes

    assert asyncio.run(work_once()) == [("input", True), ("work", False), ("result", True), ("error", True)]


def test_after_an_error_it_goes_on() -> None:
    async def fail_once() -> Job:
        job = Job()
        job.request(-1)
        await until(lambda: bool(job.errors))
        job.request(7)
        await until(lambda: bool(job.results))
        return job

    job = asyncio.run(fail_once())
    assert (job.errors, job.results) == (["no result for -1"], [7])


@pytest.mark.parametrize("value", [5, -5])
def test_without_a_loop_it_works_where_it_is_called(value: int) -> None:
    job = Job(interval=3600)
    job.request(value)
    assert job.results + job.errors == ([5] if value > 0 else ["no result for -5"])
