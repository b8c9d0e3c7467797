import numpy as np
import pytest

from mnistlab.datasets.corruptions.kinds import CORRUPTIONS, corrupt
from mnistlab.datasets.digits import Digits
from mnistlab.errors import UnknownNameError

SEVERITIES = {
    "shot noise": 5,
    "impulse noise": 4,
    "glass blur": 1,
    "motion blur": 1,
    "shear": 2,
    "scale": 3,
    "rotate": 2,
    "brightness": 5,
    "translate": 3,
    "stripe": None,
    "fog": 5,
    "spatter": 4,
    "dotted line": None,
    "zigzag": None,
    "canny edges": None,
}
"""The defaults in corruptions.py, from which the published set was made."""

ALWAYS_THE_SAME = {"scale", "brightness", "stripe", "canny edges"}

LEAVE_BLANK = {"shot noise", "glass blur", "motion blur", "shear", "scale", "rotate", "translate", "fog", "canny edges"}


@pytest.fixture(scope="module")
def images(digits: tuple[Digits, Digits]) -> np.ndarray:
    return digits[0].images[:30]


def test_they_are_those_of_the_published_set_in_their_order() -> None:
    assert [*CORRUPTIONS] == [*SEVERITIES]
    assert {name: corruption.severity for name, corruption in CORRUPTIONS.items()} == SEVERITIES


def test_what_they_do_is_said_with_their_numbers() -> None:
    said = {name: corruption.what for name, corruption in CORRUPTIONS.items()}
    assert said["impulse noise"] == "17% of the pixels black or white"
    assert said["rotate"] == "by 23 degrees to a random side"
    assert said["scale"] == "to 70% of the size"


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_images_become_others_of_the_same_shape_and_stay_as_they_are_themselves(name: str, images: np.ndarray) -> None:
    before = images.copy()
    corrupted = corrupt(images, name)
    assert (corrupted.dtype, corrupted.shape) == (np.uint8, images.shape)
    assert (corrupted != images).any(axis=(1, 2)).all()
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_of_no_images_come_none(name: str) -> None:
    assert corrupt(np.zeros((0, 28, 28), np.uint8), name).shape == (0, 28, 28)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_seed_decides_what_is_random(name: str, images: np.ndarray) -> None:
    np.testing.assert_array_equal(corrupt(images, name, seed=1), corrupt(images, name, seed=1))
    differs = (corrupt(images, name, seed=1) != corrupt(images, name, seed=2)).any()
    assert differs == (name not in ALWAYS_THE_SAME)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_image_has_random_numbers_of_its_own(name: str, images: np.ndarray) -> None:
    corrupted = corrupt(np.repeat(images[:1], 60, axis=0), name)
    different = len(np.unique(corrupted.reshape(60, -1), axis=0))
    few = {**dict.fromkeys(ALWAYS_THE_SAME, 1), "shear": 2, "rotate": 2, "translate": 4}
    if name in few:
        assert different == few[name]
    else:
        assert different > 30, "some lines and some smears are the same by chance"


@pytest.mark.parametrize("name", sorted(ALWAYS_THE_SAME))
def test_what_is_not_random_does_not_depend_on_other_images(name: str, images: np.ndarray) -> None:
    one_by_one = np.concatenate([corrupt(image[np.newaxis], name) for image in images])
    np.testing.assert_array_equal(corrupt(images, name), one_by_one)


@pytest.mark.parametrize("name", sorted(LEAVE_BLANK))
def test_no_ink_comes_from_the_images_beside(name: str, images: np.ndarray) -> None:
    with_blanks = images.copy()
    with_blanks[1::2] = 0
    corrupted = corrupt(with_blanks, name)
    assert corrupted[::2].any(axis=(1, 2)).all()
    assert not corrupted[1::2].any()


def test_wrong_names_and_wrong_arrays_are_said(images: np.ndarray) -> None:
    with pytest.raises(UnknownNameError, match="corruption 'snow': choose one of shot noise, impulse noise"):
        corrupt(images, "snow")
    with pytest.raises(ValueError, match=r"expected uint8 \(N, 28, 28\), got float64 \(30, 28, 28\)"):
        corrupt(images / 255, "fog")
    with pytest.raises(ValueError, match=r"got uint8 \(28, 28\)"):
        corrupt(images[0], "fog")
