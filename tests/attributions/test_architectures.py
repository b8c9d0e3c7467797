"""Every architecture of ours, with random weights: exported, and read again."""

from pathlib import Path

import numpy as np
import pytest

from mnistlab.attributions.network import read_network
from mnistlab.attributions.why import explain
from mnistlab.errors import RunError
from mnistlab.litert import LiteRTModel
from mnistlab.preprocessing import model_input

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["baseline", "fast", "accurate", "drawn"])
def test_the_logits_are_litert_s_and_attributions_add_up(architecture: str, tmp_path: Path) -> None:
    from mnistlab.model import ARCHITECTURES, build_model  # late, as in all tests: it imports TensorFlow

    assert set(ARCHITECTURES) == {"baseline", "fast", "accurate", "drawn"}
    model, rng = build_model(architecture), np.random.default_rng(1)
    model.set_weights(
        [weights + rng.uniform(0, 0.1, weights.shape) for weights in model.get_weights()]  # variances stay above 0
    )
    model.export(tmp_path / "model.tflite", format="litert", verbose=False)
    exported = LiteRTModel(tmp_path / "model.tflite", (tmp_path / "model.tflite").read_bytes())
    network = read_network(exported)
    expected = exported.logits(IMAGES)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(network.forward(model_input(IMAGES))[0], expected, atol=1e-4 * scale)
    why = explain(network, IMAGES[0], digit=5, other=3)
    assert why.attributions.sum() == pytest.approx(why.difference, abs=1e-4 * scale)


@pytest.mark.slow
def test_another_kind_of_layer_is_one_line_about_the_model(tmp_path: Path) -> None:
    from mnistlab.system.backend import keras

    layers = [
        keras.Input((28, 28, 1)),
        keras.layers.AveragePooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10),
    ]
    path = tmp_path / "model.tflite"
    keras.Sequential(layers).export(path, format="litert", verbose=False)
    with pytest.raises(RunError, match=r"cannot be explained, no layer here does .* \(AVERAGE_POOL_2D") as caught:
        read_network(LiteRTModel(path, path.read_bytes()))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
