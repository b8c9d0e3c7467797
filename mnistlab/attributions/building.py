"""From the operators of a model file to layers."""

from collections.abc import Callable

import numpy as np

from mnistlab.attributions.graph import LINEAR, RELU, SAME, VALID, Operator
from mnistlab.attributions.layers import Convolution, Crop, Dense, Flatten, Layer, MaxPooling, ReLU, Scale, Shift


def build_layers(operator: Operator) -> list[Layer]:
    """Return the layer that does what an operator does, and one for its activation if it has one.

    Raises
    ------
    ValueError
        If no layer does that.
    """
    layer = BUILDERS[operator.kind](operator) if operator.kind in BUILDERS else None
    activation = getattr(operator.options, "fusedActivationFunction", LINEAR)
    if layer is None or activation not in (LINEAR, RELU):
        raise ValueError(f"no layer here does what one of its layers does ({operator.kind}, or its settings)")
    return [layer, ReLU()] if activation == RELU else [layer]


def _convolution(operator: Operator) -> Layer | None:
    options = operator.options
    steps = options.strideH, options.strideW, options.dilationHFactor, options.dilationWFactor
    if steps != (1, 1, 1, 1) or not operator.constants:
        return None
    weights = operator.constants[0].transpose(1, 2, 3, 0)
    height, width = weights.shape[:2]
    if options.padding == SAME and (height != width or height % 2 == 0):
        return None
    padding = height // 2 if options.padding == SAME else 0
    return Convolution(np.ascontiguousarray(weights), _biases(operator), padding)


def _max_pooling(operator: Operator) -> Layer | None:
    options = operator.options
    sizes = options.filterHeight, options.filterWidth, options.strideH, options.strideW
    return MaxPooling() if sizes == (2, 2, 2, 2) and options.padding == VALID else None


def _scale(operator: Operator) -> Layer | None:
    return Scale(operator.constants[0]) if len(operator.constants) == 1 else None


def _shift(operator: Operator) -> Layer | None:
    return Shift(operator.constants[0]) if len(operator.constants) == 1 else None


def _crop(operator: Operator) -> Layer | None:
    options = operator.options
    if len(operator.constants) != 3 or options.ellipsisMask or options.newAxisMask or options.shrinkAxisMask:
        return None
    begin, end, steps = operator.constants
    if (steps != 1).any():
        return None
    masks = options.beginMask, options.endMask  # a bit for each dimension: 1 where all is kept
    edges = [
        [None if mask >> axis & 1 else int(place) for axis, place in enumerate(places)]
        for mask, places in zip(masks, (begin, end), strict=True)
    ]
    return Crop(tuple(map(slice, *edges)))


def _flatten(operator: Operator) -> Layer | None:
    return Flatten() if operator.output_rank == 2 else None


def _dense(operator: Operator) -> Layer | None:
    if not operator.constants:
        return None
    return Dense(np.ascontiguousarray(operator.constants[0].T), _biases(operator))


def _biases(operator: Operator) -> np.ndarray:
    """Zeros for a layer without biases."""
    weights, *biases = operator.constants
    return biases[0] if biases else np.zeros(len(weights), np.float32)


BUILDERS: dict[str, Callable[[Operator], Layer | None]] = {
    "ADD": _shift,
    "CONV_2D": _convolution,
    "FULLY_CONNECTED": _dense,
    "MAX_POOL_2D": _max_pooling,
    "MUL": _scale,
    "RESHAPE": _flatten,
    "STRIDED_SLICE": _crop,
}
"""What makes a layer of an operator of each kind; None for settings that no layer has."""
