from typing import Any

import numpy as np
import pytest

from mnistlab.attributions.layers import Convolution, Crop, Dense, Flatten, Layer, MaxPooling, ReLU, Scale, Shift

RNG = np.random.default_rng(0)


def random(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype(np.float32)


LAYERS: dict[str, Layer] = {
    "cropping": Crop(np.s_[:, 1:-1, 2:, :]),
    "convolution with zeros around": Convolution(random(3, 3, 2, 4), random(4), 1),
    "convolution without": Convolution(random(3, 3, 2, 4), random(4), 0),
    "max pooling": MaxPooling(),
    "scale": Scale(random(2)),
    "shift": Shift(random(2)),
    "ReLU": ReLU(),
    "flatten": Flatten(),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("side", [6, 7])
def test_gradient_times_change_is_the_change_of_the_output(name: str, side: int) -> None:
    path = random(5, side, side, 2)
    outputs, backward = LAYERS[name].forward(path)
    weights = random(*outputs.shape[1:])
    gradients = backward(np.stack([weights] * 4))
    attributed = (gradients * np.diff(path, axis=0)).reshape(4, -1).sum(1)
    np.testing.assert_allclose(attributed, (np.diff(outputs, axis=0) * weights).reshape(4, -1).sum(1), atol=1e-4)


@pytest.mark.parametrize("name", LAYERS)
def test_over_a_short_piece_it_is_the_gradient(name: str) -> None:
    point, change = random(6, 6, 2), random(6, 6, 2)
    outputs, backward = LAYERS[name].forward(np.stack([point, point + 1e-6 * change]))
    weights = random(*outputs.shape[1:])
    gradients = backward(weights[np.newaxis])
    for place in [(0, 0, 0), (2, 3, 1), (3, 2, 0), (5, 5, 1)]:
        moved = point.copy()
        moved[place] += 1e-3
        there, _ = LAYERS[name].forward(moved[np.newaxis])
        slope = ((there[0] - outputs[0]) * weights).sum() / 1e-3
        assert gradients[0][place] == pytest.approx(slope, abs=0.02)


def test_a_dense_layer_is_a_matrix() -> None:
    layer, path = Dense(random(3, 2), random(2)), random(4, 3)
    outputs, backward = layer.forward(path)
    np.testing.assert_allclose(outputs, path @ layer.weights + layer.biases)
    np.testing.assert_allclose(backward(random(3, 2) * 0 + 1), np.stack([layer.weights.sum(1)] * 3), rtol=1e-5)


@pytest.mark.parametrize(
    ("start", "end", "slope"), [(1, 2, 1), (-1, -2, 0), (-1, 3, 0.75), (3, -1, 0.75), (2, 2, 1), (-2, -2, 0), (0, 0, 0)]
)
def test_relus_average_gradient_is_the_share_of_the_way_on_which_it_is_positive(
    start: float, end: float, slope: float
) -> None:
    _, backward = ReLU().forward(np.array([[start], [end]], np.float32))
    assert backward(np.ones((1, 1), np.float32)).item() == slope


def test_where_four_values_stay_equal_one_of_them_counts() -> None:
    _, backward = MaxPooling().forward(np.ones((2, 2, 2, 1), np.float32))
    assert backward(np.ones((1, 1, 1, 1), np.float32)).sum() == 1


def test_an_odd_last_row_of_a_pool_is_left_out() -> None:
    values = np.zeros((1, 3, 3, 1), np.float32)
    values[0, 2, 2] = 9
    outputs: Any = MaxPooling().forward(values)[0]
    assert outputs.tolist() == [[[[0]]]]
