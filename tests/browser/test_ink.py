"""Ink in the page, in JupyterLab and as a web app: at once, also where the kernel does not answer; nothing is lost."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise

import numpy as np
import psutil
import pytest
from pages import PadPage
from playwright.sync_api import Browser, expect
from processes import wait_until

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import rasterize, replay

both = pytest.mark.parametrize("shown", ["lab", "app"], indirect=True)

Stopped = Callable[[], AbstractContextManager[None]]

SEVEN = EXAMPLES[9].drawing

KERNEL = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"


def lit(drawing: list[list[tuple[float, float]]]) -> float:
    """Return the share of pixels that a drawing lights."""
    return float((rasterize(drawing) > 127).mean())


@pytest.fixture
def stopped(pad: PadPage, request: pytest.FixtureRequest) -> Stopped:
    """Stops the process of the kernel: it answers nothing, as where a cell runs and the kernel has no subshells."""

    def kernel() -> psutil.Process:
        if request.node.callspec.params["shown"] == "lab":
            return psutil.Process(int(pad.evaluate("__import__('os').getpid()")))
        return request.getfixturevalue("app_server").kernels()[pad.page.evaluate(KERNEL)]

    @contextmanager
    def stopping() -> Iterator[None]:
        process = kernel()
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    return stopping


@both
def test_while_the_kernel_answers_nothing_ink_is_seen_and_then_read(pad: PadPage, stopped: Stopped) -> None:
    with stopped():
        replay(pad, SEVEN)
        assert pad.shown_ink() == pytest.approx(lit(SEVEN), rel=0.05)
        assert pad.ink() == 0, "the kernel has drawn nothing"
        pad.page.wait_for_timeout(1500)  # longer than the layer waits for an answer
        pad.start_stroke(20, 260)
        pad.extend_stroke(40, 260)
        pad.page.wait_for_timeout(1500)
        pad.extend_stroke(60, 260)
        pad.end_stroke()
    wait_until(lambda: [len(stroke) for stroke in pad.strokes()] == [*map(len, SEVEN), 3])
    whole = lit([*SEVEN, [(20, 260), (60, 260)]])
    wait_until(lambda: pad.ink() == pytest.approx(whole, rel=0.05))
    assert pad.shown_ink() == pytest.approx(whole, rel=0.05)
    assert pad.errors == []


@both
def test_clear_empties_the_page_at_once_although_the_kernel_answers_nothing(pad: PadPage, stopped: Stopped) -> None:
    pad.draw(SEVEN)
    line, last = [(40.0, 200.0), (240.0, 200.0)], [(40.0, 80.0), (240.0, 80.0)]
    with stopped():
        replay(pad, [[(40, 100), (240, 100)]])
        pad.part("clear").click()
        assert pad.shown_ink() == 0
        replay(pad, [line])
        pad.page.keyboard.press("Delete")
        assert pad.shown_ink() == 0
        replay(pad, [last])
        assert pad.shown_ink() == pytest.approx(lit([last]), rel=0.05)
    wait_until(lambda: [np.round(stroke).tolist() for stroke in pad.strokes()] == [np.round(last).tolist()])
    assert pad.ink() == pytest.approx(lit([last]), rel=0.05)
    assert pad.shown_ink() == pytest.approx(lit([last]), rel=0.05)


@both
def test_of_200_moves_in_a_second_all_are_in_the_stroke_and_few_messages_are_sent(pad: PadPage) -> None:
    before = pad.ink_messages
    pad.start_stroke(20, 20)
    began = time.monotonic()
    for number in range(1, 201):
        pad.page.wait_for_timeout(max(0.0, 1000 * (began - time.monotonic()) + 5 * number))
        pad.extend_stroke(20 + number, 20 + number % 7)
    pad.end_stroke()
    wait_until(lambda: [len(stroke) for stroke in pad.strokes()] == [201])
    seconds = max(1.0, time.monotonic() - began)
    assert 2 <= pad.ink_messages - before <= 60 * seconds + 1


TIPS = """canvas => {
    const row = Object.assign(document.createElement('canvas'), {width: 280, height: 1}).getContext('2d');
    const layer = canvas.parentElement.querySelector('.mnistlab-ink canvas');
    window.tips = [];
    const look = () => {
        for (const each of [canvas, layer]) row.drawImage(each, 0, -140, 280, 280);
        const {data} = row.getImageData(0, 0, 280, 1);
        let tip = 279;
        while (tip > 0 && data[4 * tip] <= 127) tip--;
        window.tips.push(tip);
        window.looking = requestAnimationFrame(look);
    };
    look();
}"""
"""Notes in each frame where the ink ends, on the way to the right along the middle of the canvas."""


@both
def test_ink_does_not_go_away_while_the_kernel_takes_over(pad: PadPage) -> None:
    pad.canvas.evaluate(TIPS)
    pad.start_stroke(20, 140)
    for x in range(22, 260, 2):
        pad.extend_stroke(x, 140)
    pad.end_stroke()
    pad.ink()
    tips = pad.page.evaluate("cancelAnimationFrame(window.looking), window.tips")
    assert len(set(tips)) > 5
    assert all(after > before - 2 for before, after in pairwise(tips))


@both
def test_a_stroke_may_leave_the_canvas_and_ends_where_the_button_is_released(pad: PadPage) -> None:
    pad.start_stroke(140, 140)
    pad.extend_stroke(200, 140)
    pad.extend_stroke(340, 140)
    pad.extend_stroke(340, 240)
    pad.extend_stroke(140, 240)
    pad.extend_stroke(140, -100)
    pad.end_stroke()
    wait_until(lambda: len(pad.strokes()) == 1)
    left = pad.ink()
    pad.extend_stroke(40, 40)
    pad.extend_stroke(40, 240)
    assert pad.ink() == pytest.approx(left, abs=1e-3), "a move without the button draws nothing"
    expected = [[(140, 140), (200, 140), (300, 140), (300, 240), (140, 240), (140, -20)]]
    np.testing.assert_allclose(pad.strokes(), expected, atol=1)


@both
def test_the_right_button_draws_nothing(pad: PadPage) -> None:
    pad.start_stroke(20, 20)
    pad.end_stroke()
    pad.page.mouse.down(button="right")
    pad.extend_stroke(140, 140)
    pad.page.mouse.up(button="right")
    pad.page.keyboard.press("Escape")
    wait_until(lambda: len(pad.strokes()) == 1)
    assert pad.ink() == pytest.approx(lit([[(20, 20)]]), rel=0.1)


@both
def test_the_wheel_over_the_canvas_scrolls_the_page(pad: PadPage) -> None:
    pad.page.set_viewport_size({"width": 1280, "height": 400})
    try:
        pad.canvas.scroll_into_view_if_needed()
        before = pad.canvas.bounding_box()
        assert before
        pad.page.mouse.move(before["x"] + 140, before["y"] + 140)
        pad.page.mouse.wheel(0, -60)
        wait_until(lambda: pad.canvas.bounding_box() != before)
    finally:
        pad.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("server", ["new_lab", "app"])
def test_a_page_that_has_no_script_draws_through_the_kernel(
    server: str, browser: Browser, request: pytest.FixtureRequest
) -> None:
    with browser.new_context() as context:
        pad = PadPage(context.new_page())
        pad.page.route("**/anywidget/**", lambda route: route.abort())
        pad.open(request.getfixturevalue(server))
        assert pad.page.locator(".mnistlab-ink canvas").count() == 0
        replay(pad, SEVEN)
        expect(pad.digit).to_have_text("7")
        assert pad.focused() == "canvas"
        assert pad.ink_messages == 0


def test_a_page_that_came_over_http_from_another_machine_is_drawn_on(browser: Browser, app: str) -> None:
    """Browsers then keep this function back."""
    with browser.new_context() as context:
        pad = PadPage(context.new_page())
        pad.page.add_init_script("delete PointerEvent.prototype.getCoalescedEvents")
        pad.open(app)
        pad.draw(SEVEN)
        expect(pad.digit).to_have_text("7")
        assert pad.ink_messages > 0
        assert pad.errors == []
