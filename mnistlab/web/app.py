"""The drawing pad as a web app: a notebook served by Voilà, with a kernel for each page."""

import ipaddress
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from mnistlab.errors import WorkbenchError
from mnistlab.system.compat import wait_until_pool_is_ready
from mnistlab.web.kernels import kernel_config
from mnistlab.web.sessions import PAD_STATE, PadStateHandler, PageHandler, Sessions
from mnistlab.web.settings import WebSettings

TEMPLATES = Path(__file__).parent / "templates"

NOTEBOOK_ONLY = "notebook-only"
"""Tag of the cells that the app neither runs nor shows."""


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
    WorkbenchError
        If the address or port cannot be used.
    """
    if not is_loopback(settings.host):
        echo(
            f"Warning: anyone who can reach {settings.host} can use the app "
            f"and start up to {settings.sessions} kernels on this machine."
        )
    # A page may leave three of Jupyter's pings unanswered before it is disconnected. Tornado warns that this is more
    # than one; with only one, Jupyter would disconnect pages that do answer.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    app = PadApp(config=voila_config(settings), notebook_path=str(notebook), ip=settings.host, port=settings.port)
    app.web_settings, app.echo = settings, echo
    app.initialize([])
    app.start()


def is_loopback(host: str) -> bool:
    """Return whether an address or host name can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def voila_config(settings: WebSettings) -> Config:
    """Return the configuration of Voilà and of Jupyter's kernel manager."""
    config = kernel_config(settings)
    config.Voila.open_browser = False
    config.Voila.log_level = logging.ERROR
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaConfiguration.default_pool_size = settings.warm_kernels
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {NOTEBOOK_ONLY}
    if os.name == "posix":  # no open ports that other users of this machine could connect to
        config.KernelManager.transport = "ipc"
    return config


class PadApp(Voila):
    """Voilà with our template, a limit on the open pages, and a line of text once the app answers."""

    web_settings = WebSettings()
    echo: Callable[[str], object] = print

    def setup_template_dirs(self) -> None:
        """Look for templates in our folder first."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATES))

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Put `PageHandler` in the place of Voilà's handler of pages, and add the one that a page asks for its pad."""
        sessions = Sessions(self.web_settings)
        pad_state = (url_path_join(self.server_url, PAD_STATE), PadStateHandler)
        return [pad_state, *(_limited(rule, sessions) for rule in super().init_handlers())]

    def start(self) -> None:
        """Take the port before any kernel starts; Voilà itself would use another port if this one is taken."""
        try:
            self.sockets = bind_sockets(self.port, self.ip)
        except OSError as error:
            raise WorkbenchError(
                f"cannot listen at {self.ip}:{self.port}: {error.strerror}; choose another port with --port"
            ) from None
        super().start()

    def listen(self) -> None:
        """Answer requests until the loop is stopped."""
        HTTPServer(self.app).add_sockets(self.sockets)
        self.echo(f"Serving the drawing pad at http://{self.ip}:{self.port} (Ctrl-C ends it)")
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop all kernels. One that is still starting cannot be stopped cleanly: wait for it, a second or two."""
        self.ioloop.run_sync(lambda: wait_until_pool_is_ready(self.kernel_manager))
        super().stop()


def _limited(rule: tuple[Any, ...], sessions: Sessions) -> tuple[Any, ...]:
    path, handler, *arguments = rule
    return (path, PageHandler, {**arguments[0], "sessions": sessions}) if handler is TornadoVoilaHandler else rule
