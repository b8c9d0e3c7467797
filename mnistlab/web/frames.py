"""Check what a page sends before the libraries see it: form, size and rate of its websocket's frames.

Jupyter Server trusts the numbers in a frame: a count of 2**64 offsets keeps it busy for ever.
"""

import json
from itertools import pairwise
from time import monotonic
from typing import Any

MAX_FRAME = 1_000_000
"""Bytes of one frame. A page sends about 1,000 for a move of the pen, and up to a picture's pixels at most."""

MAX_PARTS = 64
"""Parts of one frame: a channel, the four dictionaries of a message, and its buffers."""

RATE, BURST = 500, 2_000
"""Frames in a second that a page may send on and on, and all at once. A quick pen makes about 200."""

BYTE_RATE, BYTE_BURST = 2_000_000, 8_000_000
"""The same in bytes."""

CHANNELS = ("shell", "control")
"""Channels that a page sends to."""

V1 = "v1.kernel.websocket.jupyter.org"
"""The subprotocol of binary frames; without it only text is taken."""

_DICTIONARIES = ("header", "parent_header", "metadata", "content")


class BadFrameError(Exception):
    """A frame that no page sends; the text says why, for a close code's reason."""


def check_frame(frame: str | bytes, subprotocol: str | None) -> None:
    """Check that a frame holds a message of Jupyter's protocol.

    Parameters
    ----------
    frame : str or bytes
        What the websocket received.
    subprotocol : str or None
        The one that was agreed on.

    Raises
    ------
    BadFrameError
        If the frame is too long, not of the form that the subprotocol has, or for another channel.
    """
    if len(frame) > MAX_FRAME:
        raise BadFrameError(f"longer than {MAX_FRAME:,} bytes")
    if isinstance(frame, bytes) != (subprotocol == V1):
        raise BadFrameError("text and binary frames mixed up")
    if isinstance(frame, bytes):
        channel, parts = _split(frame)
        message = {name: _loaded(part) for name, part in zip(_DICTIONARIES, parts, strict=False)}
    else:
        message = _dictionary(_loaded(frame))
        channel = str(message.get("channel"))
    header, *_ = (_dictionary(message.get(name)) for name in _DICTIONARIES)
    if channel not in CHANNELS:
        raise BadFrameError("no such channel")
    if not isinstance(header.get("msg_type"), str):
        raise BadFrameError("a message without a type")


def _split(frame: bytes) -> tuple[str, list[bytes]]:
    """Return the channel and the parts: a count, so many offsets, then channel and parts one after the other."""
    count = int.from_bytes(frame[:8], "little")
    if not 1 + len(_DICTIONARIES) < count <= MAX_PARTS or len(frame) < 8 * (count + 1):
        raise BadFrameError("a wrong number of parts")
    offsets = [int.from_bytes(frame[8 * i : 8 * (i + 1)], "little") for i in range(1, count + 1)]
    if offsets[0] != 8 * (count + 1) or offsets[-1] != len(frame) or offsets != sorted(offsets):
        raise BadFrameError("wrong offsets")
    channel, *parts = (frame[start:end] for start, end in pairwise(offsets))
    return channel.decode("utf-8", "replace"), parts


def _loaded(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrameError("not JSON") from None


def _dictionary(value: object) -> dict[str, Any]:
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
