import asyncio
import json
import logging
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import ipywidgets as widgets
import numpy as np
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats import LabelledDrawing
from mnistlab.pad import DrawingPad
from mnistlab.prediction import Prediction, Predictor
from mnistlab.strokes import rasterize, replay
from mnistlab.widgets.canvas import SHARPNESS, StrokeCanvas
from mnistlab.widgets.model_choice import ModelChoice

SEVEN = EXAMPLES[9].drawing


@pytest.fixture
def pad(reports: object) -> DrawingPad:
    """Without a loop: it answers where it is asked."""
    return DrawingPad()


def part(pad: widgets.Widget, name: str) -> widgets.DOMWidget:
    """The widget with the class ``mnistlab-<name>``, as a front end finds it."""
    if f"mnistlab-{name}" in getattr(pad, "_dom_classes", ()):
        return pad
    found = (part(child, name) for child in getattr(pad, "children", ()))
    return next(filter(None, found), None)


def text(pad: DrawingPad, name: str) -> str:
    """What stands in the HTML element of that class."""
    html = "".join(child.value for child in part(pad, "results").children if isinstance(child, widgets.HTML))
    return "".join(re.findall(rf'class="mnistlab-{name}">([^<]*)<', html))


def complaint(pad: DrawingPad) -> str:
    return re.sub("<[^>]*>", "", str(part(pad, "error").value))


def happen(pad: DrawingPad, event: str, **content: object) -> None:
    part(pad, "canvas")._handle_custom_msg({"event": event, **content}, [])


def mouse(pad: DrawingPad, event: str, x: float, y: float) -> None:
    happen(pad, f"mouse_{event}", x=SHARPNESS * x, y=SHARPNESS * y)


def press(pad: DrawingPad, key: str, shift: bool = False, control: bool = False) -> None:
    happen(pad, "key_down", key=key, shift_key=shift, ctrl_key=control, meta_key=False)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.label))
def test_every_example_is_read(pad: DrawingPad, example: LabelledDrawing) -> None:
    replay(pad, example.drawing)
    assert text(pad, "digit") == str(example.label)
    prediction = pad.predict()
    assert prediction
    assert prediction.digit == example.label
    np.testing.assert_array_equal(rasterize(pad.drawing, pad.pen_widths), rasterize(example.drawing))


def test_the_mouse_draws_what_the_methods_draw(pad: DrawingPad) -> None:
    for stroke in SEVEN:
        mouse(pad, "move", 1, 1)  # it only hovers
        mouse(pad, "down", *stroke[0])
        for point in stroke[1:]:
            mouse(pad, "move", *point)
        mouse(pad, "up", *stroke[-1])
    assert pad.drawing == [list(stroke) for stroke in SEVEN]
    assert text(pad, "digit") == "7"


def test_an_empty_pad_invites_and_shows_no_digit(pad: DrawingPad) -> None:
    assert pad.predict() is None
    assert text(pad, "digit") == ""
    assert text(pad, "invitation") == "Draw a digit, 0 to 9"
    assert complaint(pad) == ""
    assert "drawn, mnist+pendigits, 99." in text(pad, "source")


def test_without_live_nothing_is_read_until_predict(pad: DrawingPad) -> None:
    part(pad, "live").value = False
    replay(pad, SEVEN)
    assert text(pad, "digit") == ""
    part(pad, "predict").click()
    assert text(pad, "digit") == "7"
    part(pad, "clear").click()
    assert text(pad, "digit") == ""


def test_undo_and_clear(pad: DrawingPad) -> None:
    replay(pad, SEVEN)
    part(pad, "undo").click()
    assert pad.drawing == [list(SEVEN[0])]
    part(pad, "clear").click()
    part(pad, "undo").click()
    assert pad.drawing == []
    assert text(pad, "invitation")


def test_the_pen_changes_for_the_strokes_to_come(pad: DrawingPad) -> None:
    pad.start_stroke(10, 10)
    part(pad, "pen").value = 40
    pad.extend_stroke(50, 50)
    pad.end_stroke()
    pad.start_stroke(100, 100)
    assert pad.pen_widths == [24, 40]
    assert (part(pad, "pen").min, part(pad, "pen").max) == (8, 40)


