"""Threads: how many a process uses, and what only one of them does at a time."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from threading import Lock, RLock
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_limited = Lock()

changing = RLock()
"""Held by the thread that changes a drawing pad: cells, pages and models have threads of their own.

There is one for all pads, because ipycanvas has one queue of commands for all canvases.
"""


def one_at_a_time(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return the function, now with `changing` held while it runs: a thread may call one within another."""

    @wraps(function)
    def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        with changing:
            return function(*args, **kwargs)

    return call


def machine_cores() -> int:
    """Return the number of cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def allotted_threads() -> int:
    """Return the number of threads that ``OMP_NUM_THREADS`` allows, else one for each core of `machine_cores`."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(told), machine_cores()) if told.isdecimal() and int(told) else machine_cores()


def allot(threads: int) -> Mapping[str, str]:
    """Return the environment variables that limit the threads of NumPy, TensorFlow and this module."""
    libraries = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    return {**dict.fromkeys(libraries, str(threads)), "TF_NUM_INTEROP_THREADS": "1"}


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let NumPy's matrix products use one thread meanwhile; one caller at a time, since this holds for the process.

    Small products gain little from more threads, and lose much where other processes are busy: the threads wait for
    each other, and seven times as long for a product.
    """
    from threadpoolctl import threadpool_limits  # late: few need it

    with _limited, threadpool_limits(1, user_api="blas"):
        yield
