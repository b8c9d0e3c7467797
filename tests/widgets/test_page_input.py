import math
import random
from typing import Any

import ipywidgets as widgets
import pytest
from pads import DrawingPad, error_text, from_page, mouse, part, send, set_from_page, text

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import replay
from mnistlab.widgets.drawing.canvas import PIXEL_RATIO
from mnistlab.widgets.page_input import PageInput, limit_page_input

NO_NUMBERS = [math.nan, "8", None, [8], {"x": 8}, True]


@pytest.fixture
def pad(reports: object) -> DrawingPad:
    return DrawingPad()


@pytest.mark.parametrize(("sent", "taken"), [(12, 12), (12.4, 12), (10**7, 40), (-1, 8), (math.inf, 40), (10**400, 40)])
def test_a_pens_width_is_moved_into_its_range(pad: DrawingPad, sent: float, taken: int) -> None:
    set_from_page(part(pad, "pen"), value=sent)
    mouse(pad, "down", 10, 10)
    assert pad.pen_widths == [taken]


@pytest.mark.parametrize("sent", NO_NUMBERS)
def test_what_is_no_number_is_no_width_and_no_place(pad: DrawingPad, sent: object) -> None:
    set_from_page(part(pad, "pen"), value=sent)
    send(pad, "mouse_down", x=sent, y=5)
    send(pad, "touch_start", touches=[{"x": 5, "y": sent}])
    assert part(pad, "pen").value == 24
    assert pad.drawing == []
    assert error_text(pad) == ""


def test_a_page_cannot_change_the_range_of_the_pen(pad: DrawingPad) -> None:
    """A width of 10,000,000 used to take more than a minute for one dot."""
    set_from_page(part(pad, "pen"), max=10**7, value=10**7)
    set_from_page(part(pad, "pen"), max=10**7)
    set_from_page(part(pad, "pen"), value=10**7)
    mouse(pad, "down", 10, 10)
    assert pad.pen_widths == [40]


@pytest.mark.parametrize("index", [-1, 1, 10**9, None, "0", 0.0, [0], True])
def test_a_model_that_is_not_in_the_list_cannot_be_chosen(pad: DrawingPad, index: object) -> None:
    set_from_page(part(pad, "model"), index=index)
    assert part(pad, "model").index == 0


@pytest.mark.parametrize("value", [None, 0, "yes", []])
def test_live_is_on_or_off(pad: DrawingPad, value: object) -> None:
    set_from_page(part(pad, "live"), value=value)
    assert part(pad, "live").value is True


def test_what_a_page_does_not_change_by_itself_it_cannot_change(pad: DrawingPad) -> None:
    style, canvas = pad.children[0], part(pad, "canvas")
    wanted = [
        (pad, {"children": []}),
        (pad, {"_dom_classes": ["x"]}),
        (pad.layout, {"display": "none"}),
        (style, {"value": "<script>"}),
        (canvas, {"width": 10**6}),
        (canvas, {"image_data": "x", "sync_image_data": True}),
        (canvas._canvas_manager, {"_model_name": "x"}),
        (part(pad, "seen"), {"value": "x"}),
        (part(pad, "ink"), {"_esm": "x"}),
        (part(pad, "ink"), {"pen": None}),
        (part(pad, "model"), {"_options_labels": ["x"]}),
        (part(pad, "clear"), {"description": "x"}),
    ]
    before = [{name: getattr(widget, name) for name in state} for widget, state in wanted]
    for widget, state in wanted:
        set_from_page(widget, **state)
    assert [{name: getattr(widget, name) for name in state} for widget, state in wanted] == before


PIECE = {"event": "ink", "stroke": "a", "first": 0, "points": [[5, 5]], "ended": False}


def send_ink(pad: DrawingPad, **changes: object) -> None:
    from_page(part(pad, "ink"), {"method": "custom", "content": {**PIECE, **changes}})


@pytest.mark.parametrize(
    "changes",
    [
        {"event": "mouse_down"},
        {"stroke": 3},
        {"first": "0"},
        {"points": []},
        {"points": [[5]]},
        {"points": [[5, math.nan]]},
        {"points": [["5", 5]]},
        {"points": None},
        {"ended": 0},
    ],
)
def test_ink_of_another_kind_is_left_out(pad: DrawingPad, changes: dict[str, object]) -> None:
    send_ink(pad, **changes)
    assert pad.drawing == []
    send_ink(pad)
    assert pad.drawing == [[(5, 5)]]


