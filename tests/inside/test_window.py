"""The first convolution of networks as ours have them: with zeros around or without, with a bias, cropped, pooled."""

import numpy as np
import pytest

from mnistlab.attributions.layers import Convolution, Crop, Dense, Flatten, Layer, MaxPooling, ReLU, Scale, Shift
from mnistlab.attributions.network import Network, read_network
from mnistlab.errors import RunError
from mnistlab.inside.window import first_convolution
from mnistlab.prediction import Predictor

RNG = np.random.default_rng(0)

IMAGE = RNG.integers(0, 256, (28, 28)).astype(np.uint8)


def random(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


def convolution(padding: int) -> Convolution:
    return Convolution(random(3, 3, 1, 4), random(4), padding)


NORMALISED = [MaxPooling(), Scale(random(4)), Shift(random(4)), ReLU()]
LAST = [Flatten(), Dense(random(5, 10), random(10))]

NETWORKS: dict[str, list[Layer]] = {
    "ReLU at once": [convolution(0), ReLU(), MaxPooling(), *LAST],
    "max pooling and batch normalisation": [convolution(1), *NORMALISED, convolution(1), *LAST],
    "one pixel cut off": [Crop(np.s_[:, 1:-1, 1:-1, :]), convolution(0), *NORMALISED, *LAST],
    "an odd row cut off": [Crop(np.s_[:, 1:, :, :]), convolution(1), *NORMALISED, *LAST],
}

SHIPPED = "the model that ships"


def layers_of(name: str) -> list[Layer]:
    return [*read_network(Predictor.pretrained().model).layers] if name == SHIPPED else NETWORKS[name]


def computed(layers: list[Layer], kind: type) -> np.ndarray:
    """What the first layer of that kind gives for the image."""
    values = IMAGE[np.newaxis, ..., np.newaxis].astype(np.float32) / 255
    for layer in layers:
        values, _ = layer.forward(values)
        if isinstance(layer, kind):
            return values[0]
    raise AssertionError


@pytest.mark.parametrize("name", [*NETWORKS, SHIPPED])
def test_at_each_place_the_arithmetic_gives_what_the_network_computes(name: str) -> None:
    layers = layers_of(name)
    sums, activations = computed(layers, Convolution), computed(layers, ReLU)
    first = first_convolution(Network(layers), IMAGE)
    assert first.sums.shape == (sums.shape[2], *sums.shape[:2])
    np.testing.assert_array_equal(first.activations, activations.transpose(2, 0, 1))
    rows, columns, filters = sums.shape
    reach = rows // activations.shape[0]
    for row, column, chosen in [*np.ndindex(rows, columns, filters)][::7]:
        (words, of_products), (_, with_bias), *further = first.lines(chosen, row, column)
        assert words == "sum of the 9 products"
        assert of_products == pytest.approx(first.products(chosen, row, column).sum())
        assert of_products + first.steps[0].values[chosen] == pytest.approx(sums[row, column, chosen], abs=1e-4)
        assert with_bias == sums[row, column, chosen]
        if row // reach < activations.shape[0]:
            assert further[-1] == ("ReLU: 0 if below 0", activations[row // reach, column // reach, chosen])


def test_the_window_sees_the_image_within_a_ring_of_zeros() -> None:
    first = first_convolution(Network(NETWORKS["max pooling and batch normalisation"]), IMAGE)
    assert first.pixels.shape == (30, 30)
    assert first.padding == 1
    np.testing.assert_array_equal(first.pixels[1:-1, 1:-1], IMAGE)
    assert first.pixels[0].sum() == first.pixels[:, -1].sum() == 0
    np.testing.assert_allclose(first.seen(0, 0)[1:, 1:], IMAGE[:2, :2] / 255, rtol=1e-6)


def test_what_is_cut_off_is_not_under_the_window() -> None:
    first = first_convolution(Network(NETWORKS["one pixel cut off"]), IMAGE)
    np.testing.assert_array_equal(first.pixels, IMAGE[1:-1, 1:-1])
    assert first.padding == 0


def test_each_step_says_what_it_does_with_a_filter() -> None:
    first = first_convolution(Network(NETWORKS["max pooling and batch normalisation"]), IMAGE)
    scale, shift = (float(step.values[2]) for step in first.steps[2:4])
    assert [words for words, _ in first.lines(2, 5, 8)] == [
        "sum of the 9 products",
        f"plus the bias {first.steps[0].values[2]:.3f}",
        "largest of 2x2 sums",
        f"times {scale:.3f}",
        f"plus {shift:.3f}",
        "ReLU: 0 if below 0",
    ]
    numbers = [number for _, number in first.lines(2, 5, 8)]
    assert numbers[2] == first.sums[2, 4:6, 8:10].max()
    assert numbers[3] == pytest.approx(numbers[2] * scale, rel=1e-5)
    assert numbers[4] == pytest.approx(numbers[3] + shift, rel=1e-5)
    assert numbers[5] == max(numbers[4], 0)


def test_an_odd_last_row_goes_no_further_than_its_sum() -> None:
    first = first_convolution(Network(NETWORKS["an odd row cut off"]), IMAGE)
    assert first.sums.shape[1:] == (27, 28)
    assert len(first.lines(0, 25, 0)) == 6
    assert len(first.lines(0, 26, 0)) == 2


def test_the_strongest_place_is_where_the_highest_activation_comes_from() -> None:
    weights = np.zeros((3, 3, 1, 2), np.float32)
    weights[1, 1] = 1, 2
    layers = [Convolution(weights, np.zeros(2, np.float32), 1), ReLU(), *LAST]
    image = np.zeros((28, 28), np.uint8)
    image[6, 9] = 255
    assert first_convolution(Network(layers), image).strongest == (1, 6, 9)


def test_a_network_without_a_convolution_at_its_beginning_is_an_error_of_one_line() -> None:
    with pytest.raises(RunError, match=r"does not begin with a convolution: choose a run") as caught:
        first_convolution(Network([Flatten(), Dense(random(784, 10), random(10))]), IMAGE)
    assert "\n" not in str(caught.value)
