from types import SimpleNamespace

import numpy as np
import pytest

from mnistlab.attributions.building import build_layers
from mnistlab.attributions.graph import LINEAR, RELU, SAME, VALID, Operator
from mnistlab.attributions.layers import Convolution, Crop, Dense, Layer, ReLU

WEIGHTS, BIASES = np.ones((4, 3, 3, 2), np.float32), np.ones(4, np.float32)

CONVOLUTION = {"padding": SAME, "strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
POOLING = {"padding": VALID, "filterHeight": 2, "filterWidth": 2, "strideH": 2, "strideW": 2}
SLICE = {"beginMask": 9, "endMask": 9, "ellipsisMask": 0, "newAxisMask": 0, "shrinkAxisMask": 0}
PLACES = [np.array(places) for places in ([0, 1, 2, 0], [0, -1, 26, 0], [1, 1, 1, 1])]


def built(kind: str, constants: list[np.ndarray], rank: int = 4, **options: int) -> list[Layer]:
    return build_layers(
        Operator(kind, constants, SimpleNamespace(**{"fusedActivationFunction": LINEAR, **options}), rank)
    )


def test_an_activation_becomes_a_layer_of_its_own() -> None:
    convolution, relu = built("CONV_2D", [WEIGHTS, BIASES], **CONVOLUTION, fusedActivationFunction=RELU)
    assert isinstance(convolution, Convolution)
    assert isinstance(relu, ReLU)
    assert (convolution.weights.shape, convolution.padding) == ((3, 3, 2, 4), 1)


def test_a_layer_without_biases_has_zeros() -> None:
    (dense,) = built("FULLY_CONNECTED", [np.ones((5, 7), np.float32)], 2)
    assert isinstance(dense, Dense)
    assert (dense.weights.shape, dense.biases.tolist()) == ((7, 5), [0] * 5)


def test_a_part_is_cut_out() -> None:
    (crop,) = built("STRIDED_SLICE", PLACES, **SLICE)
    assert isinstance(crop, Crop)
    assert crop.part == np.s_[:, 1:-1, 2:26, :]


@pytest.mark.parametrize(
    ("kind", "constants", "rank", "options"),
    [
        ("LOGISTIC", [], 4, {}),
        ("CONV_2D", [WEIGHTS], 4, CONVOLUTION | {"fusedActivationFunction": 3}),
        ("CONV_2D", [WEIGHTS], 4, CONVOLUTION | {"strideH": 2}),
        ("CONV_2D", [WEIGHTS], 4, CONVOLUTION | {"dilationWFactor": 2}),
        ("CONV_2D", [WEIGHTS[:, :2, :2]], 4, CONVOLUTION),
        ("CONV_2D", [WEIGHTS[:, :, :1]], 4, CONVOLUTION),
        ("CONV_2D", [], 4, CONVOLUTION),
        ("MAX_POOL_2D", [], 4, POOLING | {"filterWidth": 3}),
        ("MAX_POOL_2D", [], 4, POOLING | {"padding": SAME}),
        ("MUL", [], 4, {}),
        ("ADD", [], 4, {}),
        ("RESHAPE", [], 3, {}),
        ("FULLY_CONNECTED", [], 2, {}),
        ("STRIDED_SLICE", PLACES, 4, SLICE | {"shrinkAxisMask": 1}),
        ("STRIDED_SLICE", PLACES[:2], 4, SLICE),
        ("STRIDED_SLICE", [*PLACES[:2], np.array([1, 2, 2, 1])], 4, SLICE),
    ],
)
def test_what_no_layer_does_is_refused_by_its_name(
    kind: str, constants: list[np.ndarray], rank: int, options: dict[str, int]
) -> None:
    with pytest.raises(
        ValueError, match=rf"no layer here does what one of its layers does \({kind}, or its settings\)"
    ):
        built(kind, constants, rank, **options)
