"""The pad as a web app, as it differs from JupyterLab: separate sessions, no source code, screens of all widths."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from pages import PadPage
from playwright.sync_api import Browser, expect
from processes import wait_until
from servers import Server

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import replay


@pytest.fixture
def other(browser: Browser, app: str) -> Iterator[PadPage]:
    """Another user's page."""
    with browser.new_context() as context:
        pad = PadPage(context.new_page())
        pad.open(app)
        yield pad


@pytest.mark.parametrize("shown", ["app"], indirect=True)
def test_two_sessions_do_not_see_each_other(pad: PadPage, other: PadPage) -> None:
    replay(pad, EXAMPLES[9].drawing)
    expect(pad.digit).to_have_text("7")
    assert other.ink() == 0
    expect(other.digit).to_be_empty()
    replay(other, EXAMPLES[4].drawing)
    expect(other.digit).to_have_text("3")
    expect(pad.digit).to_have_text("7")


@pytest.mark.parametrize("shown", ["app"], indirect=True)
def test_a_closed_page_frees_its_place_and_says_that_its_pad_has_ended(pad: PadPage, other: PadPage) -> None:
    with other.page.expect_response(re.compile("voila/api/shutdown")) as answer:
        other.page.evaluate("window.dispatchEvent(new Event('beforeunload'))")
    assert answer.value.status == 204
    ended = other.page.get_by_role("alert").filter(has_text="The pad has ended")
    expect(ended).to_be_hidden()
    other.start_stroke(50, 50)
    expect(ended).to_be_visible()


KERNEL = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"


def test_a_page_whose_kernel_was_killed_says_so_by_itself_and_keeps_the_drawing(
    app_server: Server, other: PadPage
) -> None:
    other.set_pen(12)
    replay(other, EXAMPLES[9].drawing)
    expect(other.digit).to_have_text("7")
    ink = other.ink()
    kernel_id = other.page.evaluate(KERNEL)
    app_server.kernels()[kernel_id].kill()
    lost = other.page.get_by_role("alert").filter(has_text="Your drawing is kept")
    expect(lost).to_be_visible()
    with other.page.expect_navigation():
        lost.get_by_role("button").click()
    other.wait_until_ready()
    expect(other.digit).to_have_text("7")
    assert other.page.evaluate(KERNEL) != kernel_id
    wait_until(lambda: abs(other.ink() - ink) < 0.05 * ink)
    expect(lost).to_be_hidden()


def test_a_page_whose_kernel_hangs_says_so_until_it_answers_again(app_server: Server, other: PadPage) -> None:
    kernel = app_server.kernels()[other.page.evaluate(KERNEL)]
    kernel.suspend()
    lost = other.page.get_by_role("alert").filter(has_text="does not answer")
    expect(lost).to_be_visible()
    kernel.resume()
    expect(lost).to_be_hidden()


@pytest.mark.parametrize("shown", ["app"], indirect=True)
def test_the_page_holds_no_source_code(pad: PadPage) -> None:
    assert pad.page.title() == "mnistlab: draw a digit"
    for source in ("DrawingPad(", "import ", "read_picture"):
        assert source not in pad.page.content()


@pytest.mark.parametrize("shown", ["app"], indirect=True)
def test_no_page_scrolls_sideways(pad: PadPage) -> None:
    for width in (280, 390, 640, 1280):
        pad.page.set_viewport_size({"width": width, "height": 844})
        assert pad.page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_where_there_is_less_room_than_for_the_canvas_it_gets_smaller_and_is_drawn_on(other: PadPage) -> None:
    """As in JupyterLab at a zoom of 200 % with the sidebar open."""
    other.page.set_viewport_size({"width": 270, "height": 844})
    canvas = other.canvas.bounding_box()
    assert canvas
    assert canvas["x"] + canvas["width"] <= 270
    replay(other, EXAMPLES[9].drawing)
    expect(other.digit).to_have_text("7")
    np.testing.assert_allclose(other.strokes()[0], EXAMPLES[9].drawing[0], atol=1.5)
