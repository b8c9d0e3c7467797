import re
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_server.base.websocket import WebSocketMixin
from processes import DEADLINE, Processes, wait_until
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mnistlab.system.files import project_dir
from mnistlab.web import app
from mnistlab.web.answers import ChannelsHandler, PlainAnswers
from mnistlab.web.sessions import PadStateHandler, PageHandler
from mnistlab.web.settings import WebSettings


@pytest.fixture
def pad_app() -> app.PadApp:
    """An app that is ready to start."""
    notebook = project_dir() / "notebooks" / "04_draw.ipynb"
    pad_app = app.PadApp(config=app.voila_config(WebSettings()), notebook_path=str(notebook))
    pad_app.initialize([])
    pad_app.server_url = "/"
    pad_app.identity_provider = SimpleNamespace(get_handlers=list)  # made when the app starts
    return pad_app


def handlers(rules: list[tuple]) -> list[type]:
    return [handler for _, handler, *_ in rules]


def test_the_page_and_its_websocket_are_served_by_our_handlers(pad_app: app.PadApp) -> None:
    by_voila = super(app.PadApp, pad_app).init_handlers()
    pad_state, *ours = pad_app.init_handlers()
    assert re.fullmatch(pad_state[0], "/voila/pad/1a2b-3c4d")
    assert issubclass(pad_state[1], PadStateHandler)
    for handler, replacement in ((TornadoVoilaHandler, PageHandler), (VoilaKernelWebsocketHandler, ChannelsHandler)):
        ((path, _, *_),) = [rule for rule in by_voila if rule[1] is handler]
        assert [rule[0] for rule in ours if issubclass(rule[1], replacement)] == [path]
        assert not [
            served for served in handlers(ours) if handler in served.__mro__ and replacement not in served.__mro__
        ]
    (arguments,) = [rest[0] for _, handler, *rest in ours if issubclass(handler, PageHandler)]
    assert arguments.pop("sessions").settings == WebSettings()
    assert [arguments] == [rest[0] for _, handler, *rest in by_voila if handler is TornadoVoilaHandler]


def test_all_handlers_answer_plainly_and_what_the_page_does_not_need_is_not_served(pad_app: app.PadApp) -> None:
    ours = pad_app.init_handlers()
    assert all(issubclass(handler, PlainAnswers) for handler in handlers(ours))
    by_voila = {path for path, *_ in super(app.PadApp, pad_app).init_handlers()}
    left_out = by_voila - {path for path, *_ in ours}
    assert {path.rsplit("/", 1)[0] for path in left_out} == {"/voila/query", "/voila/files"}


def test_our_templates_come_before_those_of_voila(pad_app: app.PadApp) -> None:
    assert Path(pad_app.template_paths[0], "index.html.j2").exists()
    assert Path(pad_app.template_paths[0], "full.html").exists()


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_an_address_that_others_can_reach_gets_a_warning(
    host: str, loopback: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "stop_on_signals", lambda _loop: None)
    monkeypatch.setattr(app, "connection_folder", lambda: Path("nowhere"))
    for name in ("initialize", "start"):
        monkeypatch.setattr(app.PadApp, name, lambda *_: None)
    lines: list[str] = []
    app.serve(Path("04_draw.ipynb"), WebSettings(host=host, sessions=7), echo=lines.append)
    warning = f"Warning: anyone who can reach {host} can use the app and start up to 7 kernels on this machine."
    assert lines == ([] if loopback else [warning])


STUCK = """
import sys, time
from tornado.ioloop import IOLoop
from mnistlab.web import app

app.STOP_TIMEOUT = float(sys.argv[1])

def work():
    print("ready", flush=True)
    while True:
        time.sleep(0.01)

loop = IOLoop.current()
app.stop_on_signals(loop)
loop.add_callback(work)
loop.start()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_process_even_if_it_is_stuck(processes: Processes, number: signal.Signals) -> None:
    process = processes.start("-c", STUCK, "0.2")
    wait_until(lambda: "ready" in process.output(), needed=process)
    process.send_signal(number)
    assert process.wait(DEADLINE) == 130


def test_a_second_signal_ends_a_process_that_is_stuck_at_once(processes: Processes) -> None:
    process = processes.start("-c", STUCK, str(10 * DEADLINE))
    wait_until(lambda: "ready" in process.output(), needed=process)

    def has_ended() -> bool:
        process.terminate()
        return process.poll() is not None

    wait_until(has_ended)
    assert process.returncode == -signal.SIGTERM


def test_a_signal_stops_the_loop_and_what_it_does_goes_on_to_its_end(processes: Processes) -> None:
    program = STUCK.replace("while True:", "for _ in range(50):").replace("loop.start()", "loop.start(); print('end')")
    process = processes.start("-c", program, str(DEADLINE))
    wait_until(lambda: "ready" in process.output(), needed=process)
    process.terminate()
    assert process.wait(DEADLINE) == 0
    assert process.output() == "ready\nend\n"


def test_the_settings_reach_voila() -> None:
    config = app.voila_config(WebSettings(idle_minutes=3, warm_kernels=4))
    assert config.MappingKernelManager.cull_idle_timeout == 180
    assert config.VoilaConfiguration.default_pool_size == 4


def test_a_page_that_answers_pings_stays_connected() -> None:
    """With each ping, Jupyter looks for the answer to the one before: that one is a whole interval old."""
    connection = WebSocketMixin()
    connection.settings = dict(app.voila_config(WebSettings()).Voila.get("tornado_settings", {}))
    assert connection.ping_timeout > 1.5 * connection.ping_interval
