from math import cos, sin

import numpy as np
import pytest
from images import centre_of_mass, slants

from mnistlab.datasets.corruptions.kinds import corrupt


def boxes(rows: slice, columns: slice) -> np.ndarray:
    images = np.zeros((80, 28, 28), np.uint8)
    images[:, rows, columns] = 255
    return images


BARS = boxes(slice(7, 21), slice(13, 15))

SQUARES = boxes(slice(4, 24), slice(4, 24))


def ink(images: np.ndarray) -> np.ndarray:
    return images.sum(axis=(1, 2), dtype=float) / 255


def test_a_shift_is_by_three_pixels_into_each_of_four_corners_and_keeps_the_ink() -> None:
    shifted = corrupt(BARS, "translate")
    moves = centre_of_mass(shifted) - centre_of_mass(BARS)
    corners, counts = np.unique(moves, axis=0, return_counts=True)
    assert corners.tolist() == [[-3, -3], [-3, 3], [3, -3], [3, 3]]
    assert counts.min() > 8
    np.testing.assert_array_equal(ink(shifted), ink(BARS))


def test_what_is_shifted_out_does_not_come_back_on_the_other_side() -> None:
    assert ink(corrupt(boxes(slice(None), slice(None)), "translate")).tolist() == [25 * 25] * 80


def test_a_turn_is_by_23_degrees_to_both_sides_around_the_middle_and_keeps_the_ink() -> None:
    turned = corrupt(BARS, "rotate")
    np.testing.assert_allclose(np.abs(slants(turned)), np.degrees(0.4), atol=0.2)
    assert 20 < (slants(turned) > 0).sum() < 60
    np.testing.assert_allclose(ink(turned), ink(BARS), rtol=0.01)
    np.testing.assert_allclose(centre_of_mass(turned), 13.5, atol=0.05)


def test_a_shear_leans_to_both_sides_and_spreads_the_rows() -> None:
    sheared = corrupt(BARS, "shear")
    rows = sheared[:, 9:19].astype(float)
    middles = rows @ np.arange(28) / rows.sum(axis=2)
    np.testing.assert_allclose(np.abs(np.diff(middles, axis=1)), sin(0.4), atol=0.01)
    assert 20 < (slants(sheared) > 0).sum() < 60
    np.testing.assert_allclose(ink(sheared), ink(BARS) / cos(0.4), rtol=0.01)
    np.testing.assert_allclose(rows.sum(axis=2), 2 * 255, rtol=0.01)
    np.testing.assert_allclose(centre_of_mass(sheared), 13.5, atol=0.05)


def test_a_square_is_scaled_to_seven_tenths_around_the_middle() -> None:
    small = corrupt(SQUARES, "scale")
    np.testing.assert_allclose(ink(small), 14**2, rtol=0.01)
    np.testing.assert_allclose(centre_of_mass(small), 13.5, atol=0.01)
    assert small[0, 14].astype(float).sum() / 255 == pytest.approx(14, abs=0.1)
    assert small[0, 14, 14] == 255
