import json
from typing import Any

import pytest
from ipycanvas.canvas import COMMANDS

from mnistlab.widgets.drawing.canvas import PIXEL_RATIO, StrokeCanvas


@pytest.fixture
def canvas() -> StrokeCanvas:
    return StrokeCanvas()


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


def pen_events(canvas: StrokeCanvas) -> list[object]:
    """Return a list that grows with each event that the canvas reports."""
    events: list[object] = []
    canvas.on_pen(
        lambda x, y: events.append(("down", x, y)),
        lambda x, y: events.append(("move", x, y)),
        lambda: events.append("up"),
    )
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