def test_ink_is_moved_into_its_range_and_limited(pad: DrawingPad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistlab.widgets.drawing.events.MAX_PIECE", 3)
    send_ink(pad, points=[[5, 5], [10**400, -math.inf]])
    send_ink(pad, stroke="b", points=[[number % 2, 5] for number in range(5)])
    assert pad.drawing[0] == [(5, 5), (300, -20)]
    assert len(pad.drawing[1]) == 3


def test_coordinates_far_outside_are_moved_to_the_edge_of_the_canvas(pad: DrawingPad) -> None:
    send(pad, "mouse_down", x=-(10**400), y=math.inf)
    send(pad, "mouse_move", x=20 * PIXEL_RATIO, y=10)
    assert pad.drawing == [[(0, 280), (20, 10 / PIXEL_RATIO)]]


def test_a_touch_without_a_finger_is_left_out(pad: DrawingPad, caplog: pytest.LogCaptureFixture) -> None:
    send(pad, "touch_start", touches=[])
    send(pad, "touch_move", touches=[])
    assert pad.drawing == []
    assert caplog.records == []


def test_a_widget_that_belongs_to_another_takes_nothing_unless_it_says_so() -> None:
    inner, outer = widgets.IntText(1), widgets.IntText(1)
    box = widgets.VBox([widgets.HBox([inner]), outer])
    limit_page_input(box, {outer: PageInput({"value": lambda value: value + 1})}, lambda callback: callback)
    for widget in (inner, outer):
        set_from_page(widget, value=5)
        set_from_page(widget, description="x")
    assert (inner.value, outer.value) == (1, 6)
    assert outer.description == ""


EVENTS = ["ink", "ink", "mouse_down", "mouse_move", "mouse_up", "touch_start", "touch_move", "touch_end"]
EVENTS += ["key_down", "click", "x"]
KEYS = ["Tab", "z", "Delete", "Enter"]


class Attacker:
    """Makes random messages, some of them nearly right."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self) -> Any:
        numbers = [self.random.randint(-50, 700), self.random.uniform(-1000, 1000), 10**400, math.nan, -math.inf]
        others = [None, True, "x", "x" * 10_000, "[" * 100_000, [], [self.random.randint(0, 9)], {}, {"x": 1, "y": 2}]
        return self.random.choice([*numbers, *others])

    def event(self) -> Any:
        choice, number = self.random.choice, self.random.randint
        event = {"event": choice(EVENTS), "x": number(0, 560), "y": number(0, 560), "key": choice(KEYS)}
        event["touches"] = [{"x": number(0, 560), "y": number(0, 560)}] * number(0, 2)
        event |= {name: choice([True, False]) for name in ("shift_key", "ctrl_key", "meta_key", "ended")}
        event |= {"stroke": choice("ab"), "first": number(0, 1), "points": [[number(0, 280), 5]] * number(0, 2)}
        if number(0, 2) == 0:
            event[choice([*event])] = self.value()
        return event if number(0, 9) else self.value()

    def data(self, widget: widgets.Widget) -> Any:
        names = self.random.choices(["value", "index", *widget.keys], k=2)
        state = {name: self.value() for name in names} if self.random.random() < 0.9 else self.value()
        method = self.random.choice(["update", "custom", "custom", "request_state", "x", None])
        data = {"method": method, "state": state, "content": self.event(), "buffer_paths": self.value()}
        return data if self.random.random() < 0.95 else self.value()


def test_a_pad_survives_any_message(pad: DrawingPad, caplog: pytest.LogCaptureFixture) -> None:
    names = [
        "canvas",
        "canvas",
        "ink",
        "ink",
        "pen",
        "live",
        "model",
        "drawing",
        "undo",
        "clear",
        "seen",
        "error",
        "pad",
    ]
    attacker = Attacker(0)
    for number in range(500):
        widget = part(pad, names[number % len(names)])
        from_page(widget.layout if number % 10 == 0 else widget, attacker.data(widget))
    assert [record for record in caplog.records if record.exc_info] == []
    assert set(pad.pen_widths) <= {*range(8, 41)}
    set_from_page(part(pad, "pen"), value=24)
    set_from_page(part(pad, "live"), value=True)
    part(pad, "clear").click()
    replay(pad, EXAMPLES[9].drawing)
    assert text(pad, "digit") == "7"
    assert error_text(pad) == ""
