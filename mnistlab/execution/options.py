"""How notebooks are run, and how their progress is reported."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from mnistlab.errors import ParameterError

MAX_LIMIT = 525_600.0
"""Minutes that a notebook may be given: a year."""

MAX_THREADS = 4096
"""Threads that a kernel may be given: TensorFlow starts as many as it is told to."""


@dataclass(frozen=True)
class RunOptions:
    """How a notebook is run; none of it changes what comes out."""

    limit: float = 120.0  # minutes per notebook, after which it is ended and counts as failed
    threads: int = 0  # that the kernel may use; 0 for as many as there are cores
    force: bool = False  # run again what is complete
    report: bool = True  # write report.html; not before another notebook is added to the same folder

    def __post_init__(self) -> None:
        if not (isfinite(self.limit) and 0 < self.limit <= MAX_LIMIT):
            raise ParameterError(
                f"the limit cannot be {self.limit:g}: it takes minutes, more than 0, {MAX_LIMIT:,.0f} at most"
            )
        if not 0 <= self.threads <= MAX_THREADS:
            raise ParameterError(f"{self.threads:,} threads: it takes 1 to {MAX_THREADS:,}")


def _do_nothing() -> None: ...


@dataclass(frozen=True)
class Reporter:
    """Receives messages while a notebook runs, and may stop it."""

    echo: Callable[[str], object] = print  # called with a line of text whenever there is news
    on_poll: Callable[[], None] = _do_nothing  # called every half second; a KeyboardInterrupt from it stops the run


SILENT = Reporter(echo=lambda line: None)
"""Prints nothing."""
