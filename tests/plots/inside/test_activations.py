from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mnistlab.inside.forward import ForwardPass, LayerOutput
from mnistlab.plots.inside.activations import plot_activations, strongest_channels


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def output(name: str, *shape: int) -> LayerOutput:
    values = np.zeros(shape, np.float32)
    values[...] = np.arange(shape[-1])
    return LayerOutput(name, values, 0)


def test_each_relu_is_a_band_of_its_strongest_channels() -> None:
    image = np.zeros((28, 28), np.uint8)
    outputs = [output("convolution 1", 9, 9, 20), output("ReLU 1", 9, 9, 20), output("ReLU 2", 40), output("dense", 10)]
    figure = plot_activations(ForwardPass(image, outputs), 18)
    first, second = figure.axes
    assert first.get_title(loc="left") == "ReLU 1: 9x9x20, the 18 strongest shown"
    assert second.get_title(loc="left") == "ReLU 2: 40, the 18 strongest shown"
    shown = np.ma.filled(first.images[0].get_array().astype(float), np.nan)
    assert shown.shape == (3 * 10 - 1, 8 * 10 - 1)
    assert shown[0, 0] == 2, "the first of the 18 strongest of 20"
    assert shown[20, 10] == 19
    assert np.isnan(shown[9]).all()
    assert np.isnan(shown[20, 30]), "there is no 19th"
    assert second.images[0].get_array().shape == (1, 18)
    assert first.images[0].get_clim() == (0, 19)


def test_the_strongest_keep_their_order_and_all_are_shown_if_there_are_few() -> None:
    values = np.array([[[3.0, 1, 2, 5]]], np.float32)
    assert strongest_channels(LayerOutput("ReLU 1", values, 0), 2).tolist() == [0, 3]
    assert strongest_channels(LayerOutput("ReLU 1", values, 0), 9).tolist() == [0, 1, 2, 3]
    figure = plot_activations(ForwardPass(np.zeros((28, 28), np.uint8), [LayerOutput("ReLU 1", values, 0)]), 9)
    assert figure.axes[0].get_title(loc="left") == "ReLU 1: 1x1x4"
