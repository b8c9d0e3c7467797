"""Papermill in a process of its own, under a time limit that really ends it and its kernel."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import nbformat
import psutil

from mnistlab.execution.child import DEAD_KERNEL, death
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
    environment = {**os.environ, RUN_DIR: str(output.parent), "MNISTLAB_OFFLINE": "1"}
    if options.threads:
        environment |= allot(options.threads)
    job = {"source": str(source), "output": str(output), "parameters": parameters, "environment": environment}
    early = None if options.threads else _ready.pop(source, None)
    process = early or PapermillProcess()
    began, clock = time.time(), time.monotonic()
    try:
        process.execute(job, options.limit, on_poll)
        if process.status:
            raise _failure(output, process.log(), process.status)
        seconds = time.monotonic() - clock
    finally:
        process.end()
    return _phases(output, began, seconds)


class PapermillProcess:
    """A process that executes one notebook; with its path it starts the kernel and imports while it waits."""

    def __init__(self, notebook: Path | None = None) -> None:
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # `end` closes it
        self._process = psutil.Popen(
            [sys.executable, "-m", "mnistlab.execution.child", *([str(notebook)] if notebook else [])],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal reaches only the caller
        )
        self._family: set[psutil.Process] = {self._process}

    def execute(self, job: Mapping[str, object], limit: float, on_poll: Callable[[], None]) -> None:
        """Execute a notebook; ExecutionFailedError if that takes more than `limit` minutes."""
        with suppress(BrokenPipeError):  # it has ended already: its exit status and its log say why
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()
        deadline = time.monotonic() + 60 * limit
        while True:
            try:
                self._process.wait(POLL_INTERVAL)
                return
            except psutil.TimeoutExpired:
                self._find_children()
                on_poll()
            if time.monotonic() > deadline:
                raise ExecutionFailedError(f"it exceeded its time limit of {limit:g} minutes and was ended")

    def _find_children(self) -> None:
        """Note what it has started so far: once it has ended, its children cannot be found."""
        with suppress(psutil.NoSuchProcess):  # it may have ended just now
            self._family.update(self._process.children(recursive=True))

    @property
    def status(self) -> int:
        """Its exit status, once it has ended: 0 if all went well, that of a signal negative."""
        return int(self._process.returncode)

    def log(self) -> str:
        """Return what it printed."""
        self._log.seek(0)
        return self._log.read()

    def end(self) -> None:
        """End it with everything that it started, and wait for it.

        All are killed before any is waited for: a killed kernel is gone only when its parent has ended.
        """
        self._find_children()
        for process in self._family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(self._family, timeout=10)
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._log.close()


_ready: dict[Path, PapermillProcess] = {}
"""Processes that wait, by their notebook."""


@contextmanager
def ready_process(notebook: Path) -> Iterator[None]:
    """Start papermill and the kernel of a notebook early: they import while the caller does other work.

    Such a kernel uses all cores: with a number of threads in its options a notebook gets another one.
    """
    _ready[notebook] = PapermillProcess(notebook)
    try:
        yield
    finally:
        if process := _ready.pop(notebook, None):  # it was not needed
            process.end()


def _phases(output: Path, began: float, seconds: float) -> dict[str, float]:
    """What took how long, by the times that papermill writes into the cells: none is negative if the clock is set."""
    times = [
        (datetime.fromisoformat(told["start_time"]).timestamp(), datetime.fromisoformat(told["end_time"]).timestamp())
        for cell in nbformat.read(output, as_version=4).cells
        if cell.cell_type == "code" and (told := cell.metadata.get("papermill", {})).get("end_time")
    ]
    first_began, first_ended = times[0] if times else (began, began)
    starting = min(max(first_began - began, 0.0), seconds)
    importing = min(max(first_ended - first_began, 0.0), seconds - starting)
    return {"starting": starting, "importing": importing, "computing": seconds - starting - importing}


def _failure(output: Path, log: str, status: int) -> ExecutionFailedError:
    """The reason, from the cell that raised, else from the signal that killed papermill or the last line it printed."""
    words = COLOUR.sub("", log).strip()
    last = (words or f"papermill {death(status)}").splitlines()[-1]
    if status < 0:
        return ExecutionFailedError(f"papermill {death(status)}", words)
    if last.startswith(DEAD_KERNEL):
        return ExecutionFailedError(last, words)
    try:
        cells = nbformat.read(output, as_version=4).cells
    except (OSError, ValueError):
        cells = []
    for cell in cells:
        for result in cell.get("outputs", []):
            if result.output_type == "error":
                message = f"{result.ename}: {result.evalue}".strip().splitlines()[0]
                return ExecutionFailedError(message, COLOUR.sub("", "\n".join(result.traceback)))
    return ExecutionFailedError(last, words)
