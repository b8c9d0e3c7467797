import numpy as np
import pytest

from mnistlab.data import Digits
from mnistlab.preprocessing import CENTRE, model_input, normalize_digit


def centre_of_mass(images: np.ndarray) -> np.ndarray:
    """Rows and columns, `(N, 2)`."""
    mass = images.sum(axis=(1, 2), dtype=float)
    rows = (images.sum(axis=2, dtype=float) @ np.arange(28)) / mass
    columns = (images.sum(axis=1, dtype=float) @ np.arange(28)) / mass
    return np.stack([rows, columns], axis=1)


def test_the_longest_side_becomes_20_pixels_and_the_aspect_ratio_stays() -> None:
    picture = np.zeros((60, 60), np.uint8)
    picture[5:45, 30:40] = 255  # 40 high, 10 wide
    image = normalize_digit(picture)
    assert (image.any(axis=1).sum(), image.any(axis=0).sum()) == (20, 5)


def test_where_the_ink_is_makes_no_difference() -> None:
    picture = np.zeros((60, 60), np.uint8)
    picture[0:20, 0:4] = picture[16:20, 0:14] = 200
    moved = np.roll(picture, (33, 21), axis=(0, 1))
    np.testing.assert_array_equal(normalize_digit(picture), normalize_digit(moved))


def test_the_centre_of_mass_comes_to_the_centre(digits: tuple[Digits, Digits]) -> None:
    assert np.abs(centre_of_mass(digits[0].images) - CENTRE).max() <= 0.5 + 1e-9


def test_mnist_itself_is_made_like_that(mnist: tuple[Digits, Digits]) -> None:
    images = mnist[0].images[:5000]
    assert np.abs(centre_of_mass(images) - CENTRE).max() <= 0.5 + 1e-9
    longest = np.maximum(images.any(axis=2).sum(axis=1), images.any(axis=1).sum(axis=1))
    assert np.median(longest) == longest.max() == 20


def test_a_blank_picture_is_no_digit() -> None:
    with pytest.raises(ValueError, match="blank"):
        normalize_digit(np.zeros((10, 10), np.uint8))


def test_a_model_gets_float32_in_0_to_1() -> None:
    batch = model_input(np.full((2, 28, 28), 255, np.uint8))
    assert (batch.dtype, batch.shape, batch.min(), batch.max()) == (np.float32, (2, 28, 28, 1), 1, 1)
