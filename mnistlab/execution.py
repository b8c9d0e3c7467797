"""papermill in a process of its own, under a limit that really ends it and its kernel."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import nbformat
import psutil

from mnistlab.files import RUN_DIR
from mnistlab.parameters import Value

LOOK_EVERY = 0.5
"""Seconds between two looks at the process."""

COLOUR = re.compile(r"\x1b\[[\d;]*m")


class ExecutionFailedError(Exception):
    """A notebook did not come to its end: a message of one line, and the traceback if there is one."""

    def __init__(self, message: str, traceback: str = "") -> None:
        super().__init__(message)
        self.traceback = traceback


def execute(
    source: Path, output: Path, parameters: Mapping[str, Value], limit: float, look: Callable[[], None]
) -> None:
    """Execute a notebook from top to bottom.

    Its kernel is told by ``MNISTLAB_RUN_DIR`` which run it belongs to, and by ``MNISTLAB_OFFLINE``
    to take the data that the caller has found.

    Parameters
    ----------
    source : Path
        The notebook.
    output : Path
        The executed notebook in the run's folder; as far as it came, if it fails.
    parameters : mapping of str to value
    limit : float
        Minutes after which papermill and its kernel are killed.
    look : callable
        Called every half second meanwhile.

    Raises
    ------
    ExecutionFailedError
        If a cell raised, the kernel died or the limit was passed.
    """
    command = [sys.executable, "-m", "papermill", str(source), str(output)]
    command += ["--kernel", "python3", "--cwd", str(source.parent), "--no-progress-bar"]
    for name, value in parameters.items():
        # Without the distinction papermill would take the text "1" for a number.
        command += ["--parameters_raw" if isinstance(value, str) else "--parameters", name, str(value)]
    environment = {**os.environ, RUN_DIR: str(output.parent), "MNISTLAB_OFFLINE": "1"}
    _end_leftovers(output.parent)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        papermill = psutil.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal comes to us alone
        )
        _wait(papermill, limit, look)
        if papermill.returncode != 0:
            raise _failure(output, log)


def _wait(papermill: psutil.Popen, limit: float, look: Callable[[], None]) -> None:
    deadline = time.monotonic() + 60 * limit
    family: set[psutil.Process] = {papermill}
    try:
        while True:
            try:
                papermill.wait(LOOK_EVERY)
                return
            except psutil.TimeoutExpired:
                family.update(papermill.children(recursive=True))
                look()
            if time.monotonic() > deadline:
                raise ExecutionFailedError(f"it ran past its limit of {limit:g} minutes and was ended")
    finally:
        for process in family:
            _kill(process)


def _end_leftovers(run_dir: Path) -> None:
    """End what still works in a run's folder after its runner was killed; the caller holds the run."""
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN_DIR) == str(run_dir):
                _kill(process)
        except psutil.Error:  # another user's, or gone meanwhile
            continue


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
        process.wait(10)
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):  # the latter: dead, but nobody has buried it
        pass


def _failure(output: Path, log: IO[str]) -> ExecutionFailedError:
    """Say why from the cell that raised, else from papermill's last words."""
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
