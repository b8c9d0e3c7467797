import io
import sys

import pytest

from mnistlab.history import Epoch, History
from mnistlab.progress import NotebookProgress, TerminalProgress, live_progress

ONE = History((Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0),))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drive(progress: TerminalProgress | NotebookProgress) -> None:
    progress.begin(History(), epochs=2, steps=3)
    for _ in range(3):
        progress.batch(1, 0.5, 0.8)
    progress.epoch(ONE)
    progress.end(ONE)


def test_outside_a_notebook_the_terminal_is_told() -> None:
    assert isinstance(live_progress(), TerminalProgress)


def test_a_terminal_shows_epoch_and_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    drive(TerminalProgress())
    assert "epoch 1/2" in terminal.getvalue()
    assert "loss 0.5000, accuracy 80.00%" in terminal.getvalue()


def test_a_log_file_is_not_filled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stderr", log := io.StringIO())
    drive(TerminalProgress())
    assert log.getvalue() + "".join(capsys.readouterr()) == ""


def test_a_notebook_shows_bar_numbers_and_curves() -> None:
    progress = NotebookProgress()
    progress.EVERY = 0
    progress.begin(History(), epochs=2, steps=3)
    progress.batch(1, 0.5, 0.8)
    assert (progress.bar.value, progress.bar.max) == (1, 6)
    assert progress.text.value.startswith("epoch 1/2, at most 0:")
    assert progress.text.value.endswith("loss 0.5000, accuracy 80.00%")
    progress.epoch(ONE)
    assert bytes(progress.curves.value).startswith(b"\x89PNG")


def test_the_stop_button_asks_to_stop() -> None:
    progress = NotebookProgress()
    progress.begin(History(), epochs=2, steps=3)
    assert not progress.stop_asked
    progress.button.click()
    assert progress.stop_asked
    assert progress.button.disabled
