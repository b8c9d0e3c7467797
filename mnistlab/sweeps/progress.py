"""One line about a sweep while it runs: in a terminal, in a notebook, or not at all."""

from collections.abc import Mapping
from typing import Any

from IPython import get_ipython
from tqdm import tqdm
from tqdm.notebook import tqdm as notebook_tqdm

from mnistlab.execution.parameters import Value
from mnistlab.system.files import batch_run_dir

BAR = {False: "{bar:20}", True: "{bar}"}
"""In a terminal and in a notebook, where a widget of its own stands for it."""


class SweepProgress:
    """A bar of the runs that have ended, with the time left, the running ones, the failed ones, and the best so far.

    Silent in batch and where stderr is not a terminal. The best one is chosen by validation accuracy, never
    by the test set.

    Parameters
    ----------
    total : int
        Runs to do.
    """

    def __init__(self, total: int) -> None:
        in_notebook = hasattr(get_ipython(), "kernel")
        kind = notebook_tqdm if in_notebook else tqdm
        self._bar: Any = kind(
            total=total,
            unit="run",
            disable=True if in_notebook and batch_run_dir() else None,
            dynamic_ncols=True,
            bar_format="{percentage:3.0f}% "
            + BAR[in_notebook]
            + " {n_fmt}/{total_fmt} [{elapsed}<{remaining}]{postfix}",
        )
        self._best: tuple[float, str] | None = None
        self.running = self.failed = 0

    def add(self, is_complete: bool, validation_accuracy: float | None, setting: Mapping[str, Value]) -> None:
        """Count a run that has ended."""
        self.failed += not is_complete
        if validation_accuracy is not None and (self._best is None or validation_accuracy > self._best[0]):
            self._best = validation_accuracy, ", ".join(f"{name} {value}" for name, value in setting.items())
        self._bar.update()
        self.show()

    def show(self) -> None:
        """Show the counts."""
        parts = [f"{self.running} running", f"{self.failed} failed"]
        if self._best:
            parts.append(f"best {self._best[0]:.2%} in validation ({self._best[1]})")
        self._bar.set_postfix_str(", ".join(parts))

    def close(self) -> None:
        """Show the line a last time, with nothing running."""
        self.running = 0
        self.show()
        self._bar.close()
