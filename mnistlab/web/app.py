"""The drawing pad as a web app: a notebook served by Voilà, with a kernel for each page."""

import logging
import os
import re
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mnistlab.errors import WorkbenchError
from mnistlab.system.compat import wait_until_pool_is_ready
from mnistlab.web.answers import ChannelsHandler, KernelModelHandler, only_for, plain
from mnistlab.web.frames import MAX_FRAME
from mnistlab.web.hosts import Hosts, is_loopback, netloc, url
from mnistlab.web.kernels import connection_folder, kernel_config
from mnistlab.web.sessions import PAD_STATE, PadStateHandler, PageHandler, Sessions
from mnistlab.web.settings import WebSettings

TEMPLATES = Path(__file__).parent / "templates"

NOTEBOOK_ONLY = "notebook-only"
"""Tag of the cells that the app neither runs nor shows."""

STOP_TIMEOUT = 20
"""Seconds after a signal in which the app ends its kernels; then it ends without."""

MAX_WAIT = 60
"""Seconds in which a browser must send a request, once it has connected."""

UNUSED = ("/api/me", "/login", "/logout")
"""Ends of the addresses of Jupyter's handlers that the page has no use for."""


def serve(notebook: Path, settings: WebSettings, *, echo: Callable[[str], object] = print) -> None:
    """Serve a notebook's results as a page until the process is interrupted or terminated.

    Parameters
    ----------
    notebook : Path
        The notebook; its cells with the tag ``notebook-only`` are left out.
    settings : WebSettings
        Address, port and limits.
    echo : callable
        Called with each line of text for the user: a warning where others can reach the app, and the
        app's address once it answers.

    Raises
    ------
    ParameterError
        If the host or an origin is not valid.
    WorkbenchError
        If the address or port cannot be used.
    """
    hosts = Hosts(settings.host, settings.origins)
    if not is_loopback(settings.host):
        echo(
            f"Warning: anyone who can reach {settings.host} can use the app "
            f"and start up to {settings.sessions} kernels on this machine."
        )
    # A page may leave three of Jupyter's pings unanswered before it is disconnected. Tornado warns that this is more
    # than one; with only one, Jupyter would disconnect pages that do answer.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    app = PadApp(config=voila_config(settings), notebook_path=str(notebook), ip=settings.host, port=settings.port)
    app.connection_dir_root = str(connection_folder())
    app.web_settings, app.hosts, app.echo = settings, hosts, echo
    app.initialize([])
    stop_on_signals(IOLoop.current())
    app.start()


def voila_config(settings: WebSettings) -> Config:
    """Return the configuration of Voilà and of Jupyter's kernel manager."""
    config = kernel_config(settings)
    config.Voila.open_browser = False
    config.Voila.log_level = logging.ERROR
    origins = Hosts(settings.host, settings.origins).origins
    config.Voila.tornado_settings = {
        "websocket_max_message_size": MAX_FRAME,
        "allow_origin_pat": "|".join(map(re.escape, sorted(origins))),  # behind a proxy that changes the host
    }
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaConfiguration.default_pool_size = settings.warm_kernels
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {NOTEBOOK_ONLY}
    # Channels are then files that only this user can open. ipykernel still has a port for the output of forked
    # processes, on loopback, where it takes only messages that begin with its secret.
    if os.name == "posix":
        config.KernelManager.transport = "ipc"
    return config


class PadApp(Voila):
    """Voilà with our template, a limit on the open pages, and a line of text once the app answers."""

    web_settings = WebSettings()
    hosts = Hosts(web_settings.host)
    echo: Callable[[str], object] = print

    def setup_template_dirs(self) -> None:
        """Look for templates in our folder first."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATES))

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Put our handlers in the places of Voilà's, leave out what the page does not need, and add the pad's state."""
        sessions = Sessions(self.web_settings)
        ours: dict[type, tuple[type, dict[str, Any]]] = {
            TornadoVoilaHandler: (PageHandler, {"sessions": sessions}),
            VoilaKernelWebsocketHandler: (ChannelsHandler, {"hosts": self.hosts}),
            KernelHandler: (KernelModelHandler, {}),
        }
        rules: list[tuple[Any, ...]] = [(url_path_join(self.server_url, PAD_STATE), plain(PadStateHandler))]
        for path, handler, *arguments in super().init_handlers():
            if handler in (RequestInfoSocketHandler, AllowListFileHandler) or path.endswith(UNUSED):
                continue
            replacement, added = ours.get(handler, (handler, {}))
            rules.append((path, plain(replacement), {**(arguments[0] if arguments else {}), **added}))
        return rules

    def start(self) -> None:
        """Take the port before any kernel starts; Voilà itself would use another port if this one is taken."""
        try:
            self.sockets = bind_sockets(self.port, self.ip)
        except OSError as error:
            raise WorkbenchError(
                f"cannot listen at {netloc(self.ip, self.port)}: {error.strerror}; choose another port with --port"
            ) from None
        super().start()

    def listen(self) -> None:
        """Answer requests until the loop is stopped."""
        server = HTTPServer(
            only_for(self.hosts, self.app),
            max_body_size=MAX_FRAME,
            max_buffer_size=2 * MAX_FRAME,
            idle_connection_timeout=MAX_WAIT,
            body_timeout=MAX_WAIT,
        )
        server.add_sockets(self.sockets)
        self.echo(f"Serving the drawing pad at {url(self.ip, self.port)} (Ctrl-C ends it)")
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop all kernels. One that is still starting cannot be stopped cleanly: wait for it, a second or two."""
        self.ioloop.run_sync(lambda: wait_until_pool_is_ready(self.kernel_manager))
        super().stop()
        shutil.rmtree(self.connection_dir_root, ignore_errors=True)


def stop_on_signals(loop: IOLoop) -> None:
    """Have a signal stop the loop, and the process after `STOP_TIMEOUT` at the latest, even if the loop is stuck.

    Nothing is raised: an exception in the middle of a kernel's start would keep the app from cleaning up. A
    second signal ends the process at once. Its kernels end when their parent is gone.
    """
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        deadline = threading.Timer(STOP_TIMEOUT, os._exit, [130])
        deadline.daemon = True
        deadline.start()
        loop.add_callback_from_signal(loop.stop)

    for number in numbers:
        signal.signal(number, stop)
