import json
from asyncio import Future, new_event_loop
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from tornado.iostream import StreamBufferFullError
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from mnistlab.web.answers import ChannelsHandler
from mnistlab.web.frames import ANSWERS


def framed(message_type: str, content: dict[str, object] | None = None) -> bytes:
    """Return a kernel's answer to the message ``asked``."""
    parts = ({"msg_type": message_type}, {"msg_id": "asked"}, {}, content or {})
    return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], "iopub")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What reaches the page."""
    frames: list[bytes] = []

    def write_message(_handler: object, frame: bytes, _binary: bool) -> Future[None]:
        frames.append(frame)
        return Future(loop=loop)

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", write_message)
    with closing(new_event_loop()) as loop:
        yield frames


@pytest.fixture
def channels() -> Any:
    """A handler whose websocket is open."""
    handler = object.__new__(ChannelsHandler)
    handler.answered = []
    handler.backlog = SimpleNamespace(remove=handler.answered.append)
    handler.ws_connection = SimpleNamespace(stream=SimpleNamespace(close=lambda: handler.answered.append("closed")))
    return handler


def test_a_page_gets_what_it_needs_and_no_printed_text_or_errors(channels: Any, sent: list[bytes]) -> None:
    needed = [framed(kind, {"execution_state": "busy"}) for kind in sorted(ANSWERS)]
    for frame in [*needed, *map(framed, ("stream", "error", "execute_input", "display_data"))]:
        channels.write_message(frame)
    assert sent == needed


def test_a_message_is_answered_when_the_kernel_is_idle_again(channels: Any, sent: list[bytes]) -> None:
    for state in ("busy", "idle"):
        channels.write_message(framed("status", {"execution_state": state}))
    assert channels.answered == ["asked"]
    assert len(sent) == 2


def test_a_websocket_that_is_being_closed_gets_nothing_more(channels: Any, sent: list[bytes]) -> None:
    """Jupyter then uses its older form, and Voilà read that as if it were the newer: without end."""
    channels.ws_connection = None
    channels.write_message('{"channel": "iopub"}', binary=False)
    channels.write_message((2).to_bytes(4, "big") + bytes(8), binary=True)
    assert sent == []


@pytest.mark.parametrize(("error", "answered"), [(StreamBufferFullError, ["closed"]), (WebSocketClosedError, [])])
def test_a_page_that_does_not_read_is_disconnected_and_one_that_is_gone_is_no_error(
    channels: Any, error: type[Exception], answered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_message(*_: object) -> None:
        raise error

    monkeypatch.setattr(VoilaKernelWebsocketHandler, "write_message", write_message)
    channels.write_message(framed("comm_msg"))
    assert channels.answered == answered
