"""The limit on open pages: a page gets a session, and a kernel from the pool, if one is free."""

from collections.abc import Iterable
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, authenticated
from voila.tornado.handler import TornadoVoilaHandler

from mnistlab.web.hosts import is_from_other_site
from mnistlab.web.kernels import pad_state
from mnistlab.web.pool import prepare_kernel
from mnistlab.web.settings import WebSettings

PAD_STATE = r"/voila/pad/([0-9a-f-]+)"
"""Address at which a page asks for its pad, with the kernel's id."""


class Sessions:
    """Counts the sessions in use: pages that are being opened, and pages whose kernel is running.

    Parameters
    ----------
    settings : WebSettings
        With the highest number of sessions.
    """

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings
        self.opening = 0
        self._kernel_ids: set[str] = set()

    def are_all_used(self, running_kernel_ids: Iterable[str]) -> bool:
        """Return whether no further page can be opened, given the ids of the kernels that are running."""
        self._kernel_ids &= set(running_kernel_ids)
        return self.opening + len(self._kernel_ids) >= self.settings.sessions

    def add(self, kernel_id: str) -> None:
        """Count a page that got this kernel, until the kernel no longer runs."""
        self._kernel_ids.add(kernel_id)


class PageHandler(TornadoVoilaHandler):
    """Serves the notebook's page if a session is free, else a page that asks to come back later."""

    def initialize(self, sessions: Sessions, **voila_arguments: Any) -> None:
        """Take Voilà's own arguments and the sessions, which all requests share."""
        super().initialize(**voila_arguments)
        self.sessions = sessions

    async def get(self, path: str | None = None) -> None:
        """Answer a request for the page. There is no other, and none with arguments: Voilà would start more kernels."""
        if path:
            raise HTTPError(404)
        if is_from_other_site(self.request.headers):  # it would take sessions from people
            raise HTTPError(403)
        if self.request.query:
            self.redirect(self.request.path)
        elif self.sessions.are_all_used(self.kernel_manager.list_kernel_ids()):
            self._ask_to_come_back()
        else:
            await self._open_page()

    def _ask_to_come_back(self) -> None:
        settings = self.sessions.settings
        self.set_status(503)
        self.set_header("Retry-After", "60")
        self.finish(self.render_template("full.html", sessions=settings.sessions, minutes=settings.idle_minutes))

    async def _open_page(self) -> None:
        _ = self.xsrf_token  # sets the cookie that the page needs to report that it was closed
        self.sessions.opening += 1
        try:
            kernel_id = await prepare_kernel(self.kernel_manager, self.notebook_path)
            self.sessions.add(kernel_id)
        finally:
            self.sessions.opening -= 1
        await super().get()


class PadStateHandler(JupyterHandler):
    """Answers a page that asks whether its pad is still there."""

    @authenticated
    async def get(self, kernel_id: str) -> None:
        """Answer with one of `mnistlab.web.kernels.PadState`, as JSON."""
        self.finish({"state": await pad_state(self.kernel_manager, kernel_id)})
