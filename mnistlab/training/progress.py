"""How a training shows itself while it runs: in a terminal, in JupyterLab, or not at all."""

import time
from typing import Protocol

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display
from tqdm import tqdm

from mnistlab.plots.training import history_png
from mnistlab.runs.history import History
from mnistlab.system.compat import accept_messages_while_busy
from mnistlab.system.files import batch_run_dir
from mnistlab.system.formatting import span


class Progress(Protocol):
    """What a training tells, and the one thing it asks."""

    stop_asked: bool
    """True as soon as the person wants no further batch."""

    def begin(self, history: History, epochs: int, steps: int) -> None:
        """Announce a training of `epochs` epochs of `steps` batches, of which `history` is done."""

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        """Tell the means since the start of epoch number `epoch`, after each batch."""

    def epoch(self, history: History) -> None:
        """Tell what is known after an epoch."""

    def end(self, history: History) -> None:
        """Tell that the training is over."""


def live_progress() -> Progress:
    """Choose the view for where this process runs; a notebook in batch and a log file get none."""
    shell = get_ipython()
    return NotebookProgress() if hasattr(shell, "kernel") and not batch_run_dir() else TerminalProgress()


class TerminalProgress:
    """A bar with epoch, time left and metrics; silent where stderr is no terminal."""

    stop_asked = False  # Ctrl-C does that in a terminal

    def begin(self, history: History, epochs: int, steps: int) -> None:
        self._epochs = epochs
        self._bar = tqdm(total=epochs * steps, initial=len(history) * steps, unit="batch", disable=None)

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        self._bar.set_description(f"epoch {epoch}/{self._epochs}", refresh=False)
        self._bar.set_postfix_str(f"loss {loss:.4f}, accuracy {accuracy:.2%}", refresh=False)
        self._bar.update()

    def epoch(self, history: History) -> None:
        if not self._bar.disable:
            last = history.epochs[-1]
            self._bar.write(f"epoch {last.number}: validation accuracy {last.validation_accuracy:.2%}")

    def end(self, history: History) -> None:
        self._bar.close()


class NotebookProgress:
    """Widgets: a bar, the time left, the metrics, curves that grow, and a Stop button."""

    EVERY = 0.2
    """Seconds between two updates of the numbers: more often is not read, only sent."""

    def __init__(self) -> None:
        self.stop_asked = False
        self.bar = widgets.IntProgress(description="training", layout={"width": "50%"})
        self.button = widgets.Button(
            description="Stop", icon="stop", tooltip="End after this batch, keep the best weights"
        )
        self.button.on_click(self._ask_to_stop)
        self.text = widgets.Label("first batch: building the graph")
        self.curves = widgets.Image(format="png", layout={"width": "100%", "max_width": "990px"})
        self._shown = 0.0

    def begin(self, history: History, epochs: int, steps: int) -> None:
        self._epochs = epochs
        self.bar.max = epochs * steps
        self._done = self._first = len(history) * steps
        self._started = time.monotonic()
        self._draw(history)
        view = widgets.VBox([widgets.HBox([self.bar, self.button]), self.text, self.curves])
        self._display = display(view, display_id=True)
        accept_messages_while_busy(self.button.comm)

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._shown < self.EVERY:
            return
        self._shown = now
        self.bar.value = self._done
        pace = (now - self._started) / (self._done - self._first)
        left = span(pace * (self.bar.max - self._done))
        self.text.value = f"epoch {epoch}/{self._epochs}, at most {left} left: loss {loss:.4f}, accuracy {accuracy:.2%}"

    def epoch(self, history: History) -> None:
        self._draw(history)

    def end(self, history: History) -> None:
        # A saved notebook cannot show widgets: leave a line in their place.
        word = "stopped" if self.stop_asked else "done"
        self._display.update({"text/plain": f"{word} in {span(history.seconds)}"}, raw=True)

    def _ask_to_stop(self, _: widgets.Button) -> None:
        self.stop_asked = True
        self.button.disabled = True
        self.text.value = "stopping after this batch"

    def _draw(self, history: History) -> None:
        if history.epochs:
            self.curves.value = history_png(history)
