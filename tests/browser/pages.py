"""A page that shows the drawing pad: drawing on it with the mouse, reading what it shows."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect
from processes import DEADLINE, wait_until

from mnistlab.strokes import Drawing, rasterize, replay

expect.set_options(timeout=1000 * DEADLINE)  # Playwright's five seconds are too few on a busy machine

LIT = """canvas => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let lit = 0;
    for (let i = 0; i < pixels.length; i += 4) lit += pixels[i] > 127;
    return lit / (canvas.width * canvas.height);
}"""

SETTLED = """async canvas => {
    const lit = %s;
    let last = -1, since = performance.now();
    while (performance.now() - since < 300) {
        await new Promise(requestAnimationFrame);
        const now = lit(canvas);
        if (now !== last) { last = now; since = performance.now(); }
    }
    return last;
}"""


SHOWN = """canvas => {
    const whole = Object.assign(document.createElement('canvas'), {width: 280, height: 280});
    const layer = canvas.parentElement.querySelector('.mnistlab-ink canvas');
    for (const each of [canvas, layer]) whole.getContext('2d').drawImage(each, 0, 0, 280, 280);
    return lit(whole);
}"""
"""The same of what a person sees: the canvas and the layer over it."""

SESSION = "jupyterapp.shell.currentWidget.sessionContext"

IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


class PadPage:
    """Draws with the mouse, in canvas pixels, and reads what the pad shows.

    Parameters
    ----------
    page : playwright.sync_api.Page
        A page that shows a pad, or will after `open`.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(1000 * DEADLINE)
        self.ink_messages = 0
        page.on("websocket", lambda socket: socket.on("framesent", self._count))
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        self.width = 280  # of the canvas, in canvas pixels
        self.canvas = page.locator("canvas.mnistlab-canvas").first
        self.digit = page.locator(".mnistlab-digit").first
        self.bars = page.locator(".mnistlab-bars").first
        self.error = page.locator(".mnistlab-error").first

    def part(self, name: str) -> Locator:
        """Return the part of the pad with the class ``mnistlab-<name>``."""
        return self.page.locator(f".mnistlab-{name}").first

    def open(self, address: str) -> None:
        """Open the pad's page; in JupyterLab, run its cells too."""
        self.page.goto(address)
        if "/doc/tree/" in address:
            self.run_all_cells()
        self.wait_until_ready()

    def run_all_cells(self) -> None:
        """Run the notebook once its kernel is idle."""
        self.page.wait_for_function(IDLE)
        self.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")

    def run(self, code: str) -> None:
        """Make the notebook's kernel run code, without waiting for its end."""
        self.page.evaluate(f"code => {{ {SESSION}.session.kernel.requestExecute({{code}}) }}", code)

    def evaluate(self, expression: str) -> str:
        """Return the repr of an expression in the notebook's kernel."""
        ask = """async expression => {
            const kernel = %s.session.kernel;
            const asked = {code: '', user_expressions: {it: expression}, store_history: false};
            return (await kernel.requestExecute(asked).done).content.user_expressions.it.data['text/plain'];
        }"""
        return str(self.page.evaluate(ask % SESSION, expression))

    def interrupt(self) -> None:
        """Interrupt what the notebook's kernel runs."""
        self.page.evaluate(f"() => {SESSION}.session.kernel.interrupt()")

    def restart_kernel(self) -> None:
        """Restart the notebook's kernel without the dialog that asks first."""
        self.page.evaluate(f"async () => await {SESSION}.restartKernel()")

    def reset(self) -> None:
        """Empty the pad and give it its first settings."""
        self.page.mouse.up()
        self.set_number(False)
        self.set_live(True)
        self.set_pen(24)
        self.part("clear").click()
        expect(self.digit).to_be_empty()
        wait_until(lambda: self.ink() == 0)

    def set_live(self, on: bool) -> None:
        """Tick the box for live answers or clear it."""
        self.part("live").locator("input").set_checked(on)

    def set_number(self, on: bool) -> None:
        """Have whole numbers drawn, or one digit."""
        self.part("number").locator("input").set_checked(on)
        self.width = 580 if on else 280
        proportion = "([canvas, shape]) => Math.abs(canvas.offsetWidth / canvas.offsetHeight - shape) < 0.01"
        self.page.wait_for_function(proportion, arg=[self.canvas.element_handle(), self.width / 280])

    def set_pen(self, width: int) -> None:
        """Choose the pen's width, in the number beside the slider."""
        number = self.part("pen").locator(".widget-readout")
        number.fill(str(width))
        number.press("Enter")

    def wait_until_ready(self) -> None:
        """Wait until the canvas can be drawn on: the kernel has drawn its background."""
        expect(self.canvas).to_be_visible()
        self.canvas.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "c => c.getContext('2d').getImageData(5, 5, 1, 1).data[3] === 255", arg=self.canvas.element_handle()
        )

    def start_stroke(self, x: float, y: float) -> None:
        """Press the mouse button there."""
        self._box = self.canvas.bounding_box()
        self.page.mouse.move(*self._on_page(x, y))
        self.page.mouse.down()

    def extend_stroke(self, x: float, y: float) -> None:
        """Move the mouse there."""
        self.page.mouse.move(*self._on_page(x, y))

    def end_stroke(self) -> None:
        """Release the mouse button."""
        self.page.mouse.up()

    def draw(self, drawing: Drawing) -> float:
        """Draw on an empty pad and wait until it shows the drawing; return the share of lit pixels."""
        replay(self, drawing)
        share = float((rasterize(drawing) > 127).mean())
        wait_until(lambda: abs(self.ink() - share) < 0.05 * share)
        return self.ink()

    def ink(self) -> float:
        """Return the share of lit pixels once it has not changed for 0.3 s."""
        return float(self.canvas.evaluate(SETTLED % LIT))

    def shown_ink(self) -> float:
        """Return the share of pixels that are lit at once, also those that the kernel has not drawn yet."""
        return float(self.canvas.evaluate(f"canvas => {{ const lit = {LIT}; return ({SHOWN})(canvas); }}"))

    def strokes(self) -> list[list[tuple[float, float]]]:
        """Return the strokes that the kernel has, as it gives them to the page."""
        return json.loads(self.part("drawing").locator("textarea").input_value())["strokes"]

    def probabilities(self) -> list[str]:
        """Return the texts beside the ten bars."""
        return self.bars.locator("td:last-child").all_inner_texts()

    def focused(self) -> str:
        """Return the name of the part that has the keyboard focus."""
        found = "(document.activeElement.closest('[class*=mnistlab-]:not(.mnistlab-tools)')?.className ?? '')"
        classes = str(self.page.evaluate(found)).split()
        return next((name.removeprefix("mnistlab-") for name in classes if name.startswith("mnistlab-")), "")

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Touch the screen: ``touchStart``, ``touchMove`` or ``touchEnd``, with the positions of all fingers."""
        self._box = self.canvas.bounding_box()
        touches = [dict(zip("xy", self._on_page(*point), strict=True)) for point in points]
        self._devtools().send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def _count(self, frame: str | bytes) -> None:
        self.ink_messages += ('"event":"ink"' if isinstance(frame, str) else b'"event":"ink"') in frame

    def _devtools(self) -> Any:
        if not hasattr(self, "_session"):
            self._session = self.page.context.new_cdp_session(self.page)
        return self._session

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        """By the canvas's position when the stroke began: to ask for it at each point would be slow."""
        assert self._box
        scale = self._box["width"] / self.width
        return self._box["x"] + scale * x, self._box["y"] + scale * y
