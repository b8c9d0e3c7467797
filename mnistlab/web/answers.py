"""How all handlers of the app answer: errors without details, headers that keep other sites out."""

import json
import re
from asyncio import Future
from collections import Counter
from http.client import responses
from typing import Any, ClassVar

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httputil import HTTPServerRequest
from tornado.iostream import StreamBufferFullError
from tornado.routing import AnyMatches, Matcher, Rule, RuleRouter
from tornado.web import Application, HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mnistlab.web.frames import ANSWERS, V1, Allowance, Backlog, BadFrameError, check_frame
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

MAX_UNREAD = 8_000_000
"""Bytes that wait for a page, at most: an answer has half a megabyte at most."""

MAX_SOCKETS = 3
"""Websockets of one page, at most: it has one, and after an interruption for a while those that it lost."""

SESSION = re.compile(r"[A-Za-z0-9_-]{0,64}")
"""The name by which a page's websocket is told from others; it becomes a part of addresses in Jupyter's sockets."""

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


class KernelModelHandler(KernelHandler):
    """Tells a page of its kernel. To end it, a page has another address."""

    SUPPORTED_METHODS = ("GET",)


class ChannelsHandler(VoilaKernelWebsocketHandler):
    """The websocket between a page and its kernel. Frames that no page sends close it."""

    sockets: ClassVar[Counter[str]] = Counter()
    """How many each kernel has."""

    def initialize(self, hosts: Hosts) -> None:
        """Take the names that a page may use for this server, which all requests share."""
        super().initialize()
        self.hosts, self.allowance, self.backlog, self.is_refused = hosts, Allowance(), Backlog(), False

    def check_origin(self, origin: str | None = None) -> bool:
        """Return whether the page that opens the websocket is the app's own."""
        return self.hosts.accepts(origin, self.request.host)

    async def get(self, kernel_id: str) -> None:
        """Open the websocket, and stay until it is closed."""
        offered = re.split(r"\s*,\s*", self.request.headers.get("Sec-WebSocket-Protocol", ""))
        if V1 not in offered or not SESSION.fullmatch(self.get_argument("session_id", "")):
            raise HTTPError(400)
        if self.sockets[kernel_id] >= MAX_SOCKETS:
            raise HTTPError(429)
        self.sockets[kernel_id] += 1
        try:
            await super().get(kernel_id)
        finally:
            self.sockets[kernel_id] -= 1
            if not self.sockets[kernel_id]:
                del self.sockets[kernel_id]

    async def open(self, kernel_id: str) -> None:
        """Begin to pass on messages; a page that does not read what it asked for is disconnected."""
        await super().open(kernel_id)
        self.ws_connection.stream.max_write_buffer_size = MAX_UNREAD

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a frame on to the kernel if it has the form, size and rate of a page's frames."""
        if self.is_refused or self.connection is None:  # what was on its way when the socket was closed
            return
        try:
            self.allowance.use(len(ws_message))
            self.backlog.add(check_frame(ws_message), len(ws_message))
        except BadFrameError as error:
            self.is_refused = True
            self.close(POLICY_VIOLATION, str(error))
        else:
            super().on_message(ws_message)

    def write_message(self, message: bytes, binary: bool = True) -> None:
        """Pass a frame on to the page if it has a use for it."""
        if self.ws_connection is None:  # closed, but not yet by the page: Jupyter no longer knows the subprotocol
            return
        _, (header, parent, _, content, *_) = deserialize_msg_from_ws_v1(message)
        message_type = json.loads(header)["msg_type"]
        if message_type == "status" and json.loads(content)["execution_state"] == "idle":
            self.backlog.remove(json.loads(parent).get("msg_id"))
        if message_type not in ANSWERS:
            return
        try:
            written = super().write_message(message, binary)
        except WebSocketClosedError:  # by the page
            return
        except StreamBufferFullError:
            self.ws_connection.stream.close()
            return
        written.add_done_callback(Future.exception)  # read, so that a page that is gone is not reported as an error


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
