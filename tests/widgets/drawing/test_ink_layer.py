from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pads import DrawingPad, from_page, mouse, part, set_from_page

from mnistlab.strokes import replay
from mnistlab.widgets.drawing.ink_layer import SCRIPT

Send = Callable[..., dict[str, Any]]

POINTS = [(10, 10), (20, 10), (30, 10)]


@pytest.fixture
def pad(reports: object) -> DrawingPad:
    return DrawingPad()


@pytest.fixture
def send(pad: DrawingPad, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Sends a piece of a stroke as a page does, and returns the answer."""
    answers: list[dict[str, Any]] = []
    layer = part(pad, "ink")
    monkeypatch.setattr(layer, "send", answers.append)

    def send(stroke: str, first: int, points: Sequence[tuple[float, float]], ended: bool = False) -> dict[str, Any]:
        piece = {"event": "ink", "stroke": stroke, "first": first, "points": points, "ended": ended}
        from_page(layer, {"method": "custom", "content": piece})
        return answers[-1]

    return send


def test_pieces_make_a_stroke_and_each_is_answered(pad: DrawingPad, send: Send) -> None:
    set_from_page(part(pad, "pen"), value=12)
    assert send("a", 0, POINTS[:1]) == {"event": "drawn", "stroke": "a", "count": 1, "open": True}
    assert send("a", 1, POINTS[1:]) == {"event": "drawn", "stroke": "a", "count": 3, "open": True}
    assert send("a", 3, [], ended=True) == {"event": "drawn", "stroke": "a", "count": 3, "open": False}
    assert send("b", 0, [(50, 50), (60, 60)], ended=True) == {
        "event": "drawn",
        "stroke": "b",
        "count": 2,
        "open": False,
    }
    assert pad.drawing == [POINTS, [(50, 50), (60, 60)]]
    assert pad.pen_widths == [12, 12]


def test_two_pages_do_not_mix_their_strokes(pad: DrawingPad, send: Send) -> None:
    send("a", 0, POINTS[:1])
    send("b", 0, [(50, 50)])
    assert send("a", 1, POINTS[1:]) == {"event": "drawn", "stroke": "a", "count": 3, "open": False}
    assert send("b", 1, [(60, 60)])["open"]
    assert pad.drawing == [POINTS[:1], [(50, 50), (60, 60)]]


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda pad: pad.undo(),
        lambda pad: pad.clear(),
        lambda pad: replay(pad, [[(50, 50)]]),
        lambda pad: mouse(pad, "down", 50, 50),
        lambda pad: set_from_page(part(pad, "drawing"), value='{"strokes":[],"widths":[]}'),
    ],
    ids=["undo", "clear", "methods", "canvas", "restored"],
)
def test_a_stroke_that_was_removed_or_followed_by_another_is_over(
    pad: DrawingPad, send: Send, interrupt: Callable[[DrawingPad], None]
) -> None:
    send("a", 0, POINTS[:1])
    interrupt(pad)
    before = pad.drawing
    assert send("a", 1, POINTS[1:]) == {"event": "drawn", "stroke": "a", "count": 3, "open": False}
    assert pad.drawing == before


def test_a_full_pad_takes_no_ink(pad: DrawingPad, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistlab.widgets.drawing.recorder.MAX_STROKES", 1)
    send("a", 0, POINTS, ended=True)
    assert send("b", 0, POINTS) == {"event": "drawn", "stroke": "b", "count": 3, "open": False}
    assert pad.drawing == [POINTS]


def test_the_page_is_told_when_the_canvas_is_empty(
    pad: DrawingPad, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("a", 0, POINTS, ended=True)
    send("b", 0, POINTS, ended=True)
    told: list[object] = []
    monkeypatch.setattr(part(pad, "ink"), "send", told.append)
    pad.undo()
    assert told == []
    pad.clear()
    assert told == [{"event": "cleared"}]


def test_keys_of_the_layer_do_what_the_buttons_do(pad: DrawingPad, send: Send) -> None:
    send("a", 0, POINTS, ended=True)
    send("b", 0, POINTS, ended=True)
    modifiers = {"shift_key": False, "meta_key": False}
    for key, control, left in (("z", False, 2), ("z", True, 1), ("Delete", False, 0)):
        content = {"event": "key_down", "key": key, "ctrl_key": control, **modifiers}
        from_page(part(pad, "ink"), {"method": "custom", "content": content})
        assert len(pad.drawing) == left


def test_the_page_reads_the_pens_width_from_the_slider(pad: DrawingPad) -> None:
    """A kernel that is busy could not tell it."""
    assert part(pad, "ink").get_state()["pen"] == f"anywidget:{part(pad, 'pen').model_id}"


def test_the_script_is_a_module_of_its_own(pad: DrawingPad) -> None:
    assert part(pad, "ink").get_state()["_esm"] == SCRIPT.read_text(encoding="utf-8")
