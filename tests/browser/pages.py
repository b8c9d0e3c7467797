"""A page that shows the drawing pad, as a hand and an eye know it."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

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


class PadPage:
    """Draws with the mouse, in canvas pixels, and reads what the pad says.

    Parameters
    ----------
    page : playwright.sync_api.Page
        That shows a pad, or is about to.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.locator("canvas.mnistlab-canvas").first
        self.digit = page.locator(".mnistlab-digit").first
        self.bars = page.locator(".mnistlab-bars").first
        self.error = page.locator(".mnistlab-error").first

    def part(self, name: str) -> Locator:
        """Return the part of the pad with the class ``mnistlab-<name>``."""
        return self.page.locator(f".mnistlab-{name}").first

    def wait_until_ready(self) -> None:
        """Wait until the canvas can be drawn on: its ground has come from the kernel."""
        expect(self.canvas).to_be_visible(timeout=30_000)
        self.canvas.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "c => c.getContext('2d').getImageData(5, 5, 1, 1).data[3] === 255", arg=self.canvas.element_handle()
        )

    def start_stroke(self, x: float, y: float) -> None:
        """Press the mouse button there."""
        self.page.mouse.move(*self._on_page(x, y))
        self.page.mouse.down()

    def extend_stroke(self, x: float, y: float) -> None:
        """Move the mouse there."""
        self.page.mouse.move(*self._on_page(x, y))

    def end_stroke(self) -> None:
        """Release the mouse button."""
        self.page.mouse.up()

    def ink(self) -> float:
        """Return the share of lit pixels once it no longer changes."""
        return float(self.canvas.evaluate(SETTLED % LIT))

    def probabilities(self) -> list[str]:
        """Return what stands beside the ten bars."""
        return self.bars.locator("td:last-child").all_inner_texts()

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Put fingers on the screen: ``touchStart``, ``touchMove`` or ``touchEnd`` with all that are down."""
        touches = [dict(zip("xy", self._on_page(*point), strict=True)) for point in points]
        self._devtools().send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def _devtools(self) -> Any:
        if not hasattr(self, "_session"):
            self._session = self.page.context.new_cdp_session(self.page)
        return self._session

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        box = self.canvas.bounding_box()
        assert box
        return box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280
