from math import exp

import numpy as np
import pytest

from mnistlab.datasets.corruptions.kinds import corrupt


def grey(level: int) -> np.ndarray:
    return np.full((100, 28, 28), level, np.uint8)


def test_shot_noise_counts_up_to_three_photons() -> None:
    noisy = corrupt(grey(85), "shot noise")  # one photon on average
    assert {*np.unique(noisy)} == {0, 85, 170, 255}
    assert (noisy == 0).mean() == pytest.approx(exp(-1), abs=0.01)
    assert not corrupt(grey(0), "shot noise").any()


def test_impulse_noise_makes_a_sixth_of_the_pixels_black_or_white() -> None:
    noisy = corrupt(grey(100), "impulse noise")
    assert {*np.unique(noisy)} == {0, 100, 255}
    assert (noisy == 0).mean() == pytest.approx(0.085, abs=0.005)
    assert (noisy == 255).mean() == pytest.approx(0.085, abs=0.005)


def test_drops_of_mud_have_sharp_edges_and_lie_on_ink_and_ground() -> None:
    on_white, on_black = corrupt(grey(255), "spatter"), corrupt(grey(0), "spatter")
    assert on_white.min() == on_black.max() == 63
    is_mud = on_white < 255
    np.testing.assert_array_equal(is_mud, on_black > 0)  # the same seed, the same drops
    assert on_white[is_mud].max() < 63 + 0.2 * (255 - 63) + 1
    assert 0.05 < is_mud.mean() < 0.25


def test_drops_are_spots_not_single_pixels() -> None:
    is_mud = corrupt(grey(0), "spatter")[:, 1:-1, 1:-1] > 0
    beside = is_mud[:, :, :-1] == is_mud[:, :, 1:]
    assert beside.mean() > 0.9
