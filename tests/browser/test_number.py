"""Whole numbers on the pad, in JupyterLab and as a web app."""

import re

import pytest
from pages import PadPage
from playwright.sync_api import Browser, expect

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import Drawing, place, rasterize, replay
from mnistlab.widgets.drawing.sheet import DIGIT_SHEET, fitted

both = pytest.mark.parametrize("shown", ["lab", "app"], indirect=True)

DIGITS = [place(EXAMPLES[number].drawing, 130, (80 + 110 * n, 140)) for n, number in enumerate((9, 2, 5, 6))]

NUMBER: Drawing = [stroke for digit in DIGITS for stroke in digit]
"""7145"""


def expect_number(pad: PadPage, number: str) -> None:
    """Wait until this number is shown large."""
    expect(pad.part("digits").get_by_role("button")).to_have_text([*map(re.compile, number)])


@both
def test_a_number_is_read_with_its_boxes_and_the_bars_of_the_digit_touched(pad: PadPage) -> None:
    pad.set_number(True)
    pad.set_pen(12)
    replay(pad, NUMBER)
    expect_number(pad, "7145")
    for place_of, digit in enumerate("7145"):
        pad.part("digits").get_by_role("button").nth(place_of).click()
        expect(pad.digit).to_have_text(digit)
        expect(pad.bars.locator(".mnistlab-winner th")).to_have_text(digit)
        box, canvas = pad.part("touched").bounding_box(), pad.canvas.bounding_box()
        assert box
        assert canvas
        xs, ys = zip(*(point for stroke in DIGITS[place_of] for point in stroke), strict=True)
        scale = canvas["width"] / 580
        assert box["x"] - canvas["x"] == pytest.approx(scale * (min(xs) - 6), abs=3)
        assert box["y"] - canvas["y"] == pytest.approx(scale * (min(ys) - 6), abs=3)
        assert box["width"] == pytest.approx(scale * (max(xs) - min(xs) + 12), abs=4)
        assert box["height"] == pytest.approx(scale * (max(ys) - min(ys) + 12), abs=4)


@both
def test_a_number_gets_shorter_by_undo_and_goes_away_by_clear(pad: PadPage) -> None:
    pad.set_number(True)
    pad.set_pen(12)
    replay(pad, NUMBER)
    expect_number(pad, "7145")
    for _ in DIGITS[-1]:
        pad.part("undo").click()
    expect_number(pad, "714")
    pad.part("clear").click()
    expect(pad.part("digits")).to_be_hidden()
    expect(pad.page.locator(".mnistlab-box")).to_have_count(0)


@both
def test_the_switch_keeps_what_is_drawn(pad: PadPage) -> None:
    seven, four = EXAMPLES[9].drawing, [[(x + 240, y) for x, y in stroke] for stroke in EXAMPLES[5].drawing]
    replay(pad, seven)
    expect(pad.digit).to_have_text("7")
    pad.set_number(True)
    expect_number(pad, "7")
    replay(pad, four)
    expect_number(pad, "74")
    pad.set_number(False)
    expect(pad.part("doubt")).to_contain_text("2 digits")
    smaller, widths = fitted([*seven, *four], [24] * 4, DIGIT_SHEET)
    assert pad.ink() == pytest.approx((rasterize(smaller, widths) > 127).mean(), rel=0.05)


def test_on_a_narrow_page_the_wide_canvas_gets_smaller_and_is_drawn_on(browser: Browser, app: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        pad = PadPage(context.new_page())
        pad.open(app)
        pad.set_number(True)
        pad.set_pen(12)
        canvas = pad.canvas.bounding_box()
        assert canvas
        assert canvas["x"] + canvas["width"] <= 390
        replay(pad, NUMBER)
        expect_number(pad, "7145")
        assert pad.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert pad.errors == []
