"""Fails when LiteRT changes the classes that it generates from the file format's schema."""

import flatbuffers
import pytest
from ai_edge_litert import schema_py_generated as schema

from mnistlab.attributions.graph import LINEAR, RELU, SAME, read_operators
from mnistlab.prediction import PRETRAINED
from mnistlab.system.run_files import MODEL

CONTENT = (PRETRAINED / MODEL).read_bytes()


def test_the_operators_of_the_model_that_ships_come_in_their_order_with_their_constants() -> None:
    operators = read_operators(CONTENT)
    normalised = ["MAX_POOL_2D", "MUL", "ADD"]
    stage = ["CONV_2D", "CONV_2D", *normalised]
    assert [each.kind for each in operators] == [
        *["CONV_2D", *normalised, *stage, *stage],
        *["RESHAPE", "FULLY_CONNECTED"],
    ]
    first, *_, flat, last = operators
    assert [constant.shape for constant in first.constants] == [(32, 3, 3, 1), (32,)]
    assert (first.options.padding, first.options.strideH, first.options.fusedActivationFunction) == (SAME, 1, LINEAR)
    assert operators[3].options.fusedActivationFunction == RELU
    assert (flat.constants, flat.output_rank) == ([], 2)
    assert [constant.shape for constant in last.constants] == [(11, 1152), (11,)]


def test_a_model_whose_layers_are_not_one_after_the_other_is_refused() -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(CONTENT))
    model.subgraphs[0].outputs = model.subgraphs[0].operators[3].outputs
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    with pytest.raises(ValueError, match="its layers are not one after the other"):
        read_operators(bytes(builder.Output()))