def test_keys_do_what_the_buttons_do_and_tab_leaves_the_canvas(
    pad: DrawingPad, monkeypatch: pytest.MonkeyPatch
) -> None:
    focused: list[object] = []
    monkeypatch.setattr(widgets.DOMWidget, "focus", lambda widget: focused.append(widget))
    part(pad, "live").value = False
    replay(pad, SEVEN)
    press(pad, "Enter")
    assert text(pad, "digit") == "7"
    press(pad, "z", control=True)
    assert len(pad.drawing) == 1
    press(pad, "z")
    assert len(pad.drawing) == 1
    press(pad, "Delete")
    assert pad.drawing == []
    press(pad, "Tab")
    press(pad, "Tab", shift=True)
    assert focused == [part(pad, "model"), part(pad, "undo")]


def test_two_pads_keep_their_own_strokes(pad: DrawingPad) -> None:
    other = DrawingPad(language="ko")
    replay(pad, SEVEN)
    assert other.drawing == []
    assert text(other, "digit") == ""
    assert part(other, "predict").description == "예측하기"
    assert (repr(pad), repr(other)) == ("DrawingPad(2 strokes)", "DrawingPad(0 strokes)")


class Moody:
    """A model that raises as long as it is told to."""

    def __init__(self) -> None:
        self.mood: Exception | None = None

    def predict_picture(self, picture: np.ndarray) -> Prediction:
        if self.mood:
            raise self.mood
        return Prediction(np.eye(10, dtype=np.float32)[3], np.zeros((28, 28), np.uint8))


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch, reports: object) -> Moody:
    model = Moody()
    monkeypatch.setattr(ModelChoice, "load", lambda _choice: model)
    return model


def test_what_goes_wrong_is_said_on_the_pad_and_the_next_try_works(
    moody: Moody, caplog: pytest.LogCaptureFixture
) -> None:
    pad = DrawingPad()
    moody.mood = OSError("the disk <is>\nnot there")
    replay(pad, [[(1, 1), (2, 2)]])
    assert complaint(pad) == "No answer: the disk &lt;is&gt;"
    assert caplog.records[-1].levelno == logging.ERROR
    assert caplog.records[-1].exc_info
    assert pad.drawing == [[(1, 1), (2, 2)]]
    moody.mood = None
    part(pad, "predict").click()
    assert (complaint(pad), text(pad, "digit")) == ("", "3")


def test_a_model_that_cannot_be_loaded_is_said_and_another_can_be_chosen(pad: DrawingPad) -> None:
    replay(pad, SEVEN)
    shipped, gone = part(pad, "model").value, ModelChoice("gone", "mnist", None, Path("gone"))
    part(pad, "model").options = [("shipped", shipped), ("gone", gone)]
    part(pad, "model").value = gone
    assert complaint(pad).startswith("No answer: ")
    assert pad.drawing == [list(stroke) for stroke in SEVEN]
    part(pad, "model").value = shipped
    assert (complaint(pad), text(pad, "digit")) == ("", "7")


def test_an_error_of_a_callback_is_seen(
    pad: DrawingPad, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StrokeCanvas, "dot", lambda *_: 1 / 0)
    mouse(pad, "down", 1, 1)
    assert complaint(pad) == "No answer: division by zero"
    assert caplog.records[-1].exc_info


def test_drawing_does_not_wait_for_the_model(monkeypatch: pytest.MonkeyPatch, reports: object) -> None:
    free = threading.Event()

    def slow(self: Predictor, picture: np.ndarray) -> Prediction:
        assert free.wait(20)
        return Prediction(np.eye(10, dtype=np.float32)[3], np.zeros((28, 28), np.uint8))

    monkeypatch.setattr(Predictor, "predict_picture", slow)

    async def draw() -> DrawingPad:
        pad = DrawingPad()
        for example in EXAMPLES:
            replay(pad, example.drawing)
            await asyncio.sleep(0)
        assert len(pad.drawing) == sum(len(example.drawing) for example in EXAMPLES)
        assert text(pad, "digit") == ""
        free.set()
        await until(lambda: text(pad, "digit") == "3")
        return pad

    asyncio.run(draw())


