from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from mnistlab.attributions import building
from mnistlab.attributions.layers import Convolution, Dense, Layer
from mnistlab.attributions.network import Network, read_network
from mnistlab.attributions.why import explain, spread
from mnistlab.data import load_dataset
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import RunError
from mnistlab.evaluation.drawn import CONDITIONS, render
from mnistlab.litert import LiteRTModel
from mnistlab.prediction import Predictor
from mnistlab.preprocessing import model_input

DRAWN = render(EXAMPLES, CONDITIONS[0])
THIN = render(EXAMPLES, CONDITIONS[2])
ONE, WITH_FLAG = DRAWN[1:3]
FLAG = np.s_[8:14, :11]
"""Where the flag of that 1 is."""


@pytest.fixture(scope="module")
def model() -> LiteRTModel:
    return Predictor.pretrained().model


@pytest.fixture(scope="module")
def network(model: LiteRTModel) -> Network:
    return read_network(model)


def test_the_logits_are_those_of_litert(model: LiteRTModel, network: Network) -> None:
    images = np.concatenate([DRAWN, THIN, np.zeros((1, 28, 28), np.uint8), load_dataset("digits")[1].images[:20]])
    np.testing.assert_allclose(network.forward(model_input(images))[0], model.logits(images), atol=1e-3)


@pytest.mark.parametrize("other", [None, 1, 5])
def test_the_attributions_add_up_to_the_difference_that_litert_finds(
    model: LiteRTModel, network: Network, other: int | None
) -> None:
    for image in [*DRAWN, *THIN, *load_dataset("digits")[1].images[:5]]:
        why = explain(network, image, digit=8, other=other)
        found = model.logits(np.stack([np.zeros_like(image), image]))
        less = 0 if other is None else found[:, other]
        empty, given = found[:, 8] - less
        assert why.difference == pytest.approx(given - empty, abs=1e-3)
        assert why.empty == pytest.approx(empty, abs=1e-3)
        assert why.attributions.sum() == pytest.approx(given - empty, rel=0.01, abs=0.02)
        assert why.speaks_for + why.speaks_against == pytest.approx(why.difference, abs=1e-3)
        assert why.speaks_for >= 0 >= why.speaks_against


def test_where_there_is_no_ink_there_is_nothing_to_explain(network: Network) -> None:
    why = explain(network, ONE, other=7)
    assert why.attributions.dtype == np.float32
    assert not why.attributions[ONE == 0].any()
    empty = explain(network, np.zeros_like(ONE))
    assert not empty.attributions.any()
    assert empty.difference == 0


def test_the_most_likely_digit_is_explained_if_none_is_named(network: Network) -> None:
    assert [explain(network, image).digit for image in DRAWN] == [example.label for example in EXAMPLES]
    assert str(explain(network, ONE, other=7)).startswith("why 1, not 7: ink for it +")
    assert str(explain(network, ONE)).startswith("why 1: ink for it +")


def test_the_flag_of_a_1_speaks_for_a_7(network: Network) -> None:
    assert explain(network, WITH_FLAG, digit=1, other=7).attributions[FLAG].sum() < -1
    assert explain(network, WITH_FLAG, digit=7, other=1).attributions[FLAG].sum() > 1


def test_more_pieces_change_little(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = [explain(network, image, other=9 - image[14, 14] % 2).attributions for image in DRAWN[:4]]
    monkeypatch.setattr("mnistlab.attributions.why.PIECES", 60)
    for image, found in zip(DRAWN[:4], coarse, strict=True):
        fine = explain(network, image, other=9 - image[14, 14] % 2).attributions
        assert np.abs(found - fine).sum() < 0.2 * np.abs(fine).sum()


def shuffled(layer: Layer, rng: np.random.Generator) -> Layer:
    if isinstance(layer, Convolution | Dense):
        return replace(layer, weights=rng.permutation(layer.weights.ravel()).reshape(layer.weights.shape))
    return layer


@pytest.mark.parametrize("kept", [0, 5, -1])
def test_random_weights_in_the_last_layers_change_the_map(network: Network, kept: int) -> None:
    """Of J. Adebayo and others: Sanity checks for saliency maps, NeurIPS 2018: it explains the model, not the image."""
    rng, correlations = np.random.default_rng(0), []
    for image in DRAWN:
        layers = [*network.layers[:kept], *(shuffled(layer, rng) for layer in network.layers[kept:])]
        maps = [explain(each, image, digit=3).attributions[image > 0] for each in (network, Network(layers))]
        correlations.append(spearmanr(*maps).statistic)
    assert abs(np.mean(correlations)) < 0.3


def test_spreading_keeps_the_sum_and_leaves_the_ground_empty() -> None:
    values = np.random.default_rng(0).normal(size=(28, 28)).astype(np.float32) * (ONE > 0)
    found = spread(values, ONE.astype(np.float32) / 255)
    assert found.sum() == pytest.approx(values.sum(), abs=1e-3)
    assert not found[ONE == 0].any()
    assert np.abs(found).sum() < 0.7 * np.abs(values).sum()


@pytest.mark.parametrize(
    ("image", "digits", "complaint"),
    [
        (ONE[np.newaxis], {}, r"expected an image, uint8 \(28, 28\), got uint8 \(1, 28, 28\)"),
        (ONE / 255, {}, "got float64"),
        (ONE, {"digit": 10}, "10 is no digit: choose one of 0 to 9"),
        (ONE, {"other": -1}, "-1 is no digit"),
        (ONE, {"digit": 7, "other": 7}, "7 cannot be compared with itself: choose another digit"),
        (ONE, {"other": 1}, "1 cannot be compared with itself"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    network: Network, image: np.ndarray, digits: dict[str, int], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        explain(network, image, **digits)


def test_a_model_with_another_kind_of_layer_is_refused_in_one_line(
    model: LiteRTModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(building.BUILDERS, "MAX_POOL_2D")
    with pytest.raises(RunError, match=r"model.tflite cannot be explained, .*\(MAX_POOL_2D.*: choose a model of 02_"):
        read_network(model)
