"""What only the web app promises: sessions apart, no source, one page for every screen."""

import re

import pytest
from pages import PadPage
from playwright.sync_api import Browser, expect

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import replay


@pytest.fixture
def other(browser: Browser, app: str) -> PadPage:
    """Another person's page."""
    pad = PadPage(browser.new_context().new_page())
    pad.open(app)
    return pad


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
def test_a_closed_page_gives_its_place_back_and_knows_that_it_is_over(pad: PadPage, other: PadPage) -> None:
    with other.page.expect_response(re.compile("voila/api/shutdown")) as answer:
        other.page.evaluate("window.dispatchEvent(new Event('beforeunload'))")
    assert answer.value.status == 204
    ended = other.page.get_by_role("alert").filter(has_text="This session has ended")
    expect(ended).to_be_hidden()
    other.start_stroke(50, 50)
    expect(ended).to_be_visible()


@pytest.mark.parametrize("shown", ["app"], indirect=True)
def test_the_source_stays_on_the_server(pad: PadPage) -> None:
    assert pad.page.title() == "mnistlab: draw a digit"
    for source in ("DrawingPad(", "import ", "read_picture"):
        assert source not in pad.page.content()


@pytest.mark.parametrize("shown", ["app"], indirect=True)
def test_no_page_scrolls_sideways(pad: PadPage) -> None:
    for width in (390, 640, 1280):
        pad.page.set_viewport_size({"width": width, "height": 844})
        assert pad.page.evaluate("document.scrollingElement.scrollWidth") <= width
