import json
import random
import struct

import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

from mnistlab.web import frames
from mnistlab.web.frames import BURST, BYTE_BURST, MAX_FRAME, MAX_PARTS, RATE, V1, Allowance, BadFrameError, check_frame

MESSAGE = {"header": {"msg_type": "comm_msg"}, "parent_header": {}, "metadata": {}, "content": {"data": {}}}
PARTS = [json.dumps(part).encode() for part in MESSAGE.values()]
FRAME = serialize_msg_to_ws_v1([*PARTS, b"pixels"], "shell")
TEXT = json.dumps({**MESSAGE, "channel": "shell"})
DEEP = "[" * 100_000


def framed(*parts: bytes, channel: str = "shell") -> bytes:
    return serialize_msg_to_ws_v1(list(parts), channel)


def test_what_pages_send_is_passed_on() -> None:
    check_frame(FRAME, V1)
    check_frame(TEXT, None)
    check_frame(framed(*PARTS, channel="control"), V1)
    check_frame(framed(*PARTS, *[b"buffer"] * (MAX_PARTS - 6)), V1)


@pytest.mark.parametrize(
    ("frame", "subprotocol", "complaint"),
    [
        (b"\xff" * 8, V1, "number of parts"),
        (b"\xff" * 800, V1, "number of parts"),
        (b"", V1, "number of parts"),
        (FRAME[:40], V1, "number of parts"),
        (FRAME[:-1], V1, "offsets"),
        (FRAME + b"x", V1, "offsets"),
        (struct.pack("<8Q", 7, 64, 64, 70, 68, 64, 64, 64), V1, "offsets"),
        (framed(*PARTS, *[b""] * MAX_PARTS), V1, "number of parts"),
        (framed(*PARTS[:3]), V1, "number of parts"),
        (framed(*PARTS[:3], b"[1]"), V1, "not a message"),
        (framed(*PARTS[:3], b"{"), V1, "not JSON"),
        (framed(*PARTS[:3], b"\xff\xfe{}"), V1, "not JSON"),
        (framed(b'{"msg_type": 3}', *PARTS[1:]), V1, "without a type"),
        (framed(*PARTS, channel="iopub"), V1, "channel"),
        (FRAME + bytes(MAX_FRAME), V1, "longer"),
        (FRAME, None, "mixed up"),
        (TEXT, V1, "mixed up"),
        ("", None, "not JSON"),
        ("[]", None, "not a message"),
        (DEEP, None, "not JSON"),
        (json.dumps(MESSAGE), None, "channel"),
        (json.dumps({**MESSAGE, "channel": ["shell"]}), None, "channel"),
        (json.dumps({**MESSAGE, "channel": "shell", "content": None}), None, "not a message"),
        (json.dumps({"channel": "shell"}), None, "not a message"),
    ],
)
def test_what_no_page_sends_is_refused(frame: str | bytes, subprotocol: str | None, complaint: str) -> None:
    with pytest.raises(BadFrameError, match=complaint):
        check_frame(frame, subprotocol)


def test_frames_with_random_changes_are_refused_or_can_be_read() -> None:
    rng = random.Random(0)
    refused = 0
    for _ in range(2000):
        frame = bytearray(FRAME)
        for _ in range(rng.randint(1, 4)):
            frame[rng.randrange(len(frame))] = rng.randrange(256)
        if rng.random() < 0.2:
            frame = frame[: rng.randrange(len(frame))]
        try:
            check_frame(bytes(frame), V1)
        except BadFrameError:
            refused += 1
        else:
            channel, parts = deserialize_msg_from_ws_v1(bytes(frame))
            assert (channel, [type(json.loads(part)) for part in parts[:4]]) == ("shell", [dict] * 4)
    assert 500 < refused < 2000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(frames, "monotonic", lambda: now[0])
    return now


def used_up(allowance: Allowance, frames: int, size: int) -> bool:
    """Return whether an allowance ends within so many frames."""
    try:
        for _ in range(frames):
            allowance.use(size)
    except BadFrameError:
        return True
    return False


def test_a_page_may_send_as_fast_as_a_pen_draws_and_not_much_faster(clock: list[float]) -> None:
    allowance = Allowance()
    for _ in range(60 * 300):  # 300 frames in each second, for a minute
        clock[0] += 1 / 300
        allowance.use(1000)
    assert not used_up(allowance, BURST - 1, 100)
    assert used_up(allowance, 2, 100)
    clock[0] += 1
    assert not used_up(allowance, RATE - 2, 100)


def test_a_page_may_not_send_large_frames_on_and_on(clock: list[float]) -> None:
    allowance = Allowance()
    assert not used_up(allowance, BYTE_BURST // MAX_FRAME, MAX_FRAME)
    assert used_up(allowance, 1, MAX_FRAME)
