import numpy as np
import pytest

from mnistlab.attributions.network import Network, read_network
from mnistlab.datasets.digits import Digits
from mnistlab.inside.forward import forward_pass
from mnistlab.logits import digit_logits, softmax
from mnistlab.prediction import Predictor

Digits2 = tuple[Digits, Digits]


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor.pretrained()


@pytest.fixture(scope="module")
def network(predictor: Predictor) -> Network:
    return read_network(predictor.model)


def test_the_last_output_are_the_logits_of_the_model(predictor: Predictor, network: Network, digits: Digits2) -> None:
    image = digits[1].images[3]
    passed, expected = forward_pass(network, image), digit_logits(predictor.logits(image[np.newaxis]))
    np.testing.assert_allclose(passed.outputs[-1].values[:10], passed.logits)
    np.testing.assert_allclose(passed.logits, expected[0], atol=1e-3)
    np.testing.assert_allclose(passed.probabilities, softmax(expected)[0], atol=1e-3)
    assert passed.digit == expected.argmax()
    assert passed.image is image


def test_each_layer_has_a_name_a_shape_and_its_weights(network: Network, digits: Digits2) -> None:
    passed = forward_pass(network, digits[1].images[0])
    assert len(passed.outputs) == len(network.layers)
    assert [each.name for each in passed.outputs[:6]] == [
        "convolution 1",
        "max pooling 1",
        "scale 1",
        "shift 1",
        "ReLU 1",
        "convolution 2",
    ]
    assert [(each.name, each.shape) for each in passed.activations] == [
        ("ReLU 1", "14x14x32"),
        ("ReLU 2", "14x14x48"),
        ("ReLU 3", "7x7x48"),
        ("ReLU 4", "7x7x128"),
        ("ReLU 5", "3x3x128"),
    ]
    assert passed.outputs[0].weights == 32 * 9, "without biases: batch normalisation has a shift"
    assert passed.outputs[-1].weights == (3 * 3 * 128 + 1) * 11


def test_a_table_counts_what_each_layer_gives(network: Network, digits: Digits2) -> None:
    passed = forward_pass(network, digits[1].images[0])
    table = passed.table
    assert table.index.tolist() == [each.name for each in passed.outputs]
    assert table.loc["ReLU 5"].tolist()[:2] == ["3x3x128", "0"]
    zeros = (passed.outputs[4].values == 0).mean()
    assert 0 < zeros < 1
    assert table.loc["ReLU 1", "zeros"] == f"{zeros:.0%}"
    assert table.loc["dense 1", "weights"] == "12,683"


def test_the_rival_is_the_other_digit_or_the_second_most_likely(network: Network, digits: Digits2) -> None:
    passed = forward_pass(network, digits[1].images[0])
    second = int(np.argsort(passed.probabilities)[-2])
    other = int(passed.logits.argmin())
    assert passed.rival(other) == other
    assert passed.rival(passed.digit) == second != passed.digit
