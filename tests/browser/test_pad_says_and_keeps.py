"""What the pad says beside the digit, why, and what it keeps, in JupyterLab and as a web app."""

import io
from pathlib import Path

import numpy as np
import pytest
from pages import PadPage
from PIL import Image
from playwright.sync_api import Browser, Locator, expect
from processes import wait_until

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.keeping.file import KeptDrawings
from mnistlab.strokes import replay

SEVEN = EXAMPLES[9].drawing

in_both = pytest.mark.parametrize("shown", ["lab", "app"], indirect=True)


def pixels(locator: Locator) -> np.ndarray:
    """A part of the page as it is painted: uint8 (H, W, 3)."""
    box = locator.bounding_box()
    assert box
    return np.asarray(Image.open(io.BytesIO(locator.page.screenshot(clip=box))).convert("RGB"))


@in_both
def test_the_ink_shows_why_until_the_drawing_changes(pad: PadPage) -> None:
    replay(pad, SEVEN)
    expect(pad.digit).to_have_text("7")
    white = pixels(pad.part("paper"))
    why = pad.part("why")
    expect(why.locator("select option:checked")).to_have_text("compared with nothing drawn")
    why.get_by_text("Why?").click()
    expect(why.get_by_role("status")).to_contain_text("speaks for 7")
    expect(pad.part("why-overlay")).to_be_visible()
    wait_until(lambda: bool((np.ptp(pixels(pad.part("paper")).astype(int), axis=2) > 60).mean() > 0.01))
    assert (np.ptp(white.astype(int), axis=2) < 60).all()
    why.locator("select").select_option("why not 1?")
    expect(why.get_by_role("status")).to_contain_text("and not 1")
    pad.start_stroke(20, 20)
    expect(pad.part("why-overlay")).to_be_hidden()
    pad.end_stroke()
    why.get_by_text("Why?").click()
    expect(pad.part("why-overlay")).to_be_hidden()
    why.locator("select").select_option("compared with nothing drawn")


@in_both
def test_a_key_or_a_button_keeps_the_drawing_with_its_true_digit(pad: PadPage, kept: Path) -> None:
    replay(pad, SEVEN)
    expect(pad.part("spoken")).to_contain_text("7")  # the answer to the whole drawing
    pad.page.keyboard.press("1")
    expect(pad.part("keeping")).to_contain_text("Kept as a 1")
    assert KeptDrawings(kept).read().drawings[-1].label == 1
    pad.part("labels").get_by_role("button", name="4").click()
    expect(pad.part("keeping")).to_contain_text("Kept as a 4")
    drawing = KeptDrawings(kept).read().drawings[-1]
    assert drawing.label == 4
    assert drawing.answer
    assert drawing.answer.digit == 7
    assert len(drawing.strokes) == len(SEVEN)


@in_both
def test_a_finished_drawing_is_told_in_a_live_region_that_stays(pad: PadPage) -> None:
    region = pad.part("spoken")
    expect(region).to_have_role("status")
    pad.start_stroke(60, 40)
    pad.extend_stroke(200, 40)
    expect(pad.digit).not_to_be_empty()
    assert region.text_content() == ""
    pad.extend_stroke(120, 240)
    pad.end_stroke()
    expect(region).to_contain_text("7")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_and_slider_are_seen_in_forced_colours(browser: Browser, app: str, theme: str) -> None:
    with browser.new_context(forced_colors="active", color_scheme=theme) as context:
        pad = PadPage(context.new_page())
        pad.open(app)
        pad.set_live(False)
        replay(pad, SEVEN)
        pad.part("predict").click()
        expect(pad.part("winner")).to_be_visible()  # the one answer: the rows stay as they are
        rows = pad.bars.locator("td > div")
        winner, other = pixels(rows.nth(7))[4:-4, 4:-4].astype(int), pixels(rows.nth(3))[4:-4, 4:-4].astype(int)
        assert np.abs(winner.mean(axis=(0, 1)) - other.mean(axis=(0, 1))).max() > 60
        slider = pixels(pad.part("pen").locator(".noUi-target")).astype(int)
        assert np.abs(slider - slider[0, 0]).max() > 100