def test_what_another_thread_hears_is_done_on_the_pads_own(reports: object) -> None:
    """JupyterLab speaks through a subshell, which is a thread of the kernel."""

    async def click() -> None:
        pad = DrawingPad()
        replay(pad, SEVEN)
        where: list[threading.Thread] = []
        part(pad, "error").observe(lambda _: where.append(threading.current_thread()))
        hear = asyncio.to_thread(part(pad, "clear").click)
        await hear
        await until(lambda: pad.drawing == [])
        await until(lambda: text(pad, "invitation") != "")
        assert {*where} <= {threading.current_thread()}

    asyncio.run(click())


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


MADE = """
import json, sys
from mnistlab.pad import DrawingPad
pad = DrawingPad()
desk = pad._controls
print(json.dumps({
    "canvas": pad._canvas.canvas.comm.comm_id, "live": desk.live.comm.comm_id, "predict": desk.predict.comm.comm_id,
}))
"""


class FrontEnd:
    """Says to a kernel what a page would, through a subshell or not, and hears what the pad shows."""

    def __init__(self, kernel: BlockingKernelClient, subshell: bool) -> None:
        self.kernel = kernel
        self.subshell = None
        if subshell:
            kernel.control_channel.send(kernel.session.msg("create_subshell_request"))
            self.subshell = kernel.get_control_msg(timeout=30)["content"]["subshell_id"]
        self.comms: dict[str, str] = {}
        self.shown = ""

    def run(self, code: str) -> str:
        """What the code prints."""
        asked = self.kernel.execute(code)
        said = ""
        while True:
            message = self.kernel.get_iopub_msg(timeout=30)
            self._hear(message)
            assert message["msg_type"] != "error", message["content"]
            if message["parent_header"].get("msg_id") == asked:
                if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                    said += message["content"]["text"]
                if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    return said

    def say(self, name: str, data: dict[str, object]) -> None:
        message = self.kernel.session.msg("comm_msg", {"comm_id": self.comms[name], "data": data})
        if self.subshell:
            message["header"]["subshell_id"] = self.subshell
        self.kernel.shell_channel.send(message)

    def happen(self, name: str, **content: object) -> None:
        self.say(name, {"method": "custom", "content": content})

    def start_stroke(self, x: float, y: float) -> None:
        self.happen("canvas", event="mouse_down", x=SHARPNESS * x, y=SHARPNESS * y)

    def extend_stroke(self, x: float, y: float) -> None:
        self.happen("canvas", event="mouse_move", x=SHARPNESS * x, y=SHARPNESS * y)

    def end_stroke(self) -> None:
        self.happen("canvas", event="mouse_up", x=0, y=0)

    def wait_for(self, digit: str) -> None:
        """Until the pad has shown that digit."""
        while re.findall('class="mnistlab-digit">([^<]*)<', self.shown) != [digit]:
            self._hear(self.kernel.get_iopub_msg(timeout=30))

    def _hear(self, message: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
        value = message["content"].get("data", {}).get("state", {}).get("value", "")
        if "mnistlab-digit" in str(value):
            self.shown = value


@pytest.mark.parametrize("subshell", [False, True], ids=["main shell", "subshell"])
def test_a_kernel_hears_a_front_end(kernel: BlockingKernelClient, subshell: bool) -> None:
    page = FrontEnd(kernel, subshell)
    page.comms = json.loads(page.run(MADE))
    page.happen("canvas", event="client_ready")
    replay(page, SEVEN)
    page.wait_for("7")
    page.say("live", {"method": "update", "state": {"value": False}, "buffer_paths": []})
    page.run("pad.clear()")
    page.wait_for("")
    replay(page, EXAMPLES[4].drawing)
    page.happen("predict", event="click")
    page.wait_for("3")
    assert page.run("print(pad, 'tensorflow' in sys.modules, 'sklearn' in sys.modules)").split() == [
        *["DrawingPad(1", "stroke)"],
        *["False", "False"],
    ]
