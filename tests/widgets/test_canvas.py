import json
from typing import Any

import pytest
from ipycanvas.canvas import COMMANDS

from mnistlab.widgets.canvas import SHARPNESS, StrokeCanvas


@pytest.fixture
def paper() -> StrokeCanvas:
    return StrokeCanvas()


@pytest.fixture
def sent(paper: StrokeCanvas, monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """The messages to the browser, each a list of commands."""
    messages: list[list[Any]] = []

    def send(metadata: object, buffers: list[memoryview]) -> None:
        content = json.loads(bytes(buffers[0]))
        messages.append(content if isinstance(content[0], list) else [content])

    monkeypatch.setattr(paper.canvas._canvas_manager, "send", send)
    return messages


def happen(paper: StrokeCanvas, event: str, **content: object) -> None:
    paper.canvas._handle_custom_msg({"event": event, **content}, [])


def pen_of(paper: StrokeCanvas) -> list[object]:
    """What a paper reports from now on."""
    told: list[object] = []
    paper.on_pen(
        lambda x, y: told.append(("down", x, y)), lambda x, y: told.append(("move", x, y)), lambda: told.append("up")
    )
    return told


def fingers(*points: tuple[float, float]) -> list[dict[str, float]]:
    return [{"x": SHARPNESS * x, "y": SHARPNESS * y} for x, y in points]


def test_the_mouse_is_reported_in_canvas_pixels_and_leaving_lifts_the_pen(paper: StrokeCanvas) -> None:
    told = pen_of(paper)
    happen(paper, "mouse_down", x=20, y=40)
    happen(paper, "mouse_move", x=30, y=40)
    happen(paper, "mouse_up", x=30, y=40)
    happen(paper, "mouse_out", x=-2, y=40)
    assert told == [("down", 20 / SHARPNESS, 40 / SHARPNESS), ("move", 30 / SHARPNESS, 40 / SHARPNESS), "up", "up"]


def test_one_finger_draws_and_a_second_is_ignored(paper: StrokeCanvas) -> None:
    told = pen_of(paper)
    happen(paper, "touch_start", touches=fingers((1, 2)))
    happen(paper, "touch_start", touches=fingers((1, 2), (100, 100)))
    happen(paper, "touch_move", touches=fingers((3, 4), (110, 100)))
    happen(paper, "touch_end", touches=fingers((110, 100)))
    happen(paper, "touch_cancel", touches=[])
    assert told == [("down", 1, 2), ("move", 3, 4), "up", "up"]


def test_a_redraw_is_one_message_that_says_anew_which_canvas_is_meant(
    paper: StrokeCanvas, sent: list[list[Any]]
) -> None:
    for _ in range(2):
        paper.redraw([[(10, 10), (20, 20), (30, 10)], [(50, 50)]], [8, 24])
    assert len(sent) == 2
    for commands in sent:
        names = [command[0] for command in commands]
        assert names[0] == COMMANDS["switchCanvas"], "a page that was just opened draws nowhere until it is told"
        assert names.count(COMMANDS["fillRect"]) == names.count(COMMANDS["strokeLines"]) == 1
        assert names.count(COMMANDS["fillCircle"]) == 2


def test_a_move_is_one_line(paper: StrokeCanvas, sent: list[list[Any]]) -> None:
    paper.redraw([], [])
    paper.line((1, 2), (3, 4))
    assert sent[-1] == [[COMMANDS["strokeLine"], [SHARPNESS * value for value in (1, 2, 3, 4)], 0]]


def test_an_error_in_the_middle_leaves_no_canvas_waiting(paper: StrokeCanvas, sent: list[list[Any]]) -> None:
    with pytest.raises(ValueError, match="shorter"):
        paper.redraw([[(10, 10)], [(20, 20)]], [8])
    paper.line((1, 2), (3, 4))
    assert sent[-1][0][0] == COMMANDS["strokeLine"]


def test_keys_and_new_pages_are_reported(paper: StrokeCanvas) -> None:
    told: list[object] = []
    paper.on_key(lambda *key: told.append(key))
    paper.on_opened(lambda: told.append("opened"))
    happen(paper, "key_down", key="z", shift_key=False, ctrl_key=False, meta_key=True)
    happen(paper, "client_ready")
    assert told == [("z", False, True), "opened"]
