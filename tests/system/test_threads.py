import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np  # noqa: F401  # which loads a library of matrix products
import pytest
from threadpoolctl import threadpool_info

from mnistlab.system.threads import allot, allotted_threads, machine_cores, one_at_a_time, one_blas_thread


@pytest.mark.parametrize(
    ("told", "taken"), [("1", 1), ("", machine_cores()), ("many", machine_cores()), ("0", machine_cores())]
)
def test_a_process_takes_what_it_was_told(told: str, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert allotted_threads() == taken


def test_nobody_takes_more_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in allot(10_000).items():
        monkeypatch.setenv(name, value)
    assert allotted_threads() == machine_cores()


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_a_limit_on_matrix_products_ends_also_if_several_threads_ask_for_it() -> None:
    def limited(_: int) -> set[int]:
        with one_blas_thread():
            return blas_threads()

    before = blas_threads()
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(limited, range(50))] == [{1}] * 50
    assert blas_threads() == before


def test_what_is_done_one_at_a_time_loses_nothing_and_may_be_done_within_itself() -> None:
    counts = [0, 0]

    @one_at_a_time
    def count(number: int) -> int:
        before = counts[number]
        time.sleep(0)  # here another thread would come in
        counts[number] = before + 1
        return counts[number] + (count(1) if number == 0 else 0)

    with ThreadPoolExecutor(4) as threads:
        results = [*threads.map(count, [0] * 400)]
    assert counts == [400, 400]
    assert sorted(results) == [2 * number for number in range(1, 401)]


def test_what_is_done_one_at_a_time_goes_on_after_an_error() -> None:
    @one_at_a_time
    def divide(by: int) -> float:
        return 1 / by

    with ThreadPoolExecutor(1) as other:
        with pytest.raises(ZeroDivisionError):
            other.submit(divide, 0).result()
        assert divide(1) == other.submit(divide, 1).result() == 1
    assert divide.__name__ == "divide"
