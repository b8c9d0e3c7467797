import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from images import centre_of_mass, differ

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.preprocessing import (
    CENTRE,
    image_from_drawing,
    image_from_ink,
    model_input,
    normalize_digit,
    placed_image,
)
from mnistlab.strokes import Drawing, place, rasterize

drawings = st.sampled_from([drawn.drawing for drawn in EXAMPLES])
sizes = st.floats(60, 200)
pens = st.floats(0.05, 0.2)
"""Pen widths as a share of the digit's size."""


def test_the_longest_side_becomes_20_pixels_and_the_aspect_ratio_stays() -> None:
    picture = np.zeros((60, 60), np.uint8)
    picture[5:45, 30:40] = 255  # 40 high, 10 wide
    image = normalize_digit(picture)
    assert image.any(axis=1).sum() == 20
    assert image.sum() / 255 == pytest.approx(20 * 5, rel=0.02)


@settings(deadline=None, derandomize=True)
@given(drawings, sizes, st.integers(-30, 30), st.integers(-30, 30), pens)
def test_the_position_on_the_canvas_makes_no_difference(
    drawing: Drawing, size: float, right: int, down: int, pen: float
) -> None:
    here = place(drawing, size / 2)
    there = [[(x + right, y + down) for x, y in stroke] for stroke in here]
    np.testing.assert_array_equal(image_from_drawing(here, pen * size / 2), image_from_drawing(there, pen * size / 2))


@settings(deadline=None, derandomize=True)
@given(drawings, sizes, sizes, pens)
def test_the_size_on_the_canvas_makes_little_difference(
    drawing: Drawing, size: float, other: float, pen: float
) -> None:
    one, two = (image_from_drawing(place(drawing, side), pen * side) for side in (size, other))
    assert differ(one, two) <= 6  # of 255


@settings(deadline=None, derandomize=True)
@given(drawings, sizes, pens, st.integers(0, 120), st.integers(40, 135))
def test_polarity_background_and_contrast_make_no_difference(
    drawing: Drawing, size: float, pen: float, background: int, contrast: int
) -> None:
    ink = rasterize(place(drawing, size), pen * size)
    light = (background + ink.astype(float) * contrast / 255).round().astype(np.uint8)
    images = [normalize_digit(picture) for picture in (ink, light, 255 - light)]
    np.testing.assert_array_equal(images[1], images[2])
    assert differ(images[0], images[1]) <= 1  # low contrast has fewer grey levels


def test_the_centre_of_mass_is_at_the_centre(digits: tuple[Digits, Digits]) -> None:
    assert np.abs(centre_of_mass(digits[0].images) - CENTRE).max() <= 0.5 + 1e-9


def test_mnist_itself_has_this_box_and_centre(mnist: tuple[Digits, Digits]) -> None:
    images = mnist[0].images[:5000]
    assert np.abs(centre_of_mass(images) - CENTRE).max() <= 0.5 + 1e-9
    longest = np.maximum(images.any(axis=2).sum(axis=1), images.any(axis=1).sum(axis=1))
    assert np.median(longest) == longest.max() == 20


def test_digits_of_mnist_stay_nearly_unchanged(mnist: tuple[Digits, Digits]) -> None:
    images = mnist[1].images[:2000]
    again = np.stack([normalize_digit(image) for image in images])
    change = np.abs(again.astype(float) - images).mean(axis=(1, 2))
    assert np.median(change) <= 0.5  # of 255
    assert (change > 3).mean() <= 0.01, "those with specks of dirt"


def test_an_empty_drawing_is_an_error() -> None:
    with pytest.raises(ValueError, match="blank"):
        image_from_drawing([])


def test_model_input_is_float32_from_0_to_1() -> None:
    batch = model_input(np.full((2, 28, 28), 255, np.uint8))
    assert (batch.dtype, batch.shape, batch.min(), batch.max()) == (np.float32, (2, 28, 28, 1), 1, 1)


def test_a_picture_of_floats_gives_the_same_image() -> None:
    picture = rasterize(EXAMPLES[3].drawing)
    np.testing.assert_array_equal(normalize_digit(picture / 255), normalize_digit(picture))


def test_dots_that_vanish_when_they_are_scaled_are_an_error() -> None:
    picture = np.zeros((560, 560), np.uint8)
    picture[0, 0] = picture[-1, -1] = 255
    with pytest.raises(ValueError, match="a few dots far from each other"):
        image_from_ink(picture)


@pytest.mark.parametrize(("top", "left"), [(0, 0), (30, 5), (13, 70)])
@pytest.mark.parametrize(("height", "width"), [(100, 60), (40, 50), (31, 20)])
def test_an_image_knows_where_it_lies_in_its_picture(top: int, left: int, height: int, width: int) -> None:
    ink = np.zeros((140, 140), np.uint8)
    ink[top : top + height, left : left + width] = 255
    image, placement = placed_image(ink)
    rows, columns = (np.flatnonzero(image.max(axis) > 127) for axis in (1, 0))
    assert placement.scale == max(height, width) / 20
    for first, corner, edge, last, size in (
        (rows[0], placement.top, top, rows[-1], height),
        (columns[0], placement.left, left, columns[-1], width),
    ):
        assert corner + first * placement.scale == pytest.approx(edge, abs=placement.scale)
        assert corner + (last + 1) * placement.scale == pytest.approx(edge + size, abs=placement.scale)
