"""Views of a running training: a bar in a terminal, widgets in JupyterLab, nothing in a log file."""

import base64
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
from mnistlab.system.formatting import count, span
from mnistlab.training.checkpoints import TrainingLength
from mnistlab.widgets.scroll import ScrollToCell

STYLE = "<style>.mnistlab-training.jupyter-widgets-disconnected { display: none; }</style>"
"""The kernel is gone: nothing is trained any more, and Stop stops nothing."""


class Progress(Protocol):
    """What a training calls while it runs."""

    stop_asked: bool
    """True as soon as the user wants to stop; the training looks at it after every batch."""

    def begin(self, history: History, length: TrainingLength) -> None:
        """Start the view; `history` has the epochs of an interrupted training that is resumed."""

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        """Show the means since the start of epoch number `epoch`; called after every batch."""

    def measured(self, history: History) -> None:
        """Show what was measured; called after every validation."""

    def end(self, history: History, finished: bool) -> None:
        """Close the view; `finished` is False if the training was stopped, interrupted or ended by an error."""


def live_progress() -> Progress:
    """Return the view for this process: widgets in an open notebook, else a bar if stderr is a terminal."""
    shell = get_ipython()
    return NotebookProgress() if hasattr(shell, "kernel") and not batch_run_dir() else TerminalProgress()


class TerminalProgress:
    """A bar with epoch, time left and metrics; silent if stderr is no terminal."""

    def __init__(self) -> None:
        self.stop_asked = False

    def begin(self, history: History, length: TrainingLength) -> None:
        self._epochs, self._shown = length.epochs, len(history)
        done = len(history) * length.steps_per_epoch
        self._bar = tqdm(total=length.steps, initial=done, unit="batch", disable=None)

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        self._bar.set_description(f"epoch {epoch}/{self._epochs}", refresh=False)
        self._bar.set_postfix_str(f"loss {loss:.4f}, accuracy {accuracy:.2%}", refresh=False)
        self._bar.update()

    def measured(self, history: History) -> None:
        for epoch in history.epochs[self._shown :]:
            if not self._bar.disable:
                self._bar.write(f"epoch {epoch.number}: validation accuracy {epoch.validation_accuracy:.2%}")
        self._shown = len(history)

    def end(self, history: History, finished: bool) -> None:
        self._bar.close()


class NotebookProgress:
    """Widgets with a bar, the time left, the metrics and a Stop button; below them a picture of the growing curves.

    A saved notebook cannot show widgets. The picture stays in it, and a line in the place of the widgets.
    """

    UPDATE_EVERY = 0.2
    """Seconds between two updates of the numbers: fast enough to read."""

    DRAWING_SHARE = 1 / 10
    """Largest share of the time spent on drawing the curves."""

    def __init__(self) -> None:
        self.stop_asked = False
        self.bar = widgets.IntProgress(description="training", layout={"width": "50%"})
        self.button = widgets.Button(
            description="Stop", icon="stop", tooltip="Stop after this batch and keep the best weights"
        )
        self.button.on_click(self._ask_to_stop)
        self.text = widgets.Label("building the graph for the first batch")
        self._updated = self._next_drawing = 0.0

    def begin(self, history: History, length: TrainingLength) -> None:
        self._epochs = length.epochs
        self.bar.max = length.steps
        self._done = self._first = len(history) * length.steps_per_epoch
        hidden = widgets.HTML(STYLE, layout={"display": "none"})
        view = widgets.VBox([hidden, ScrollToCell(), widgets.HBox([self.bar, self.button]), self.text])
        self._view = display(view.add_class("mnistlab-training"), display_id=True)
        self._picture = display(_drawn(history), raw=True, display_id=True)
        accept_messages_while_busy(self.button.comm)
        self._started = time.monotonic()

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._updated < self.UPDATE_EVERY:
            return
        self._updated = now
        self.bar.value = self._done
        pace = (now - self._started) / (self._done - self._first)
        left = span(pace * (self.bar.max - self._done))
        self.text.value = f"epoch {epoch}/{self._epochs}, at most {left} left: loss {loss:.4f}, accuracy {accuracy:.2%}"

    def measured(self, history: History) -> None:
        began = time.monotonic()
        if began >= self._next_drawing:
            self._picture.update(_drawn(history), raw=True)
            ended = time.monotonic()
            self._next_drawing = ended + (ended - began) / self.DRAWING_SHARE

    def end(self, history: History, finished: bool) -> None:
        self._picture.update(_drawn(history), raw=True)
        line = f"{'done' if finished else 'stopped'}: {count(len(history), 'epoch')} in {span(history.seconds)}"
        again = "" if finished else ". Run this cell again to go on after the last finished epoch"
        self._view.update({"text/plain": line + again}, raw=True)

    def _ask_to_stop(self, _: widgets.Button) -> None:
        self.stop_asked = True
        self.button.disabled = True
        self.text.value = "stopping after this batch"


def _drawn(history: History) -> dict[str, str]:
    """The curves as the output of a cell; the axes alone before anything was measured."""
    return {"image/png": base64.b64encode(history_png(history)).decode(), "text/plain": repr(history)}
