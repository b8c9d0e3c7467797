"""Check what a page sends before the libraries see it: form, size and rate of its websocket's frames.

Jupyter Server trusts the numbers in a frame: a count of 2**64 offsets keeps it busy for ever. Voilà reads each binary
frame to a page as if it had the subprotocol `V1`, with the same end if it has not; so no other is spoken.
"""

import json
from collections import defaultdict, deque
from itertools import pairwise
from time import monotonic
from typing import Any

MAX_FRAME = 1_000_000
"""Bytes of one frame. A page sends about 400 for a move of the pen; the largest is a drawing that it gives back."""

MAX_PARTS = 64
"""Parts of one frame: a channel, the four dictionaries of a message, and its buffers."""

RATE, BURST = 500, 2_000
"""Frames in a second that a page may send on and on, and all at once. A quick pen makes about 200."""

BYTE_RATE, BYTE_BURST = 2_000_000, 8_000_000
"""The same in bytes."""

MAX_WAITING = 8_000_000
"""Bytes of messages that a kernel has not answered, at most: they wait in the server's memory."""

MESSAGE_COST = 1_000
"""Bytes of memory that each of these takes besides its own."""

CHANNEL = "shell"
"""The channel that a page sends to."""

CONTENT: dict[str, dict[str, type]] = {
    "comm_open": {"comm_id": str, "target_name": str, "data": dict},
    "comm_msg": {"comm_id": str, "data": dict},
    "comm_close": {"comm_id": str},
    "comm_info_request": {},
    "kernel_info_request": {},
}
"""The types of messages that a page sends, with what their content must have."""

ANSWERS = {"status", "comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply"}
"""The types of messages that a page needs from its kernel. Errors and printed text would show paths."""

V1 = "v1.kernel.websocket.jupyter.org"
"""The subprotocol that a page offers."""

_DICTIONARIES = ("header", "parent_header", "metadata", "content")


class BadFrameError(Exception):
    """A frame that no page sends; the text says why, for a close code's reason."""


def check_frame(frame: str | bytes) -> str:
    """Check that a frame holds a message that pages send.

    Parameters
    ----------
    frame : str or bytes
        What the websocket received.

    Returns
    -------
    str
        The message's id.

    Raises
    ------
    BadFrameError
        If the frame is text, too long, or not of the subprotocol's form, or if no page sends such a message.
    """
    if isinstance(frame, str):
        raise BadFrameError("text")
    if len(frame) > MAX_FRAME:
        raise BadFrameError(f"longer than {MAX_FRAME:,} bytes")
    channel, parts = _split(frame)
    if channel != CHANNEL.encode():
        raise BadFrameError("no such channel")
    header, _, _, content = (_dictionary(part) for part in parts[: len(_DICTIONARIES)])
    message_id, message_type = (header.get(name) for name in ("msg_id", "msg_type"))
    if not isinstance(message_id, str) or not all(isinstance(value, str | None) for value in header.values()):
        raise BadFrameError("a wrong header")
    if message_type not in CONTENT:
        raise BadFrameError("no such type of message")
    if not all(isinstance(content.get(name), kind) for name, kind in CONTENT[message_type].items()):
        raise BadFrameError("a wrong content")
    return message_id


def _split(frame: bytes) -> tuple[bytes, list[bytes]]:
    """Return the channel and the parts: a count, so many offsets, then channel and parts one after the other."""
    count = int.from_bytes(frame[:8], "little")
    if not 1 + len(_DICTIONARIES) < count <= MAX_PARTS or len(frame) < 8 * (count + 1):
        raise BadFrameError("a wrong number of parts")
    offsets = [int.from_bytes(frame[8 * i : 8 * (i + 1)], "little") for i in range(1, count + 1)]
    if offsets[0] != 8 * (count + 1) or offsets[-1] != len(frame) or offsets != sorted(offsets):
        raise BadFrameError("wrong offsets")
    channel, *parts = (frame[start:end] for start, end in pairwise(offsets))
    return channel, parts


def _dictionary(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrameError("not JSON") from None
    if not isinstance(value, dict):
        raise BadFrameError("not a message")
    return value


class Allowance:
    """What one page may send: it fills up with time and is used up by frames."""

    def __init__(self) -> None:
        self._frames, self._bytes, self._time = float(BURST), float(BYTE_BURST), monotonic()

    def use(self, size: int) -> None:
        """Take one frame of this many bytes from it.

        Raises
        ------
        BadFrameError
            If it is used up.
        """
        now = monotonic()
        passed, self._time = now - self._time, now
        self._frames = min(BURST, self._frames + passed * RATE) - 1
        self._bytes = min(BYTE_BURST, self._bytes + passed * BYTE_RATE) - size
        if self._frames < 0 or self._bytes < 0:
            raise BadFrameError("too many messages")


class Backlog:
    """The messages of one page that its kernel has not answered: it may be busy, or stopped."""

    def __init__(self) -> None:
        self._sizes: defaultdict[str, deque[int]] = defaultdict(deque)
        self._waiting = 0

    def add(self, message_id: str, size: int) -> None:
        """Count a message of this many bytes.

        Raises
        ------
        BadFrameError
            If too many wait.
        """
        self._sizes[message_id].append(size + MESSAGE_COST)
        self._waiting += size + MESSAGE_COST
        if self._waiting > MAX_WAITING:
            raise BadFrameError("too many messages wait")

    def remove(self, message_id: str) -> None:
        """No longer count a message, because it was answered; messages of others do not matter."""
        if message_id in self._sizes:
            self._waiting -= self._sizes[message_id].popleft()
            if not self._sizes[message_id]:
                del self._sizes[message_id]
