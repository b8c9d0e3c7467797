import io
import sys
from collections.abc import Iterator

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from mnistlab.runs.history import Epoch, History
from mnistlab.training.progress import NotebookProgress, TerminalProgress, live_progress

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
    assert progress.text.value.startswith("epoch 1/2, at most 0 s left: ")
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


@pytest.fixture
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


BUSY = """
import time
from mnistlab.runs.history import History
from mnistlab.training.progress import NotebookProgress
progress = NotebookProgress()
progress.begin(History(), epochs=1, steps=1)
print(progress.button.comm.comm_id, flush=True)
deadline = time.monotonic() + 20
while not progress.stop_asked and time.monotonic() < deadline:
    time.sleep(0.05)
print("stopped" if progress.stop_asked else "too late")
"""


def printed(kernel: BlockingKernelClient) -> str:
    while True:
        message = kernel.get_iopub_msg(timeout=30)
        assert message["msg_type"] != "error", message["content"]
        if message["msg_type"] == "stream":
            return str(message["content"]["text"]).strip()


def test_a_click_on_stop_is_heard_while_the_cell_runs(kernel: BlockingKernelClient) -> None:
    """As JupyterLab does it: widgets speak through a subshell of their own."""
    kernel.execute(BUSY)
    button = printed(kernel)
    kernel.control_channel.send(kernel.session.msg("create_subshell_request"))
    subshell = kernel.get_control_msg(timeout=30)["content"]["subshell_id"]
    click = {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}
    message = kernel.session.msg("comm_msg", click)
    message["header"]["subshell_id"] = subshell
    kernel.shell_channel.send(message)
    assert printed(kernel) == "stopped"
