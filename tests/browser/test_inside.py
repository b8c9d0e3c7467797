"""The widgets of 05_inside in JupyterLab and with Voilà: mouse, finger, keys, and the numbers that they show."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from pages import PadPage
from playwright.sync_api import Browser, expect
from processes import wait_until
from servers import Server, voila

from mnistlab.attributions.network import read_network
from mnistlab.data import load_dataset
from mnistlab.inside.window import FirstConvolution, first_convolution
from mnistlab.prediction import Predictor

WINDOW = """
from mnistlab.attributions.network import read_network
from mnistlab.data import load_dataset
from mnistlab.inside.window import first_convolution
from mnistlab.prediction import Predictor
from mnistlab.widgets.inside.digit_map import DigitMap
from mnistlab.widgets.inside.sliding_window import SlidingWindow

test = load_dataset("digits")[1]
sliding = SlidingWindow(first_convolution(read_network(Predictor.pretrained().model), test.images[0]))
sliding
"""

MAP = """
import numpy as np

shown, places = test.take(np.arange(12)), np.array([(x, y) for y in range(3) for x in range(4)], float)
answers = shown.labels.copy()
answers[[5, 10]] = (answers[[5, 10]] + 1) % 10
on_map = DigitMap(places, shown, answers)
on_map
"""

SCALE = (1 - 2 * 0.03) / 3
"""Of the map's side, the way from one digit to the next: the four in a row are as far apart as the map is wide."""


