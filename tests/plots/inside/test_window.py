from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mnistlab.inside.window import FirstConvolution, Step
from mnistlab.plots.inside.tiles import SIGNED, tiled
from mnistlab.plots.inside.window import plot_filters, plot_window


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def convolution() -> FirstConvolution:
    """Two filters over 6x6 pixels, with max pooling."""
    pixels = np.zeros((6, 6), np.uint8)
    pixels[2, 3] = 255
    weights = np.zeros((2, 3, 3), np.float32)
    weights[1] = -0.001
    weights[1, 1, 1] = 0.25
    sums = np.arange(32, dtype=np.float32).reshape(2, 4, 4)
    pooled = sums[:, ::2, ::2]
    return FirstConvolution(
        pixels, 0, weights, [Step("plus the bias", np.zeros(2), sums, 1), Step("max", None, pooled, 2)]
    )


def texts(axes: plt.Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_the_window_is_framed_and_its_products_are_worked_out() -> None:
    figure = plot_window(convolution(), 1, 1, 2)
    image, seen, weights, products, sums, activations = figure.axes
    assert [part.get_title() for part in figure.axes] == [
        "the window at row 1, column 2",
        "brightness / 255",
        "x weights of filter 1",
        "= products, their sum 0.250",
        "the sums of all places",
        "after the ReLU",
    ]
    assert [part.patches[0].get_xy() for part in (image, sums, activations)] == [(1.5, 0.5), (1.5, 0.5), (0.5, -0.5)]
    assert [part.patches[0].get_width() for part in (image, sums, activations)] == [3, 1, 1]
    assert texts(seen) == ["0.00"] * 4 + ["1.00"] + ["0.00"] * 4
    assert texts(weights)[4] == "0.25"
    assert texts(products) == ["0.00"] * 4 + ["0.25"] + ["0.00"] * 4, "no minus before a 0"


def test_filters_are_numbered_and_have_one_scale() -> None:
    weights = np.zeros((5, 3, 3))
    weights[3, 0, 0] = -2
    axes = plot_filters(weights, columns=3)
    assert texts(axes) == ["0", "1", "2", "3", "4"]
    (picture,) = axes.images
    assert picture.get_clim() == (-2, 2)
    shown = np.ma.filled(picture.get_array().astype(float), np.nan)
    assert shown.shape == (2 * 5 - 2, 3 * 5 - 2)
    assert shown[5, 0] == -2
    assert len(axes.patches) == 5


def test_tiles_lie_in_rows_with_gaps() -> None:
    canvas = tiled([np.full((2, 3), i) for i in range(3)], columns=2, gap=1)
    nan = np.nan
    expected = [
        [0, 0, 0, nan, 1, 1, 1],
        [0, 0, 0, nan, 1, 1, 1],
        [nan] * 7,
        [2, 2, 2, nan, nan, nan, nan],
        [2, 2, 2, nan, nan, nan, nan],
    ]
    np.testing.assert_array_equal(canvas, expected)


def test_above_and_below_0_have_other_colours_and_0_is_white() -> None:
    below, nothing, above = (SIGNED(value)[:3] for value in (0.0, 0.5, 1.0))
    assert below[0] > below[2], "orange"
    assert above[2] > above[0], "blue"
    assert nothing == pytest.approx((1, 1, 1), abs=0.01)
