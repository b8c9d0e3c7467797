"""A drawing pad without a page: its parts, what they show, and the events that a page would send."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import ipywidgets as widgets
from processes import DEADLINE

from mnistlab.pad import DrawingPad
from mnistlab.strokes import Drawing, replay
from mnistlab.system.threads import changing
from mnistlab.widgets.drawing.canvas import PIXEL_RATIO
from mnistlab.widgets.drawing.recorder import StrokeRecorder


def part(pad: widgets.Widget, name: str) -> widgets.DOMWidget:
    """Return the widget with the class ``mnistlab-<name>``, as a page finds it."""
    if f"mnistlab-{name}" in getattr(pad, "_dom_classes", ()):
        return pad
    found = (part(child, name) for child in getattr(pad, "children", ()))
    return next(filter(None, found), None)


def text(pad: DrawingPad, name: str) -> str:
    """Return the text of the HTML element of that class."""
    html = "".join(child.value for child in part(pad, "results").children if isinstance(child, widgets.HTML))
    return "".join(re.findall(rf'class="mnistlab-{name}">([^<]*)<', html))


def error_text(pad: DrawingPad) -> str:
    """Return the error message on the pad."""
    return re.sub("<[^>]*>", "", str(part(pad, "error").value))


def from_page(widget: widgets.Widget, data: object) -> None:
    """Have a widget get a message as from a page."""
    widget.comm.handle_msg({"content": {"data": data}, "buffers": []})


def set_from_page(widget: widgets.Widget, **state: object) -> None:
    """Set a widget's attributes as a page would."""
    from_page(widget, {"method": "update", "state": state, "buffer_paths": []})


def send(pad: DrawingPad, event: str, **content: object) -> None:
    """Send an event of the canvas."""
    from_page(part(pad, "canvas"), {"method": "custom", "content": {"event": event, **content}})


def mouse(pad: DrawingPad, event: str, x: float, y: float) -> None:
    """Send ``down``, ``move`` or ``up`` of the mouse at (x, y), in canvas pixels."""
    send(pad, f"mouse_{event}", x=PIXEL_RATIO * x, y=PIXEL_RATIO * y)


def press(pad: DrawingPad, key: str, shift: bool = False, control: bool = False) -> None:
    """Press a key while the canvas has the keyboard focus."""
    send(pad, "key_down", key=key, shift_key=shift, ctrl_key=control, meta_key=False)


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop run until the condition holds."""
    async with asyncio.timeout(DEADLINE):
        while not condition():
            await asyncio.sleep(0.001)


def is_changing() -> bool:
    """Return whether a thread may change pads now, and no other one."""

    def is_free() -> bool:
        free = changing.acquire(blocking=False)
        if free:
            changing.release()
        return free

    with ThreadPoolExecutor(1) as other:
        return not other.submit(is_free).result()


class Pen:
    """Draws on a recorder with one width."""

    def __init__(self, recorder: StrokeRecorder, width: float) -> None:
        self.recorder, self.width = recorder, width

    def start_stroke(self, x: float, y: float) -> None:
        self.recorder.start(x, y, self.width)

    def extend_stroke(self, x: float, y: float) -> None:
        self.recorder.extend(x, y)

    def end_stroke(self) -> None:
        self.recorder.end()


def recorded(strokes: Drawing, width: float = 24) -> StrokeRecorder:
    """Return a recorder on which these strokes were drawn."""
    recorder = StrokeRecorder()
    replay(Pen(recorder, width), strokes)
    return recorder
