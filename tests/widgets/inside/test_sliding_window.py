import math

import numpy as np
import pytest
from pads import set_from_page

from mnistlab.attributions.network import Network, read_network
from mnistlab.inside.window import FirstConvolution, first_convolution
from mnistlab.prediction import Predictor
from mnistlab.widgets.inside.page_widget import SHARED
from mnistlab.widgets.inside.sliding_window import SlidingWindow

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network(Predictor.pretrained().model)


@pytest.fixture
def convolution(network: Network) -> FirstConvolution:
    return first_convolution(network, IMAGE)


@pytest.fixture
def sliding(convolution: FirstConvolution) -> SlidingWindow:
    return SlidingWindow(convolution)


def test_it_begins_where_the_highest_activation_comes_from(
    sliding: SlidingWindow, convolution: FirstConvolution
) -> None:
    assert sliding.place == convolution.strongest
    chosen, row, column = sliding.place
    total = convolution.products(chosen, row, column).sum()
    assert repr(sliding) == f"SlidingWindow(filter {chosen}, row {row}, column {column}: sum {total:.3f})"


def test_a_page_gets_the_numbers_that_the_network_computes(
    sliding: SlidingWindow, convolution: FirstConvolution
) -> None:
    pixels = np.frombuffer(sliding.pixels, np.uint8).reshape(sliding.height, sliding.width)
    np.testing.assert_array_equal(pixels[1:-1, 1:-1], IMAGE)
    weights = np.frombuffer(sliding.weights, "<f4").reshape(-1, sliding.side, sliding.side)
    np.testing.assert_array_equal(weights, convolution.weights)
    sizes = [len(weights) * step["rows"] * step["columns"] for step in sliding.steps]
    parts = np.split(np.frombuffer(sliding.maps, "<f4"), np.cumsum(sizes)[:-1])
    np.testing.assert_array_equal(parts[0], convolution.sums.ravel())
    np.testing.assert_array_equal(parts[-1], convolution.activations.ravel())
    assert [step["reach"] for step in sliding.steps] == [1, 2, 2, 2, 2]
    assert [step["values"] is None for step in sliding.steps] == [False, True, False, False, True]


def test_a_page_moves_the_window_and_chooses_the_filter(sliding: SlidingWindow) -> None:
    set_from_page(sliding, row=3, column=27, filter=31)
    assert sliding.place == (31, 3, 27)


@pytest.mark.parametrize(("sent", "taken"), [(-1, 0), (28, 27), (10**9, 27), (math.inf, 27), (4.4, 4)])
def test_the_window_stays_on_the_digit(sliding: SlidingWindow, sent: float, taken: int) -> None:
    set_from_page(sliding, row=sent, column=sent)
    assert sliding.place[1:] == (taken, taken)


def test_there_are_no_more_filters_than_there_are(sliding: SlidingWindow) -> None:
    set_from_page(sliding, filter=32)
    assert sliding.filter == 31


@pytest.mark.parametrize("sent", ["3", None, [3], math.nan, True, {}])
def test_what_is_no_number_moves_nothing(sliding: SlidingWindow, sent: object) -> None:
    before = sliding.place
    for name in ("row", "column", "filter"):
        set_from_page(sliding, **{name: sent})
    assert sliding.place == before


@pytest.mark.parametrize("name", ["_esm", "_css", "pixels", "weights", "maps", "steps", "width", "_dom_classes"])
def test_nothing_else_is_taken_from_a_page(sliding: SlidingWindow, name: str) -> None:
    before = getattr(sliding, name)
    set_from_page(sliding, **{name: []})
    set_from_page(sliding, **{name: "x"})
    assert getattr(sliding, name) == before


def test_its_script_begins_with_what_the_widgets_share(sliding: SlidingWindow) -> None:
    script = sliding.get_state()["_esm"]
    assert script.startswith(SHARED.read_text(encoding="utf-8"))
    assert script.count("export default") == 1
