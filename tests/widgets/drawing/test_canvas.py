import json
from collections.abc import Callable
from typing import Any

import pytest
from ipycanvas.canvas import COMMANDS

from mnistlab.widgets.drawing.canvas import PIXEL_RATIO, StrokeCanvas
from mnistlab.widgets.drawing.recorder import StrokeRecorder
from mnistlab.widgets.drawing.sheet import DIGIT_SHEET


@pytest.fixture
def canvas() -> StrokeCanvas:
    return StrokeCanvas(DIGIT_SHEET)


@pytest.fixture
def sent(canvas: StrokeCanvas, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """The messages to the browser, each a list of commands."""
    messages: list[list[Any]] = []

    def send(metadata: object, buffers: list[memoryview]) -> None:
        content = json.loads(bytes(buffers[0]))
        messages.append(content if isinstance(content[0], list) else [content])

    monkeypatch.setattr(canvas.canvas._canvas_manager, "send", send)
    return messages


def send_event(canvas: StrokeCanvas, event: str, **content: object) -> None:
    canvas.canvas._handle_custom_msg({"event": event, **content}, [])


class Events(list[object]):
    """Grows with each event that the canvas reports."""

    def start_stroke(self, x: float, y: float) -> None:
        self.append(("down", x, y))

    def extend_stroke(self, x: float, y: float) -> None:
        self.append(("move", x, y))

    def end_stroke(self) -> None:
        self.append("up")


def pen_events(canvas: StrokeCanvas) -> Events:
    events = Events()
    canvas.on_pen(events, StrokeRecorder(), lambda callback: callback)
    return events


def fingers(*points: tuple[float, float]) -> list[dict[str, float]]:
    return [{"x": PIXEL_RATIO * x, "y": PIXEL_RATIO * y} for x, y in points]


def test_the_mouse_is_reported_in_canvas_pixels_and_leaving_lifts_the_pen(canvas: StrokeCanvas) -> None:
    events = pen_events(canvas)
    send_event(canvas, "mouse_down", x=20, y=40)
    send_event(canvas, "mouse_move", x=30, y=40)
    send_event(canvas, "mouse_up", x=30, y=40)
    send_event(canvas, "mouse_out", x=-2, y=40)
    assert events == [
        ("down", 20 / PIXEL_RATIO, 40 / PIXEL_RATIO),
        ("move", 30 / PIXEL_RATIO, 40 / PIXEL_RATIO),
        "up",
        "up",
    ]


def test_one_finger_draws_and_a_second_is_ignored(canvas: StrokeCanvas) -> None:
    events = pen_events(canvas)
    send_event(canvas, "touch_start", touches=fingers((1, 2)))
    send_event(canvas, "touch_start", touches=fingers((1, 2), (100, 100)))
    send_event(canvas, "touch_move", touches=fingers((3, 4), (110, 100)))
    send_event(canvas, "touch_end", touches=fingers((110, 100)))
    send_event(canvas, "touch_cancel", touches=[])
    assert events == [("down", 1, 2), ("move", 3, 4), "up", "up"]


def test_a_redraw_is_one_message_that_starts_with_the_name_of_the_canvas(
    canvas: StrokeCanvas, sent: list[list[Any]]
) -> None:
    for _ in range(2):
        canvas.redraw([[(10, 10), (20, 20), (30, 10)], [(50, 50)]], [8, 24])
    assert len(sent) == 2
    for commands in sent:
        names = [command[0] for command in commands]
        assert names[0] == COMMANDS["switchCanvas"], "a page that was just opened draws nowhere until it is reported"
        assert names.count(COMMANDS["fillRect"]) == names.count(COMMANDS["strokeLines"]) == 1
        assert names.count(COMMANDS["fillCircle"]) == 2


def test_a_move_is_one_line(canvas: StrokeCanvas, sent: list[list[Any]]) -> None:
    canvas.redraw([], [])
    canvas.line((1, 2), (3, 4))
    assert sent[-1] == [[COMMANDS["strokeLine"], [PIXEL_RATIO * value for value in (1, 2, 3, 4)], 0]]


def test_after_a_wrong_redraw_the_canvas_still_draws(canvas: StrokeCanvas, sent: list[list[Any]]) -> None:
    with pytest.raises(ValueError, match="shorter"):
        canvas.redraw([[(10, 10)], [(20, 20)]], [8])
    canvas.line((1, 2), (3, 4))
    assert sent[-1][0][0] == COMMANDS["strokeLine"]


def test_keys_and_opened_pages_are_reported(canvas: StrokeCanvas) -> None:
    events: list[object] = []
    canvas.on_key(lambda *key: events.append(key))
    canvas.on_opened(lambda: events.append("opened"))
    send_event(canvas, "key_down", key="z", shift_key=False, ctrl_key=False, meta_key=True)
    send_event(canvas, "client_ready")
    assert events == [("z", False, True), "opened"]


class Lines:
    """Draws each piece of a stroke as a line; at x = 13 it fails."""

    def __init__(self, canvas: StrokeCanvas, recorder: StrokeRecorder) -> None:
        self.canvas, self.recorder = canvas, recorder

    def start_stroke(self, x: float, y: float) -> None:
        self.recorder.start(x, y, 24)

    def extend_stroke(self, x: float, y: float) -> None:
        if x == 13:
            raise ValueError("thirteen")
        if line := self.recorder.extend(x, y):
            self.canvas.line(*line)

    def end_stroke(self) -> None:
        self.recorder.end()


def test_a_piece_of_ink_is_one_message_before_the_answer_also_after_an_error(
    canvas: StrokeCanvas, sent: list[list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = StrokeRecorder()
    canvas.redraw([], [])
    counts: list[int] = []
    listeners: dict[str, Callable[[object], None]] = {}
    monkeypatch.setattr(canvas.layer, "on_event", listeners.__setitem__)
    monkeypatch.setattr(canvas.layer, "send", lambda _answer: counts.append(len(sent)))
    canvas.on_pen(Lines(canvas, recorder), recorder, lambda callback: callback)
    send_ink = listeners["ink"]

    def ink(*points: tuple[float, float]) -> None:
        send_ink({"stroke": "a", "first": 0, "points": points, "ended": False})

    ink((1, 2), (3, 4), (5, 6))
    assert counts == [2]
    assert [command[0] for command in sent[1]] == [COMMANDS["strokeLine"]] * 2
    with pytest.raises(ValueError, match="thirteen"):
        ink((1, 2), (13, 4))
    ink((1, 2), (3, 4))
    assert counts == [2, 3]
