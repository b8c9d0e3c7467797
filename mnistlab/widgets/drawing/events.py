"""What a page may say of mouse, finger, pen and keys: everything else is left out."""

from typing import Any

from mnistlab.widgets.page_input import Rule, number, truth, whole_number

POSITIONS = ("mouse_down", "mouse_move", "mouse_up", "mouse_out")
TOUCHES = ("touch_start", "touch_move", "touch_end", "touch_cancel")

MAX_FINGERS = 10
LONGEST_KEY_NAME = 40
LONGEST_STROKE_NAME = 40

MAX_PIECE = 10_000
"""Most points in one message: a mouse that reports 8,000 moves a second, for the second that a page may wait."""


def canvas_event(lowest: float, highest: float) -> Rule:
    """Return the rule for what happens on a canvas; coordinates are moved into this range."""
    coordinate = number(lowest, highest)

    def point(content: Any) -> dict[str, float]:
        return {axis: coordinate(content[axis]) for axis in "xy"}

    def rule(content: Any) -> dict[str, Any]:
        event = content["event"]
        if event in POSITIONS:
            return {"event": event, **point(content)}
        if event in TOUCHES:
            fingers = [point(touch) for touch in content["touches"][:MAX_FINGERS]]
            if not fingers and event in ("touch_start", "touch_move"):
                raise ValueError("a touch without a finger")
            return {"event": event, "touches": fingers}
        if event == "key_down":
            return _key(content)
        if event == "client_ready":
            return {"event": event}
        raise ValueError("no event of ours")

    return rule


def layer_event(lowest: float, highest: float) -> Rule:
    """Return the rule for what the layer over the canvas sends: keys, and pieces of strokes.

    A piece has the ``stroke``'s name, the number of its ``first`` point, ``points`` moved into this
    range, and whether the stroke has ``ended``.
    """
    coordinate, count = number(lowest, highest), whole_number(0, 10**9)

    def rule(content: Any) -> dict[str, Any]:
        if content["event"] == "key_down":
            return _key(content)
        stroke, first = content["stroke"], count(content["first"])
        points = [(coordinate(x), coordinate(y)) for x, y in content["points"][:MAX_PIECE]]
        if content["event"] != "ink" or not isinstance(stroke, str) or (first == 0 and not points):
            raise ValueError("no piece of a stroke")
        piece = {"stroke": stroke[:LONGEST_STROKE_NAME], "first": first, "points": points}
        return {"event": "ink", **piece, "ended": truth(content["ended"])}

    return rule


def _key(content: Any) -> dict[str, Any]:
    keys = {name: truth(content[name]) for name in ("shift_key", "ctrl_key", "meta_key")}
    return {"event": "key_down", "key": str(content["key"])[:LONGEST_KEY_NAME], **keys}
