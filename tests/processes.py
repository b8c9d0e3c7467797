"""Processes that tests start: each is ended with everything it started itself, and waited for."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psutil

DEADLINE = 120
"""Seconds after which a test gives up waiting; a busy machine needs many times as long as an idle one."""


class Started(psutil.Popen):
    """A Python process in a session of its own that writes its output to a file."""

    def __init__(self, arguments: Iterable[str], log: Path, cwd: Path | None, env: Mapping[str, str] | None) -> None:
        self.log = log
        with log.open("w") as output:
            super().__init__(
                [sys.executable, *arguments],
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text()


class Processes:
    """Starts Python processes; leaving its ``with`` block ends them.

    Parameters
    ----------
    folder : Path
        For files with the output of the processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Started] = []
        self._members: list[psutil.Process] = []

    def start(self, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Started:
        """Start Python with these arguments."""
        process = Started(arguments, self._folder / f"process-{len(self._started)}.log", cwd, env)
        self._started.append(process)
        return process

    def family(self, process: Started) -> list[psutil.Process]:
        """Return a process and all that it started; they will be ended too, even if the process ends before them."""
        members = family(process)
        self._members += members
        return members

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        kill({*self._members}.union(*map(family, self._started)))
        for process in self._started:
            process.wait()


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and all that it started, directly or not."""
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return [process]


def children() -> list[psutil.Process]:
    """Return all processes that this one started, directly or not, and those that ended but were not waited for."""
    return family(psutil.Process())[1:]


@contextmanager
def no_process_left(who: str) -> Iterator[None]:
    """Fail if a process that was started meanwhile is still there afterwards."""
    before = {*children()}
    yield
    deadline = time.monotonic() + 20
    while (left := {*children()} - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    told = [*map(describe, left)]
    kill(left)
    assert not told, f"{who} started processes that they did not end and wait for: {told}"


def describe(process: psutil.Process) -> str:
    """Return the command line of a process; one that has ended has none."""
    with suppress(psutil.NoSuchProcess):
        return f"{process.pid}: {' '.join(process.cmdline())}"
    return f"{process.pid}: ended, but was never waited for"


def kill(processes: Iterable[psutil.Process]) -> None:
    """Kill processes, all before any is waited for: some are gone only when their parent is."""
    processes = list(processes)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    wait_for_end(processes)


def has_ended(process: psutil.Process) -> bool:
    """Whether a process has ended, also if its parent has not asked for its exit status yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for_end(processes: Iterable[psutil.Process]) -> None:
    """Wait until all have ended; fails past the deadline."""
    processes = list(processes)
    wait_until(lambda: all(map(has_ended, processes)))


def wait_until(condition: Callable[[], object], needed: Started | None = None) -> None:
    """Wait until a condition holds; fails past the deadline, or if the process that is needed for it ends before."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE} s"
        assert needed is None or needed.poll() is None or condition(), needed.output()
        time.sleep(0.05)
