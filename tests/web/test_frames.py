import json
import random
import struct
from collections.abc import Iterable
from typing import Any

import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

from mnistlab.web import frames
from mnistlab.web.frames import (
    BURST,
    BYTE_BURST,
    CONTENT,
    MAX_FRAME,
    MAX_PARTS,
    MAX_WAITING,
    MESSAGE_COST,
    RATE,
    Allowance,
    Backlog,
    BadFrameError,
    check_frame,
)

HEADER = {"msg_id": "1", "msg_type": "comm_msg", "session": "page", "version": "5.2", "username": ""}
COMM = {"comm_id": "a", "data": {}, "target_name": "jupyter.widget.control"}
PARTS = [json.dumps(part).encode() for part in (HEADER, {}, {}, COMM)]
FRAME = serialize_msg_to_ws_v1([*PARTS, b"pixels"], "shell")


def framed(*parts: bytes, channel: str = "shell") -> bytes:
    return serialize_msg_to_ws_v1(list(parts), channel)


def with_header(**values: object) -> bytes:
    return framed(json.dumps(HEADER | values).encode(), *PARTS[1:])


def with_content(content: Any) -> bytes:
    return framed(*PARTS[:3], json.dumps(content).encode())


def test_what_pages_send_is_passed_on() -> None:
    for message_type in CONTENT:
        assert check_frame(with_header(msg_type=message_type)) == "1"
    check_frame(with_header(subshell_id=None))
    check_frame(framed(*PARTS, *[b"buffer"] * (MAX_PARTS - 6)))


@pytest.mark.parametrize(
    ("frame", "complaint"),
    [
        (b"\xff" * 8, "number of parts"),
        (b"\xff" * 800, "number of parts"),
        (b"", "number of parts"),
        (FRAME[:40], "number of parts"),
        (FRAME[:-1], "offsets"),
        (FRAME + b"x", "offsets"),
        (struct.pack("<8Q", 7, 64, 64, 70, 68, 64, 64, 64), "offsets"),
        (framed(*PARTS, *[b""] * MAX_PARTS), "number of parts"),
        (framed(*PARTS[:3]), "number of parts"),
        (framed(*PARTS[:3], b"[1]"), "not a message"),
        (framed(*PARTS[:3], b"{"), "not JSON"),
        (framed(*PARTS[:3], b"[" * 100_000), "not JSON"),
        (framed(*PARTS[:3], b"\xff\xfe{}"), "not JSON"),
        (framed(*PARTS, channel="iopub"), "channel"),
        (framed(*PARTS, channel="control"), "channel"),
        (FRAME + bytes(MAX_FRAME), "longer"),
        ("{}", "text"),
        (with_header(msg_id=1), "header"),
        (with_header(subshell_id={}), "header"),
        (with_header(session=["page"]), "header"),
        (with_header(msg_type=None), "type of message"),
        (with_header(msg_type="execute_request"), "type of message"),
        (with_header(msg_type="shutdown_request"), "type of message"),
        (with_content({}), "content"),
        (with_content({**COMM, "comm_id": ["a"]}), "content"),
        (with_content({**COMM, "data": [1]}), "content"),
    ],
)
def test_what_no_page_sends_is_refused(frame: str | bytes, complaint: str) -> None:
    with pytest.raises(BadFrameError, match=complaint):
        check_frame(frame)


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
            check_frame(bytes(frame))
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


def test_messages_that_were_answered_no_longer_wait() -> None:
    backlog = Backlog()
    for number in range(100):
        backlog.add(str(number), MAX_FRAME)
        backlog.remove(str(number))
        backlog.remove("of another page")


def add_all(backlog: Backlog, names: Iterable[str], size: int) -> None:
    for name in names:
        backlog.add(name, size)


def test_a_page_may_not_send_on_and_on_to_a_kernel_that_does_not_answer() -> None:
    few = [*map(str, range(MAX_WAITING // MAX_FRAME))]
    with pytest.raises(BadFrameError, match="too many messages wait"):
        add_all(Backlog(), few, MAX_FRAME)
    many = [*map(str, range(MAX_WAITING // MESSAGE_COST))]
    with pytest.raises(BadFrameError, match="too many messages wait"):
        add_all(Backlog(), many, 1)


def test_an_answer_counts_for_one_message_also_if_many_have_one_name() -> None:
    backlog = Backlog()
    add_all(backlog, ["same"] * 7, MAX_FRAME)
    backlog.remove("same")
    with pytest.raises(BadFrameError, match="too many messages wait"):
        add_all(backlog, ["same"] * 2, MAX_FRAME)


def test_a_minute_of_drawing_may_wait_for_a_busy_machine() -> None:
    backlog = Backlog()
    for number in range(60 * 90):  # 90 moves of the pen in each second
        backlog.add(str(number), 400)
