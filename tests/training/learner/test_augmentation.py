from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from images import centre_of_mass, slants

from mnistlab.datasets.digits import Digits
from mnistlab.preprocessing import model_input
from mnistlab.training.presets import Distortion


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests."""
    global Augmentation, augment, keras
    from mnistlab.system.backend import keras
    from mnistlab.training.learner.augmentation import Augmentation, augment


EVERYTHING = Distortion(rotation=15, scale=0.1, shear=0.2, shift=2, thickness=0.5)


@pytest.fixture(scope="module")
def batch(digits: tuple[Digits, Digits]) -> np.ndarray:
    return model_input(digits[0].images[:200])


def distorted(batch: np.ndarray, distortion: Distortion, seed: int = 0) -> np.ndarray:
    return keras.ops.convert_to_numpy(augment(batch, distortion, keras.random.SeedGenerator(seed)))


def test_no_distortion_leaves_the_images_as_they_are(batch: np.ndarray) -> None:
    np.testing.assert_allclose(distorted(batch, Distortion()), batch, atol=1e-6)


def test_each_image_is_distorted_in_its_own_way_and_stays_in_0_to_1(batch: np.ndarray) -> None:
    same = np.repeat(batch[:1], 50, axis=0)
    result = distorted(same, EVERYTHING)
    assert result.shape == same.shape
    assert (result.min() >= 0, result.max() <= 1 + 1e-6) == (True, True)
    assert len(np.unique(result.reshape(50, -1), axis=0)) == 50


def test_the_seed_decides(batch: np.ndarray) -> None:
    first, again, other = (distorted(batch, EVERYTHING, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.5


def test_a_rotation_turns_by_at_most_so_many_degrees() -> None:
    bar = np.zeros((300, 28, 28, 1), np.float32)
    bar[:, 6:22, 13:15] = 1
    angles = slants(distorted(bar, Distortion(rotation=15))[..., 0])
    assert np.abs(angles).max() == pytest.approx(15, abs=1)
    assert abs(angles.mean()) < 2


def test_a_shift_moves_by_at_most_so_many_pixels(batch: np.ndarray) -> None:
    before, after = (centre_of_mass(images[..., 0]) for images in (batch, distorted(batch, Distortion(shift=2))))
    assert np.abs(after - before).max() == pytest.approx(2, abs=0.1)


def test_a_scale_stretches_width_and_height_apart() -> None:
    square = np.zeros((300, 28, 28, 1), np.float32)
    square[:, 9:19, 9:19] = 1
    result = distorted(square, Distortion(scale=0.2))
    height, width = (result.max(axis=axis).sum(axis=1)[:, 0] for axis in (2, 1))
    assert height.max() == pytest.approx(10 * np.exp(0.2), rel=0.05)
    assert width.min() == pytest.approx(10 * np.exp(-0.2), rel=0.05)
    assert abs(np.corrcoef(height, width)[0, 1]) < 0.2


def test_a_shear_slants_and_leaves_the_height() -> None:
    bar = np.zeros((300, 28, 28, 1), np.float32)
    bar[:, 6:22, 13:15] = 1
    result = distorted(bar, Distortion(shear=0.3))
    np.testing.assert_allclose(result.sum(axis=2).max(axis=2)[:, 8:20], 2, atol=0.05)
    assert np.degrees(np.arctan(0.3)) == pytest.approx(np.abs(slants(result[..., 0])).max(), abs=1)


def test_thickness_goes_both_ways_but_not_beyond_a_pixel(batch: np.ndarray) -> None:
    ink = distorted(batch, Distortion(thickness=0.5)).sum(axis=(1, 2, 3)) / batch.sum(axis=(1, 2, 3))
    assert ink.min() < 0.8
    assert ink.max() > 1.2
    full = distorted(batch, Distortion(thickness=1.0))
    dilated = keras.ops.convert_to_numpy(keras.ops.max_pool(batch, 3, strides=1, padding="same"))
    assert (full <= dilated + 1e-6).all()


def test_only_training_distorts_and_a_loaded_layer_continues_its_random_numbers(
    batch: np.ndarray, tmp_path: Path
) -> None:
    model = keras.Sequential([keras.Input((28, 28, 1)), Augmentation(asdict(EVERYTHING), seed=3)])
    np.testing.assert_array_equal(model(batch, training=False), batch)
    first = model(batch, training=True)
    model.save(tmp_path / "model.keras")
    then = model(batch, training=True)
    again = keras.saving.load_model(tmp_path / "model.keras")(batch, training=True)
    np.testing.assert_array_equal(again, then)
    assert np.abs(np.asarray(first) - np.asarray(then)).max() > 0.5


def test_a_share_of_the_images_gets_ink_of_another_at_an_edge() -> None:
    bars = np.zeros((400, 28, 28, 1), np.float32)
    bars[:, 4:24, 5:23] = 1
    result = distorted(bars, Distortion(neighbours=0.25))
    np.testing.assert_array_equal(result[:, :, 5:23], bars[:, :, 5:23])
    left, right = result[:, :, :5].any(axis=(1, 2, 3)), result[:, :, 23:].any(axis=(1, 2, 3))
    assert not (left & right).any()
    assert (left | right).tolist() == [True] * 100 + [False] * 300, "a batch comes shuffled: its first images do"
    assert (left.any(), right.any()) == (True, True)


def test_the_ink_at_the_edge_is_that_of_the_next_image() -> None:
    images = np.zeros((50, 28, 28, 1), np.float32)
    images[::2, 4:24, 4:24] = 0.4
    result = distorted(images, Distortion(neighbours=1.0))
    edges = np.concatenate([result[:, :, :4], result[:, :, 24:]], axis=2).max(axis=(1, 2, 3))
    assert edges[::2].max() == 0, "the images after these are empty"
    np.testing.assert_allclose(edges[1::2], 0.4, atol=1e-6)
