"""Papermill in a process of its own, under a time limit that really ends it and its kernel."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import nbformat
import psutil

from mnistlab.execution.options import RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.system.files import RUN_DIR
from mnistlab.system.threads import allot

POLL_INTERVAL = 0.5
"""Seconds between two looks at the process."""

COLOUR = re.compile(r"\x1b\[[\d;]*m")


class ExecutionFailedError(Exception):
    """A notebook did not reach its end: a message of one line, and the traceback if there is one."""

    def __init__(self, message: str, traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


def execute_notebook(
    source: Path,
    output: Path,
    parameters: Mapping[str, Value],
    options: RunOptions,
    on_poll: Callable[[], None],
) -> dict[str, float]:
    """Execute a notebook from top to bottom.

    ``MNISTLAB_RUN_DIR`` tells the kernel which run it belongs to, and ``MNISTLAB_OFFLINE`` to use the
    data that the caller has found. Papermill and the kernel end when the caller's process ends,
    also when it is killed.

    Parameters
    ----------
    source : Path
        The notebook.
    output : Path
        The executed notebook in the run's folder; as far as it came, if it fails.
    parameters : mapping of str to value
    options : RunOptions
        Time limit, after which papermill and its kernel are killed, and threads.
    on_poll : callable
        Called every half second meanwhile; what it raises ends the execution.

    Returns
    -------
    dict of str to float
        Seconds of its phases: ``starting`` papermill and the kernel, ``importing`` in the first code
        cell, ``computing`` in the others.

    Raises
    ------
    ExecutionFailedError
        If a cell raised, the kernel died or the limit was passed.
    """
    job = {"source": str(source), "output": str(output), "parameters": parameters}
    environment = {**os.environ, RUN_DIR: str(output.parent), "MNISTLAB_OFFLINE": "1"}
    if options.threads:
        environment |= allot(options.threads)
    began = time.time()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        papermill = psutil.Popen(
            [sys.executable, "-m", "mnistlab.execution.child"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal comes to us alone
        )
        papermill.stdin.write(json.dumps(job).encode() + b"\n")
        papermill.stdin.flush()
        _wait(papermill, options.limit, on_poll)
        if papermill.returncode != 0:
            raise _failure(output, log)
    return _phases(output, began, time.time())


def _wait(papermill: psutil.Popen, limit: float, on_poll: Callable[[], None]) -> None:
    deadline = time.monotonic() + 60 * limit
    family: set[psutil.Process] = {papermill}
    try:
        while True:
            try:
                papermill.wait(POLL_INTERVAL)
                return
            except psutil.TimeoutExpired:
                with suppress(psutil.NoSuchProcess):  # it may have ended just now
                    family.update(papermill.children(recursive=True))
                on_poll()
            if time.monotonic() > deadline:
                raise ExecutionFailedError(f"it exceeded its time limit of {limit:g} minutes and was ended")
    finally:
        _kill(family)
        papermill.stdin.close()


def _phases(output: Path, began: float, ended: float) -> dict[str, float]:
    """What took how long, by the times that papermill writes into the cells."""
    times = [
        (datetime.fromisoformat(told["start_time"]).timestamp(), datetime.fromisoformat(told["end_time"]).timestamp())
        for cell in nbformat.read(output, as_version=4).cells
        if cell.cell_type == "code" and (told := cell.metadata.get("papermill", {})).get("end_time")
    ]
    first_began, first_ended = times[0] if times else (began, began)
    return {
        "starting": first_began - began,
        "importing": first_ended - first_began,
        "computing": ended - first_ended,
    }


def _kill(family: Iterable[psutil.Process]) -> None:
    """All before any is waited for: a kernel is dead at once, but gone only when its dead parent is."""
    family = list(family)
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=10)


def _failure(output: Path, log: IO[str]) -> ExecutionFailedError:
    """The reason, from the cell that raised, else from the last line that papermill printed."""
    try:
        cells = nbformat.read(output, as_version=4).cells
    except (OSError, ValueError):
        cells = []
    for cell in cells:
        for result in cell.get("outputs", []):
            if result.output_type == "error":
                message = f"{result.ename}: {result.evalue}".strip().splitlines()[0]
                return ExecutionFailedError(message, COLOUR.sub("", "\n".join(result.traceback)))
    log.seek(0)
    words = COLOUR.sub("", log.read()).strip()
    if "DeadKernelError" in words:
        return ExecutionFailedError("its kernel died: killed, or out of memory", words)
    return ExecutionFailedError((words or "papermill was killed").splitlines()[-1], words)
