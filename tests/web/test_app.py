import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_server.base.websocket import WebSocketMixin
from voila.tornado.handler import TornadoVoilaHandler

from mnistlab.system.files import project_dir
from mnistlab.web import app
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


def test_the_page_is_served_by_our_handler_and_everything_else_by_voila(pad_app: app.PadApp) -> None:
    by_voila = super(app.PadApp, pad_app).init_handlers()
    (address, asks_for_pad), *ours = pad_app.init_handlers()
    assert re.fullmatch(address, "/voila/pad/1a2b-3c4d")
    assert asks_for_pad is PadStateHandler
    assert [rule[0] for rule in ours] == [rule[0] for rule in by_voila]
    assert [handler for _, handler, *_ in by_voila].count(TornadoVoilaHandler) == 1, "Voilà has one handler of pages"
    assert TornadoVoilaHandler not in [handler for _, handler, *_ in ours]
    (arguments,) = [rest[0] for _, handler, *rest in ours if handler is PageHandler]
    assert arguments.pop("sessions").settings == WebSettings()
    assert [arguments] == [rest[0] for _, handler, *rest in by_voila if handler is TornadoVoilaHandler]


def test_our_templates_come_before_those_of_voila(pad_app: app.PadApp) -> None:
    assert Path(pad_app.template_paths[0], "index.html.j2").exists()
    assert Path(pad_app.template_paths[0], "full.html").exists()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_an_address_that_others_can_reach_gets_a_warning(
    host: str, loopback: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("initialize", "start"):
        monkeypatch.setattr(app.PadApp, name, lambda *_: None)
    lines: list[str] = []
    app.serve(Path("04_draw.ipynb"), WebSettings(host=host, sessions=7), echo=lines.append)
    warning = f"Warning: anyone who can reach {host} can use the app and start up to 7 kernels on this machine."
    assert lines == ([] if loopback else [warning])


def test_the_settings_reach_voila() -> None:
    config = app.voila_config(WebSettings(idle_minutes=3, warm_kernels=4))
    assert config.MappingKernelManager.cull_idle_timeout == 180
    assert config.VoilaConfiguration.default_pool_size == 4


def test_a_page_that_answers_pings_stays_connected() -> None:
    """With each ping, Jupyter looks for the answer to the one before: that one is a whole interval old."""
    connection = WebSocketMixin()
    connection.settings = dict(app.voila_config(WebSettings()).Voila.get("tornado_settings", {}))
    assert connection.ping_timeout > 1.5 * connection.ping_interval
