"""How notebooks are run, and how their progress is reported."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class RunOptions:
    """How a notebook is run; none of it changes what comes out."""

    limit: float = 120.0  # minutes per notebook, after which it is ended and counts as failed
    threads: int = 0  # that the kernel may use; 0 for as many as there are cores
    force: bool = False  # run again what is complete
    report: bool = True  # write report.html; not before another notebook is added to the same folder


def _do_nothing() -> None: ...


@dataclass(frozen=True)
class Reporter:
    """Receives messages while a notebook runs, and may stop it."""

    echo: Callable[[str], object] = print  # called with a line of text whenever there is news
    on_poll: Callable[[], None] = _do_nothing  # called every half second; a KeyboardInterrupt from it stops the run


SILENT = Reporter(echo=lambda line: None)
"""Prints nothing."""
