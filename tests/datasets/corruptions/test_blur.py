import numpy as np
import pytest

from mnistlab.datasets.corruptions import blur


def random() -> np.random.Generator:
    return np.random.default_rng(0)


def one_column() -> np.ndarray:
    images = np.zeros((200, 28, 28))
    images[:, 8:20, 14] = 1
    return images


def test_behind_frosted_glass_ink_lies_elsewhere_and_is_no_less() -> None:
    ink = blur.glass_blur(one_column(), random())
    np.testing.assert_allclose(ink.sum(axis=(1, 2)), 12)
    assert ink[:, :, :14].sum() > 200
    assert ink[:, :, 16].sum() > 20
    assert ink[:, :, 17:].sum() == 0, "to the right by one pixel each time at most"
    assert ink.std(axis=0).max() > 0.2, "in each image elsewhere"


def test_frosted_glass_blurs_up_and_down_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blur, "GLASS_PASSES", 0)
    ink = blur.glass_blur(one_column(), random())
    assert {*np.nonzero(ink.any(axis=(0, 1)))[0]} == {14}
    assert 0.6 < ink[0, 8, 14] < 0.9
    assert 0.1 < ink[0, 7, 14] < 0.4


def test_ink_is_smeared_to_the_left_at_random_angles_up_to_45_degrees() -> None:
    dots = np.zeros((300, 28, 28))
    dots[:, 14, 20] = 1
    smeared = blur.motion_blur(dots, random())
    np.testing.assert_allclose(smeared.sum(axis=(1, 2)), 1)
    np.testing.assert_allclose(smeared[:, 14, 20], 0.235, atol=0.001)  # the first step of half a Gaussian
    rows, columns = np.nonzero(smeared.any(axis=0))
    assert columns.max() == 20
    assert columns.min() == 0
    assert (np.abs(rows - 14) <= 20 - columns).all()
    assert {*(rows - 14 - (20 - columns))[columns == 12]} >= {0, -16}, "down and up to 45 degrees"


def test_what_lies_outside_is_taken_to_be_as_the_edge() -> None:
    white = np.ones((2, 28, 28))
    np.testing.assert_allclose(blur.motion_blur(white, random()), white)
    np.testing.assert_allclose(blur.glass_blur(white, random()), white)
