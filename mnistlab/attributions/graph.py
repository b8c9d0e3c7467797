"""The operators of a model file, with their constants.

LiteRT's interpreter does not tell the strides and activations of a model's layers, so they are read from the file
with the classes that LiteRT generates from the file format's schema. The format only ever grows, these classes may
change: nothing else uses them, ``tests/attributions/test_graph.py`` fails if they do, and ``pyproject.toml`` has an
upper bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

KINDS = {number: name for name, number in vars(schema.BuiltinOperator).items() if name.isupper()}
"""Names of the operators by their number in a file."""

DTYPES = {schema.TensorType.FLOAT32: np.dtype("<f4"), schema.TensorType.INT32: np.dtype("<i4")}
"""Types of the constants that are read; others, such as those of quantized models, are left out."""


SAME, VALID = schema.Padding.SAME, schema.Padding.VALID
"""Paddings: zeros around the inputs so that the outputs have the same size, or none."""

LINEAR, RELU = schema.ActivationFunctionType.NONE, schema.ActivationFunctionType.RELU
"""Activations."""


@dataclass(frozen=True, eq=False)
class Operator:
    """What a model does with the values from the operator before it."""

    kind: str  # LiteRT's name for it: "CONV_2D"
    constants: Sequence[np.ndarray]  # its other inputs, float32 or int32: weights and biases first
    options: Any  # of a class that depends on the kind; None if it has none
    output_rank: int  # dimensions of what it returns, the images' own included


def read_operators(content: bytes) -> list[Operator]:
    """Return the operators between a model's input and its output, in their order.

    Parameters
    ----------
    content : bytes
        Of a ``model.tflite`` file that `mnistlab.litert.load_model` has checked.

    Returns
    -------
    list of Operator
        Without those that only compute the shape of another one.

    Raises
    ------
    ValueError
        If the model is not one operator after the other.
    """
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    graph, operators = model.subgraphs[0], []
    current = graph.inputs[0]
    for each in graph.operators:
        code = model.operatorCodes[each.opcodeIndex]
        kind = KINDS[max(code.builtinCode, code.deprecatedBuiltinCode)]  # the latter ends at 127
        if current in each.inputs and kind != "SHAPE":
            constants = [_constant(model, graph.tensors[i]) for i in each.inputs if i not in (current, -1)]
            current = each.outputs[0]
            read = [constant for constant in constants if constant is not None]
            operators.append(Operator(kind, read, each.builtinOptions, len(graph.tensors[current].shape)))
    if current != graph.outputs[0]:
        raise ValueError("its layers are not one after the other")
    return operators


def _constant(model: Any, tensor: Any) -> np.ndarray | None:
    """A tensor's values if the file has them, and they are of a type that is read."""
    data = model.buffers[tensor.buffer].data
    if data is None or tensor.type not in DTYPES:
        return None
    shape = () if tensor.shape is None else tuple(tensor.shape)
    return np.frombuffer(bytes(data), DTYPES[tensor.type]).reshape(shape)
