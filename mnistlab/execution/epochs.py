"""What is said about a training that runs in another process, by what it writes."""

from collections.abc import Callable
from pathlib import Path

from mnistlab.runs.history import History
from mnistlab.system.formatting import span
from mnistlab.system.run_files import HISTORY_CSV
from mnistlab.training.checkpoints import read_length


def epoch_reporter(run_dir: Path, echo: Callable[[str], object]) -> Callable[[], None]:
    """Return a function that reports the epochs that have been finished since it was last called."""
    path = run_dir / HISTORY_CSV
    reported = len(History.read(path))

    def report() -> None:
        nonlocal reported
        history, length = History.read(path), read_length(run_dir)
        if not length:
            return
        for epoch in history.epochs[reported:]:
            left = span((length.epochs - epoch.number) * history.seconds / len(history))
            echo(
                f"  epoch {epoch.number}/{length.epochs}: validation accuracy {epoch.validation_accuracy:.2%}, "
                f"{epoch.seconds:.0f} s, at most {left} left"
            )
        reported = len(history)

    return report
