import numpy as np
import pytest

from mnistlab.datasets.corruptions.kinds import corrupt
from mnistlab.datasets.digits import Digits


@pytest.fixture(scope="module")
def images(digits: tuple[Digits, Digits]) -> np.ndarray:
    return digits[0].images[:200]


def test_half_of_white_is_added_as_far_as_there_is_white(images: np.ndarray) -> None:
    brighter = corrupt(images, "brightness").astype(float)
    np.testing.assert_allclose(brighter, np.minimum(images + 127.5, 255), atol=0.5)


def test_a_quarter_of_the_columns_is_inverted_on_each_side(images: np.ndarray) -> None:
    striped = corrupt(images, "stripe")
    sides = [*range(7), *range(21, 28)]
    np.testing.assert_array_equal(striped[:, :, 7:21], images[:, :, 7:21])
    np.testing.assert_array_equal(striped[:, :, sides], 255 - images[:, :, sides])


def test_in_fog_the_ground_is_brighter_and_the_ink_a_quarter_as_strong() -> None:
    bars = np.zeros((200, 28, 28), np.uint8)
    bars[:, 4:24, 12:16] = 255
    ground = bars.copy()
    ground[:, 14] = 0  # the same fog, as the seed and the brightest pixel are the same
    with_ink, without = (corrupt(each, "fog").astype(int) for each in (bars, ground))
    difference = with_ink - without
    np.testing.assert_allclose(difference[:, 14, 12:16], 255 / 4, atol=1)
    difference[:, 14, 12:16] = 0
    assert not difference.any()
    assert (without[:, :4].mean(), without[:, :4].max()) > (60, 150)


def test_fog_does_not_make_the_brightest_pixel_brighter(images: np.ndarray) -> None:
    foggy = corrupt(images // 2, "fog")
    assert (foggy.max(axis=(1, 2)) <= images.max(axis=(1, 2)) // 2).all()
    assert foggy.mean() > 1.2 * (images // 2).mean()


def test_fog_is_soft_and_differs_from_image_to_image() -> None:
    dots = np.zeros((300, 28, 28), np.uint8)
    dots[:, 27, 27] = 255
    fog = corrupt(dots, "fog")[:, :27, :27] / (0.75 * 255)
    for axis in (1, 2):
        assert np.abs(np.diff(fog, axis=axis)).mean() == pytest.approx(0.008, abs=0.001)
    assert np.abs(fog[:, 0] - fog[:, -1]).mean() > 0.08
    assert fog.mean() == pytest.approx(0.5, abs=0.05)
    assert fog.mean(axis=(1, 2)).std() == pytest.approx(0.19, abs=0.03)
