from concurrent.futures import ThreadPoolExecutor

import numpy as np  # noqa: F401  # which loads a library of matrix products
import pytest
from threadpoolctl import threadpool_info

from mnistlab.system.threads import allot, allotted_threads, machine_cores, one_blas_thread


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
