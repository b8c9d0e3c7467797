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
    """A bar of finished runs with the time left, what is running, what failed, and the best so far.

    Silent in batch and where stderr is no terminal. The best is told by validation: nothing may be
    chosen by the test set.

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

    def finished(self, complete: bool, validation_accuracy: float | None, setting: Mapping[str, Value]) -> None:
        """Tell that a run has come to its end, one way or the other."""
        self.failed += not complete
        if validation_accuracy is not None and (self._best is None or validation_accuracy > self._best[0]):
            self._best = validation_accuracy, ", ".join(f"{name} {value}" for name, value in setting.items())
        self._bar.update()
        self.show()

    def show(self) -> None:
        """Show what is known."""
        parts = [f"{self.running} running", f"{self.failed} failed"]
        if self._best:
            parts.append(f"best {self._best[0]:.2%} in validation ({self._best[1]})")
        self._bar.set_postfix_str(", ".join(parts))

    def close(self) -> None:
        """Leave the line as it is, but that nothing is running any more."""
        self.running = 0
        self.show()
        self._bar.close()
