"""The drawing pad in a real kernel, without a page."""

import json
import re

import pytest
from jupyter_client.blocking import BlockingKernelClient
from processes import DEADLINE

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import replay
from mnistlab.widgets.drawing.canvas import PIXEL_RATIO

MAKE_PAD = """
import json, sys
from mnistlab.pad import DrawingPad
pad = DrawingPad()
parts = {"canvas": pad._paper.canvas.canvas, "ink": pad._paper.canvas.layer}
parts |= {name: getattr(pad._controls, name) for name in ("live", "pen", "predict", "clear")}
print(json.dumps({name: widget.comm.comm_id for name, widget in parts.items()}))
"""


class FrontEnd:
    """Sends a kernel the messages that a page would, through a subshell or not, and reads what the pad shows."""

    def __init__(self, kernel: BlockingKernelClient, subshell: bool) -> None:
        self.kernel = kernel
        self.subshell = None
        if subshell:
            kernel.control_channel.send(kernel.session.msg("create_subshell_request"))
            self.subshell = kernel.get_control_msg(timeout=DEADLINE)["content"]["subshell_id"]
        self.comms: dict[str, str] = {}
        self.shown = ""

    def run(self, code: str) -> str:
        """Return what the code prints."""
        return self.wait(self.kernel.execute(code))

    def wait(self, request: str) -> str:
        """Wait for the end of a cell; return what it printed since something of the pad was last waited for."""
        printed = ""
        while True:
            message = self.kernel.get_iopub_msg(timeout=DEADLINE)
            self._read(message)
            assert message["msg_type"] != "error", message["content"]
            if message["parent_header"].get("msg_id") == request:
                if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                    printed += message["content"]["text"]
                if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                    return printed

    def send(self, name: str, data: dict[str, object]) -> None:
        """Send a message to a part of the pad."""
        message = self.kernel.session.msg("comm_msg", {"comm_id": self.comms[name], "data": data})
        if self.subshell:
            message["header"]["subshell_id"] = self.subshell
        self.kernel.shell_channel.send(message)

    def send_event(self, name: str, **content: object) -> None:
        """Send an event of a part of the pad."""
        self.send(name, {"method": "custom", "content": content})

    def set(self, name: str, **state: object) -> None:
        """Set attributes of a part of the pad."""
        self.send(name, {"method": "update", "state": state, "buffer_paths": []})

    def start_stroke(self, x: float, y: float) -> None:
        self.send_event("canvas", event="mouse_down", x=PIXEL_RATIO * x, y=PIXEL_RATIO * y)

    def extend_stroke(self, x: float, y: float) -> None:
        self.send_event("canvas", event="mouse_move", x=PIXEL_RATIO * x, y=PIXEL_RATIO * y)

    def end_stroke(self) -> None:
        self.send_event("canvas", event="mouse_up", x=0, y=0)

    def wait_for(self, digit: str) -> None:
        """Wait until the pad has shown that digit; empty for none."""
        while re.findall('class="mnistlab-digit">([^<]*)<', self.shown) != [digit]:
            self._read(self.kernel.get_iopub_msg(timeout=DEADLINE))

    def _read(self, message: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
        value = message["content"].get("data", {}).get("state", {}).get("value", "")
        if "mnistlab-digit" in str(value):
            self.shown = value


both = pytest.mark.parametrize("subshell", [False, True], ids=["main shell", "subshell"])


@both
def test_the_pad_answers_a_front_end_without_tensorflow(kernel: BlockingKernelClient, subshell: bool) -> None:
    page = FrontEnd(kernel, subshell)
    page.comms = json.loads(page.run(MAKE_PAD))
    page.send_event("canvas", event="client_ready")
    replay(page, EXAMPLES[9].drawing)
    page.wait_for("7")
    page.set("live", value=False)
    page.run("pad.clear()")
    page.wait_for("")
    replay(page, EXAMPLES[4].drawing)
    page.send_event("predict", event="click")
    page.wait_for("3")
    printed = page.run("print(pad, [name for name in ('tensorflow', 'sklearn') if name in sys.modules])")
    assert printed == "DrawingPad(1 stroke) []\n"


@both
def test_what_a_page_sends_while_a_cell_runs_is_read_in_that_order(
    kernel: BlockingKernelClient, subshell: bool
) -> None:
    """Also if the parts of the pad were last written to from different shells."""
    page = FrontEnd(kernel, subshell)
    page.comms = json.loads(page.run(MAKE_PAD))
    page.send_event("clear", event="click")
    page.run("pad.start_stroke(9, 9); pad._controls.pen.value = 40")
    kernel.execute("import time; time.sleep(0.5)")
    for width in (10, 30):
        page.set("pen", value=width)
        page.send_event("ink", event="ink", stroke=f"a-{width}", first=0, points=[[width, width]], ended=True)
        if width == 10:
            page.send_event("clear", event="click")
            page.send_event("ink", event="ink", stroke="b", first=0, points=[[50, 50]], ended=True)
    expected = "[[(50.0, 50.0)], [(30.0, 30.0)]] [10.0, 30.0]\n"
    printed = [page.run("import time; time.sleep(0.1); print(pad.drawing, pad.pen_widths)") for _ in range(10)]
    assert printed[-1] == expected


def test_the_pad_answers_while_a_cell_runs_where_there_are_subshells(kernel: BlockingKernelClient) -> None:
    page = FrontEnd(kernel, subshell=True)
    page.comms = json.loads(page.run(MAKE_PAD))
    cell = kernel.execute("import time\nwhile pad._controls.live.value: time.sleep(0.01)\nprint(pad.drawing)")
    replay(page, EXAMPLES[9].drawing)
    page.wait_for("7")
    page.send_event("clear", event="click")
    page.wait_for("")
    replay(page, [[(10, 10), (20, 20)]])
    page.set("live", value=False)
    assert page.wait(cell) == "[[(10.0, 10.0), (20.0, 20.0)]]\n"


DRAW_TOO = """
import time
from mnistlab.strokes import replay
while not pad.drawing:
    time.sleep(0.001)
for y in range(30):
    replay(pad, [[(x, y) for x in range(30)]])
    assert pad.predict()
while len(pad.drawing) < 60:
    time.sleep(0.001)
print(json.dumps(pad.drawing))
"""


def test_what_a_cell_draws_and_what_a_page_draws_meanwhile_is_all_there_and_in_order(
    kernel: BlockingKernelClient,
) -> None:
    page = FrontEnd(kernel, subshell=True)
    page.comms = json.loads(page.run(MAKE_PAD))
    cell = kernel.execute(DRAW_TOO)
    drawn = [[[200 + x, 200 + y] for x in range(30)] for y in range(30)]
    for number, stroke in enumerate(drawn):
        page.send_event("ink", event="ink", stroke=f"a-{number}", first=0, points=stroke, ended=True)
    strokes = json.loads(page.wait(cell))
    assert [stroke for stroke in strokes if stroke[0][0] >= 200] == drawn
    assert [stroke for stroke in strokes if stroke[0][0] < 200] == [[[x, y] for x in range(30)] for y in range(30)]
