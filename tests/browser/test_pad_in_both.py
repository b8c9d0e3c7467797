"""The pad with mouse, finger and keyboard, in JupyterLab and as a web app."""

import pytest
from pages import PadPage
from playwright.sync_api import expect
from processes import wait_until

from mnistlab.datasets.drawings import load_drawings
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.prediction import Predictor
from mnistlab.strokes import place, replay

pytestmark = pytest.mark.parametrize("shown", ["lab", "app"], indirect=True)

DOWN_LEFT = [(60.0, 40.0), (200.0, 40.0), (160.0, 130.0), (120.0, 240.0)]


def test_the_digit_is_read_while_it_is_drawn(pad: PadPage) -> None:
    expect(pad.page.locator(".mnistlab-invitation").first).to_be_visible()
    pad.start_stroke(*DOWN_LEFT[0])
    expect(pad.digit).not_to_be_empty()
    first = pad.probabilities()
    for point in DOWN_LEFT[1:]:
        pad.extend_stroke(*point)
    expect(pad.digit).to_have_text("7")
    assert pad.probabilities() != first
    pad.end_stroke()
    expect(pad.digit).to_have_text("7")
    expect(pad.bars.locator(".mnistlab-winner th")).to_have_text("7")


@pytest.mark.parametrize("label", range(10))
def test_a_drawing_is_read_as_the_library_reads_it(pad: PadPage, label: int) -> None:
    """Of UJI's digits if they are on this machine, else of the examples."""
    (drawings,) = load_drawings("auto")[1]
    drawing = next(place(each.drawing, 190) for each in drawings.drawings if each.label == label)
    replay(pad, drawing)
    expect(pad.digit).to_have_text(str(Predictor.pretrained().predict_drawing(drawing).digit))


def test_without_live_it_reads_when_predict_is_clicked(pad: PadPage) -> None:
    pad.set_live(False)
    replay(pad, EXAMPLES[9].drawing)
    wait_until(lambda: pad.ink() > 0.05)
    expect(pad.digit).to_be_empty()
    pad.part("predict").click()
    expect(pad.digit).to_have_text("7")


def test_undo_removes_the_last_stroke_and_clear_all_of_them(pad: PadPage) -> None:
    stem, bar = EXAMPLES[9].drawing
    before = pad.draw([stem])
    replay(pad, [bar])
    wait_until(lambda: pad.ink() > before + 0.005)
    pad.part("undo").click()
    wait_until(lambda: pad.ink() == pytest.approx(before, abs=1e-3))
    pad.part("clear").click()
    expect(pad.digit).to_be_empty()
    expect(pad.page.locator(".mnistlab-invitation").first).to_be_visible()
    wait_until(lambda: pad.ink() == 0)


@pytest.mark.parametrize("width", [8, 40])
def test_the_line_is_as_wide_as_the_pen(pad: PadPage, width: int) -> None:
    pad.set_pen(width)
    replay(pad, [[(60, 140), (220, 140)]])
    across = width * 160 + 3.14159 * width**2 / 4
    # Up to one canvas pixel wider: a canvas that lies between two pixels of the page has half-lit edges.
    wait_until(lambda: pad.ink() == pytest.approx(across / 280**2, abs=160 / 280**2))


def test_one_finger_draws_and_a_second_does_not(pad: PadPage) -> None:
    pad.touch("touchStart", (140, 40))
    pad.touch("touchMove", (140, 120))
    wait_until(lambda: pad.ink() == pytest.approx((80 * 24 + 3.14159 * 12**2) / 280**2, rel=0.1))
    one = pad.ink()
    pad.touch("touchStart", (140, 120), (20, 20))
    pad.touch("touchMove", (140, 120), (20, 240))
    assert pad.ink() == pytest.approx(one, abs=1e-3)
    pad.touch("touchMove", (140, 240), (20, 240))
    pad.touch("touchEnd")
    expect(pad.digit).to_have_text("1")


def test_the_tab_key_reaches_every_control_and_leaves_the_canvas(pad: PadPage) -> None:
    pad.part("predict").focus()
    reached = []
    for _ in range(7):
        pad.page.keyboard.press("Tab")
        reached.append(pad.focused())
    assert reached == ["clear", "undo", "pen", "pen", "live", "number", "ink"], "the pen has a slider and a number"
    pad.page.keyboard.press("Tab")
    pad.page.wait_for_function("document.activeElement.closest('.mnistlab-model') !== null")
    replay(pad, EXAMPLES[9].drawing)
    expect(pad.digit).to_have_text("7")
    pad.page.keyboard.press("Enter")
    assert pad.focused() == "ink", "in JupyterLab, Enter would begin to edit the cell"
    pad.page.keyboard.press("Control+z")
    pad.page.keyboard.press("Delete")
    expect(pad.digit).to_be_empty()


CLIPPED = """() => {
    const box = name => document.querySelector(`.mnistlab-${name}`).getBoundingClientRect();
    const whole = box('pad'), right = Math.min(whole.right, innerWidth) + 0.5;
    const parts = ['canvas', 'predict', 'clear', 'undo', 'pen', 'live', 'model', 'bars', 'seen'];
    return parts.filter(name => box(name).left < whole.left || box(name).right > right || !box(name).width);
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 450), (1280, 900)], ids=["phone", "zoomed", "desktop"])
def test_nothing_is_clipped(pad: PadPage, width: int, height: int) -> None:
    """A window at 200 % zoom has half its width and height."""
    pad.page.set_viewport_size({"width": width, "height": height})
    try:
        pad.page.wait_for_function(f"({CLIPPED})().length === 0")
    finally:
        pad.page.set_viewport_size({"width": 1280, "height": 900})
