import base64
import io
import sys

import pytest
from jupyter_client.blocking import BlockingKernelClient
from processes import DEADLINE

from mnistlab.plots.training import history_png
from mnistlab.runs.history import Epoch, History, Point
from mnistlab.training.checkpoints import TrainingLength
from mnistlab.training.progress import NotebookProgress, TerminalProgress, live_progress

LENGTH = TrainingLength(epochs=2, steps_per_epoch=3)
ONE = History((Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0),))

POINT = Point(0.5, 0.6, 0.7, 0.5, 0.8)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drive(progress: TerminalProgress | NotebookProgress) -> None:
    progress.begin(History(), LENGTH)
    for _ in range(3):
        progress.batch(1, 0.5, 0.8)
    progress.measured(ONE)
    progress.end(ONE, finished=False)


def test_outside_a_notebook_progress_goes_to_the_terminal() -> None:
    assert isinstance(live_progress(), TerminalProgress)


def test_a_terminal_shows_epoch_and_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    drive(TerminalProgress())
    assert "epoch 1/2" in terminal.getvalue()
    assert "loss 0.5000, accuracy 80.00%" in terminal.getvalue()


def test_a_terminal_gets_a_line_for_each_epoch_not_for_each_point(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress = TerminalProgress()
    progress.begin(History(), LENGTH)
    for history in (History(points=(POINT,)), ONE, ONE.plus(POINT)):
        progress.measured(history)
    progress.end(ONE, finished=False)
    assert capsys.readouterr().out == "epoch 1: validation accuracy 85.00%\n"


def test_a_log_file_is_not_filled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stderr", log := io.StringIO())
    drive(TerminalProgress())
    assert log.getvalue() + "".join(capsys.readouterr()) == ""


class Output:
    """The output of a cell, which can be replaced."""

    def __init__(self, content: object) -> None:
        self.contents = [content]

    def update(self, content: object, raw: bool) -> None:
        assert raw
        self.contents.append(content)


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[Output]:
    """What is displayed, in its order."""
    displayed: list[Output] = []

    def display(content: object, *, raw: bool = False, display_id: bool) -> Output:
        displayed.append(Output(content))
        return displayed[-1]

    monkeypatch.setattr("mnistlab.training.progress.display", display)
    return displayed


def test_a_notebook_shows_bar_numbers_and_curves(outputs: list[Output]) -> None:
    progress = NotebookProgress()
    progress.UPDATE_EVERY = 0
    progress.begin(History(), LENGTH)
    progress.batch(1, 0.5, 0.8)
    assert (progress.bar.value, progress.bar.max) == (1, 6)
    assert progress.text.value.startswith("epoch 1/2, at most 0 s left: ")
    assert progress.text.value.endswith("loss 0.5000, accuracy 80.00%")
    progress.measured(ONE)
    _, picture = outputs
    empty, curves = (base64.b64decode(content["image/png"]) for content in picture.contents)
    assert empty.startswith(b"\x89PNG"), "also before anything was measured"
    assert curves.startswith(b"\x89PNG")
    assert curves != empty


@pytest.mark.parametrize(
    ("finished", "line"),
    [
        (True, "done: 1 epoch in 1 s"),
        (False, "stopped: 1 epoch in 1 s. Run this cell again to go on after the last finished epoch"),
    ],
)
def test_a_saved_notebook_has_a_line_and_the_last_curves(finished: bool, line: str, outputs: list[Output]) -> None:
    progress = NotebookProgress()
    progress.begin(History(), LENGTH)
    progress.end(ONE, finished)
    view, picture = (output.contents[-1] for output in outputs)
    assert view == {"text/plain": line}
    assert picture["text/plain"] == repr(ONE)
    assert base64.b64decode(picture["image/png"]) == history_png(ONE)


def test_a_notebook_draws_points_within_an_epoch_but_spends_little_time_on_it(
    outputs: list[Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    drawn: list[History] = []

    def draw(history: History) -> bytes:
        nonlocal now
        now += 0.1
        drawn.append(history)
        return b"a picture"

    monkeypatch.setattr("mnistlab.training.progress.history_png", draw)
    monkeypatch.setattr("mnistlab.training.progress.time.monotonic", lambda: now)
    progress = NotebookProgress()
    progress.begin(History(), LENGTH)
    for _ in range(50):
        progress.measured(History(points=(POINT,)))
        now += 0.1
    assert len(outputs[1].contents) == len(drawn) == 1 + 5, "empty axes, then curves every second"


def test_the_stop_button_asks_to_stop() -> None:
    progress = NotebookProgress()
    progress.begin(History(), LENGTH)
    assert not progress.stop_asked
    progress.button.click()
    assert progress.stop_asked
    assert progress.button.disabled


BUSY = f"""
import time
from mnistlab.runs.history import History
from mnistlab.training.checkpoints import TrainingLength
from mnistlab.training.progress import NotebookProgress
progress = NotebookProgress()
progress.begin(History(), TrainingLength(1, 1))
print(progress.button.comm.comm_id, flush=True)
deadline = time.monotonic() + {DEADLINE}
while not progress.stop_asked and time.monotonic() < deadline:
    time.sleep(0.05)
print("stopped" if progress.stop_asked else "too late")
"""


def printed(kernel: BlockingKernelClient) -> str:
    while True:
        message = kernel.get_iopub_msg(timeout=DEADLINE)
        assert message["msg_type"] != "error", message["content"]
        if message["msg_type"] == "stream":
            return str(message["content"]["text"]).strip()


def test_a_click_on_stop_is_heard_while_the_cell_runs(kernel: BlockingKernelClient) -> None:
    """As JupyterLab does it: widgets speak through a subshell of their own."""
    kernel.execute(BUSY)
    button = printed(kernel)
    kernel.control_channel.send(kernel.session.msg("create_subshell_request"))
    subshell = kernel.get_control_msg(timeout=DEADLINE)["content"]["subshell_id"]
    click = {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}
    message = kernel.session.msg("comm_msg", click)
    message["header"]["subshell_id"] = subshell
    kernel.shell_channel.send(message)
    assert printed(kernel) == "stopped"
