import numpy as np
import pytest

from mnistlab.errors import ParameterError


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests."""
    global ARCHITECTURES, build_model, keras
    from mnistlab.model import ARCHITECTURES, build_model
    from mnistlab.system.backend import keras


NAMES = ["baseline", "fast", "accurate", "drawn"]


def test_the_architectures_are_those_that_are_tested() -> None:
    assert [*ARCHITECTURES] == NAMES


def test_the_baseline_has_the_documented_number_of_parameters() -> None:
    model = build_model("baseline")
    assert model.count_params() == 225_034
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [320, 18_496, 204_928, 1_290]


@pytest.mark.parametrize(("architecture", "parameters"), [("fast", 156_506), ("accurate", 289_962), ("drawn", 251_819)])
def test_the_others_have_the_documented_number_of_parameters(architecture: str, parameters: int) -> None:
    assert build_model(architecture).count_params() == parameters
    assert f"{parameters:,} parameters" in ARCHITECTURES[architecture].__doc__


@pytest.mark.parametrize("architecture", NAMES)
def test_a_model_returns_logits(architecture: str) -> None:
    model = build_model(architecture)
    assert isinstance(model.layers[-1], keras.layers.Dense)
    assert model.layers[-1].activation is keras.activations.linear
    assert model(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, 11 if architecture == "drawn" else 10)


def test_an_unknown_architecture_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(ParameterError, match="'transformer': choose one of baseline"):
        build_model("transformer")
