"""How many cores a process may keep busy, and how to tell it."""

import os
from collections.abc import Mapping


def machine_cores() -> int:
    """Return the cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def allotted_threads() -> int:
    """Return the threads that this process was told to take, else one for each core that it may run on."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(told), machine_cores()) if told.isdecimal() and int(told) else machine_cores()


def allot(threads: int) -> Mapping[str, str]:
    """Return the variables that hold a process to so many threads: NumPy's, TensorFlow's and our own."""
    libraries = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    return {**dict.fromkeys(libraries, str(threads)), "TF_NUM_INTEROP_THREADS": "1"}
