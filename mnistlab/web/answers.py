"""How all handlers of the app answer: errors without details, headers that keep other sites out."""

from http.client import responses
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import AnyMatches, Matcher, Rule, RuleRouter
from tornado.web import Application, RequestHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mnistlab.web.frames import Allowance, BadFrameError, check_frame
from mnistlab.web.hosts import Hosts

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # JupyterLab compiles its settings' schemas
        "style-src 'self' 'unsafe-inline' data:",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
"""Content security policy: nothing is loaded from, sent to, or framed by another server."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Server": "mnistlab",
}

MAX_UNREAD = 50_000_000
"""Bytes that wait for a page, at most: an answer has half a megabyte at most."""

POLICY_VIOLATION = 1008
"""Websocket close code for a page that sends what it must not, RFC 6455."""


class PlainAnswers(RequestHandler):
    """Mixed into each handler: security headers, and errors as one line, whose details stay in the server's log."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **details: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {responses.get(status_code, 'Error')}\n")


class ChannelsHandler(VoilaKernelWebsocketHandler):
    """The websocket between a page and its kernel. Frames that no page sends close it."""

    def initialize(self, hosts: Hosts) -> None:
        """Take the names that a page may use for this server, which all requests share."""
        super().initialize()
        self.hosts, self.allowance, self.is_refused = hosts, Allowance(), False

    def check_origin(self, origin: str | None = None) -> bool:
        """Return whether the page that opens the websocket is the app's own."""
        return self.hosts.accepts(origin, self.request.host)

    async def open(self, kernel_id: str) -> None:
        """Open the websocket; a page that does not read what it asked for is disconnected."""
        await super().open(kernel_id)
        self.ws_connection.stream.max_write_buffer_size = MAX_UNREAD

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a frame on to the kernel if it has the form, size and rate of a page's frames."""
        if self.is_refused or self.connection is None:  # what was on its way when the socket was closed
            return
        try:
            self.allowance.use(len(ws_message))
            check_frame(ws_message, self.selected_subprotocol)
        except BadFrameError as error:
            self.is_refused = True
            self.close(POLICY_VIOLATION, str(error))
        else:
            super().on_message(ws_message)


class WrongHostHandler(RequestHandler):
    """Answers requests that name a host that is not ours."""

    def prepare(self) -> None:
        self.set_status(421)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("This server has another name. Start the app with --origin to give it this one.\n")


class _Served(Matcher):
    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return {} if self.hosts.serves(request.host) else None


def plain(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return a handler that answers as `PlainAnswers` does."""
    return type(handler.__name__, (PlainAnswers, handler), {})


def only_for(hosts: Hosts, app: Application) -> RuleRouter:
    """Return the app behind a check of each request's ``Host``."""
    refusal = Application([(".*", WrongHostHandler)])
    return RuleRouter([Rule(_Served(hosts), app), Rule(AnyMatches(), refusal)])
