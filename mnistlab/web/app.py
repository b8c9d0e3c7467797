"""The drawing pad as a web app: a notebook served by Voilà, a kernel of its own for each page."""

import asyncio
import ipaddress
import logging
import os
from collections.abc import Callable
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from mnistlab.errors import WorkbenchError

TEMPLATE = Path(__file__).parent / "templates"

NOT_SERVED = "notebook-only"
"""Tag of the cells that are neither run nor shown in the app."""

POOL = 2
"""Kernels that stand ready with the notebook run: two people who come at once need not wait."""

IDLE_MINUTES = 15
"""A kernel that has heard nothing for so long is ended, even if its page is still open."""

SESSIONS = 10
"""Pages open at once, at most, unless told otherwise: each takes some 100 MB of memory."""


def serve(
    notebook: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 5000,
    sessions: int = SESSIONS,
    tell: Callable[[str], object] = print,
) -> None:
    """Serve a notebook's results as a page until the process is interrupted or terminated.

    Parameters
    ----------
    notebook : Path
        Its cells with the tag ``notebook-only`` are left out.
    host : str
        The address to listen at. At any but a loopback one, whoever reaches it can use the app.
    port : int
    sessions : int
        Pages open at once, at most; whoever comes then is asked to come back.
    tell : callable
        Called with a line of text whenever there is something to tell.

    Raises
    ------
    WorkbenchError
        If nothing can listen there.
    """
    if not is_loopback(host):
        tell(f"Warning: whoever can reach {host} can use the app, and up to {sessions} kernels of this machine.")
    # Jupyter gives a page three pings to answer, of which tornado takes only one, and says so; one would end the page.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    app = PadApp(config=_settings(), notebook_path=str(notebook), ip=host, port=port)
    app.sessions, app.tell = sessions, tell
    app.initialize([])
    app.start()


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address or name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class PadApp(Voila):
    """Voilà with our template, a limit on the pages open at once, and a word when it can be reached."""

    sessions: int = SESSIONS
    tell: Callable[[str], object] = print

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def init_handlers(self) -> list[tuple[object, ...]]:
        handlers = super().init_handlers()
        return [
            (rule[0], SessionLimitHandler, *rule[2:]) if rule[1] is TornadoVoilaHandler else rule for rule in handlers
        ]

    def start(self) -> None:
        """Take the port before anything is begun; Voilà's own would go on to another if it is taken."""
        try:
            self.sockets = bind_sockets(self.port, self.ip)
        except OSError as error:
            raise WorkbenchError(
                f"cannot listen at {self.ip}:{self.port}: {error.strerror}; choose another port with --port"
            ) from None
        super().start()

    def listen(self) -> None:
        HTTPServer(self.app).add_sockets(self.sockets)
        self.tell(f"Serving the drawing pad at http://{self.ip}:{self.port} (Ctrl-C ends it)")
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def stop(self) -> None:
        """A kernel that is only being made ready cannot be ended in peace: wait for it, a second or two."""
        self.ioloop.run_sync(self._made_ready)
        super().stop()

    async def _made_ready(self) -> None:
        starting = [kernel for pool in self.kernel_manager._pools.values() for kernel in pool]
        started = await asyncio.gather(*starting, return_exceptions=True)
        running = [kernel["task"] for kernel in started if isinstance(kernel, dict)]
        await asyncio.gather(*running, return_exceptions=True)


class SessionLimitHandler(TornadoVoilaHandler):
    """Lets a page in if there is a place, and gives it a kernel of the pool."""

    entering = 0
    """Pages that are being opened."""

    inside: set[str] = set()  # noqa: RUF012
    """Kernels that were given to pages."""

    async def get(self, path: str | None = None) -> None:
        if path:  # no page of ours: Voilà says so
            await super().get(path)
            return
        manager = self.kernel_manager
        SessionLimitHandler.inside &= set(manager.list_kernel_ids())
        if SessionLimitHandler.entering + len(SessionLimitHandler.inside) >= self.settings["voila"].sessions:
            self._turn_away()
            return
        _ = self.xsrf_token  # sets the cookie without which the page's word that it was closed is not heard
        if not manager.get_pool_size(self.notebook_path):
            manager.fill_if_needed(delay=0, notebook_name=self.notebook_path)
        kernel: asyncio.Task[dict[str, str]] = manager._pools[self.notebook_path][0]  # the one that comes next
        SessionLimitHandler.entering += 1
        try:
            await super().get(path)
        finally:
            SessionLimitHandler.entering -= 1
            if kernel.done() and not kernel.cancelled() and not kernel.exception():
                SessionLimitHandler.inside.add(kernel.result()["kernel_id"])

    def _turn_away(self) -> None:
        self.set_status(503)
        self.set_header("Retry-After", "60")
        self.finish(self.render_template("full.html", sessions=self.settings["voila"].sessions, minutes=IDLE_MINUTES))


def _settings() -> Config:
    config = Config()
    config.Voila.open_browser = False
    config.Voila.log_level = logging.ERROR
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaConfiguration.default_pool_size = POOL
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {NOT_SERVED}
    if os.name == "posix":  # no ports on this machine for anybody else to find
        config.KernelManager.transport = "ipc"
    config.MappingKernelManager.cull_idle_timeout = 60 * IDLE_MINUTES
    config.MappingKernelManager.cull_interval = 60
    config.MappingKernelManager.cull_connected = True
    return config