@pytest.fixture(scope="module")
def notebook(lab_server: tuple[Server, Path]) -> Path:
    """A notebook that shows both, in the folder that JupyterLab serves."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source) for source in (WINDOW, MAP)]
    path = lab_server[1] / "inside.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.fixture(scope="module")
def lab(browser: Browser, lab_server: tuple[Server, Path], notebook: Path) -> str:
    return f"{lab_server[0].address}/doc/tree/{notebook.name}"


@pytest.fixture(scope="module")
def app(browser: Browser, notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with voila(notebook, tmp_path_factory.mktemp("voila")) as server:
        yield server.address


@pytest.fixture(scope="module")
def convolution() -> FirstConvolution:
    image = load_dataset("digits")[1].images[0]
    return first_convolution(read_network(Predictor.pretrained().model), image)


class InsidePage(PadPage):
    """A page with a sliding window and a map of digits."""

    def wait_until_ready(self) -> None:
        expect(self.part("map-caption")).not_to_be_empty()

    def reset(self) -> None:
        """Choose filter 3, with the window at row 10, column 12."""
        self.part("window-filter").locator("select").select_option("3")
        self.click_window(10, 12)

    def click_window(self, row: int, column: int) -> None:
        """Click on the pixel in the middle of the window there."""
        self.part("window-digit").click(position=self.in_digit(row, column))
        expect(self.part("window-where")).to_have_text(f"row {row}, column {column}")

    def in_digit(self, row: int, column: int) -> dict[str, float]:
        """Return that place, in pixels of the page from the corner of the digit, which is 30 pixels wide."""
        box = self.part("window-digit").bounding_box()
        assert box
        return {"x": (column + 1.5) * box["width"] / 30, "y": (row + 1.5) * box["width"] / 30}

    def lines(self) -> list[tuple[str, float]]:
        """Return the arithmetic that is shown: words, and the exact number beside them."""
        words = self.page.locator(".mnistlab-window-line th").all_inner_texts()
        numbers = self.page.locator(".mnistlab-window-line data").evaluate_all("all => all.map(each => each.value)")
        return [*zip(words, map(float, numbers), strict=True)]

    def click_map(self, column: float, row: float) -> None:
        """Click on the map, in its columns and rows of digits."""
        box = self.part("map-points").bounding_box()
        assert box
        x, y = 0.5 + SCALE * (column - 1.5), 0.5 - SCALE * (row - 1)
        self.part("map-points").click(position={"x": x * box["width"], "y": y * box["height"]})


@pytest.fixture(scope="module", params=["lab", "app"])
def opened(request: pytest.FixtureRequest, browser: Browser) -> Iterator[InsidePage]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, has_touch=True)
    inside = InsidePage(page)
    inside.open(request.getfixturevalue(request.param))
    yield inside
    page.close()


@pytest.fixture
def pad(opened: InsidePage) -> Iterator[InsidePage]:
    opened.errors.clear()
    opened.reset()
    yield opened
    assert opened.errors == []


def check_arithmetic(page: InsidePage, convolution: FirstConvolution, place: tuple[int, int, int]) -> None:
    """The page shows row and column, and the numbers that the network computes there."""
    expect(page.part("window-where")).to_have_text(f"row {place[1]}, column {place[2]}")
    expected, shown = convolution.lines(*place), page.lines()
    assert [words for words, _ in shown] == [words for words, _ in expected]
    assert [number for _, number in shown] == pytest.approx([number for _, number in expected], abs=1e-4)
    cells = page.page.locator(".mnistlab-window-square:last-child td").all_inner_texts()
    np.testing.assert_allclose([float(cell) for cell in cells], convolution.products(*place).ravel(), atol=6e-4)


def test_arrow_keys_move_the_window_and_the_sum_is_that_of_the_network(
    pad: InsidePage, convolution: FirstConvolution
) -> None:
    check_arithmetic(pad, convolution, (3, 10, 12))
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowRight", "ArrowRight", "ArrowUp"):
        pad.page.keyboard.press(key)
    check_arithmetic(pad, convolution, (3, 11, 13))
    spoken = pad.part("window-spoken")
    expect(spoken).to_contain_text(f"Row 11, column 13: sum {convolution.lines(3, 11, 13)[0][1]:.3f}")


def test_the_window_does_not_leave_the_digit(pad: InsidePage, convolution: FirstConvolution) -> None:
    pad.click_window(1, 26)
    for key in ("ArrowUp", "ArrowRight") * 3:
        pad.page.keyboard.press(key)
    check_arithmetic(pad, convolution, (3, 0, 27))


def test_the_mouse_takes_the_window_along_while_its_button_is_down(
    pad: InsidePage, convolution: FirstConvolution
) -> None:
    box = pad.part("window-digit").bounding_box()
    assert box
    for row, column, act in ((5, 5, pad.page.mouse.down), (14, 9, pad.page.mouse.up), (20, 20, lambda: None)):
        place = pad.in_digit(row, column)
        pad.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
        act()
    check_arithmetic(pad, convolution, (3, 14, 9))


def test_a_finger_moves_the_window(pad: InsidePage, convolution: FirstConvolution) -> None:
    pad.part("window-digit").tap(position=pad.in_digit(7, 16))
    check_arithmetic(pad, convolution, (3, 7, 16))


def test_another_filter_has_other_sums_at_the_same_place(pad: InsidePage, convolution: FirstConvolution) -> None:
    pad.part("window-filter").locator("select").select_option("21")
    expect(pad.part("window-sums")).to_contain_text("sums of filter 21")
    check_arithmetic(pad, convolution, (21, 10, 12))
    opacities = "all => all.map(each => Number(each.getAttribute('fill-opacity')))"
    shown = pad.page.locator(".mnistlab-window-sums rect:not(.mnistlab-window-mark)").evaluate_all(opacities)
    sums = np.abs(convolution.sums[21])
    np.testing.assert_allclose(shown, (sums / sums.max()).ravel(), atol=1e-4)


def test_the_maps_grow_while_the_window_slides_and_it_comes_back(
    pad: InsidePage, convolution: FirstConvolution
) -> None:
    hidden = pad.page.locator(".mnistlab-window-maps rect[style*=hidden]")
    pad.part("window-slide").click()
    wait_until(lambda: 0 < hidden.count() < 28 * 28)
    expect(pad.part("window-where")).not_to_have_text("row 10, column 12")
    expect(pad.part("window-slide")).to_have_text("Stop")
    pad.part("window-slide").click()
    expect(pad.part("window-slide")).to_have_text("Slide")
    assert hidden.count() == 0
    check_arithmetic(pad, convolution, (3, 10, 12))


def test_a_click_on_the_map_shows_that_digit(pad: InsidePage) -> None:
    digits = load_dataset("digits")[1]
    pad.click_map(2.8, 0.9)
    expect(pad.part("map-caption")).to_have_text(f"digit 7: label {digits.labels[7]}, answer {digits.labels[7]}")
    reds = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    assert pad.part("map-image").evaluate(reds) == digits.images[7].ravel().tolist()


def test_arrow_keys_go_to_the_next_digit_on_the_map(pad: InsidePage) -> None:
    pad.click_map(0, 0)
    for key, number in (("ArrowRight", 1), ("ArrowUp", 5), ("ArrowUp", 9), ("ArrowUp", 9), ("ArrowLeft", 8)):
        pad.page.keyboard.press(key)
        expect(pad.part("map-caption")).to_contain_text(f"digit {number}:")
    assert pad.part("map-image").get_attribute("aria-label") == pad.part("map-caption").inner_text()


def test_a_button_goes_through_the_mistakes_which_have_a_ring(pad: InsidePage) -> None:
    assert pad.page.locator(".mnistlab-map-wrong").count() == 2
    pad.click_map(0, 0)
    for number in (5, 10, 5):
        pad.part("map-next").click()
        expect(pad.part("map-caption")).to_contain_text(f"digit {number}:")


def test_both_are_reached_with_the_tab_key_and_say_what_they_are(pad: InsidePage) -> None:
    for name, words in (("window-digit", "Arrow keys move a window of 3 by 3"), ("map-points", "A map of 12 digits")):
        part = pad.part(name)
        assert words in str(part.get_attribute("aria-label"))
        assert part.get_attribute("role") == "application"
        assert part.evaluate("each => each.tabIndex") == 0


CLIPPED = """() => [...document.querySelectorAll('[class*=mnistlab-window], [class*=mnistlab-map]')]
    .filter(each => each.matches('svg, table, figure, button, select, canvas'))
    .filter(each => each.getBoundingClientRect().right > innerWidth + 0.5 || !each.getBoundingClientRect().width)
    .map(each => each.getAttribute('class'))"""


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_nothing_is_clipped(pad: InsidePage, width: int) -> None:
    pad.page.set_viewport_size({"width": width, "height": 900})
    try:
        pad.page.wait_for_function(f"({CLIPPED})().length === 0")
    finally:
        pad.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("opened", ["lab"], indirect=True)
def test_python_reads_what_is_chosen_and_chooses_too(pad: InsidePage, convolution: FirstConvolution) -> None:
    pad.click_map(2, 1)
    wait_until(lambda: pad.evaluate("(on_map.chosen, sliding.place)") == "(6, (3, 10, 12))")
    pad.run("sliding.filter, sliding.row, on_map.chosen = 8, 4, 2")
    expect(pad.part("map-caption")).to_contain_text("digit 2:")
    check_arithmetic(pad, convolution, (8, 4, 12))
