import numpy as np
import pytest

from mnistlab.attributions.pictures import AGAINST, FOR, NEITHER, why_image, why_overlay
from mnistlab.attributions.why import Why
from mnistlab.preprocessing import image_from_drawing
from mnistlab.strokes import Drawing, rasterize

DRAWING = [[(40, 200), (40, 260)], [(40, 230), (70, 230)]]  # an upright line to the left of a level one, near a corner
PEN = 8


def why_of(drawing: Drawing, values: np.ndarray) -> Why:
    image = image_from_drawing(drawing, PEN)
    return Why((values * (image / 255)).astype(np.float32), image, 1, 7, 0.0, 0.0)


LEFT_FOR = np.where(np.arange(28) < 14, 1, -1) * np.ones((28, 1))
"""What lies to the left speaks for the digit, the rest against it."""


def grey(colour: tuple[int, int, int]) -> float:
    return float(np.dot(colour, (0.299, 0.587, 0.114)))


def contrast(colour: tuple[int, int, int], ground: tuple[int, int, int] = (16, 20, 24)) -> float:
    """By WCAG 2.2."""
    linear = [((np.array(each) / 255 + 0.055) / 1.055) ** 2.4 for each in (colour, ground)]
    light, dark = (0.05 + np.dot(each, (0.2126, 0.7152, 0.0722)) for each in linear)
    return float(light / dark)


def test_the_colours_differ_in_grey_and_are_seen_on_the_pad() -> None:
    assert grey(AGAINST) + 20 < grey(NEITHER) < grey(FOR) - 20
    assert min(map(contrast, (FOR, NEITHER, AGAINST))) >= 3


@pytest.mark.parametrize("factor", [1, 10])
def test_each_pixel_becomes_a_square_in_its_colour_as_opaque_as_its_ink(factor: int) -> None:
    why = why_of(DRAWING, LEFT_FOR)
    picture = why_image(why, factor)
    assert (picture.shape, picture.dtype) == ((28 * factor, 28 * factor, 4), np.uint8)
    for top in (0, factor - 1):
        pixels = picture[top::factor, top::factor]
        np.testing.assert_array_equal(pixels[..., 3], why.image)
        assert (pixels[(why.image > 0) & (LEFT_FOR > 0), :3] == FOR).all()
        assert (pixels[(why.image > 0) & (LEFT_FOR < 0), :3] == AGAINST).all()
    neutral = why_image(why_of(DRAWING, 0 * LEFT_FOR), factor)
    assert (neutral[..., :3] == NEITHER).all()


def test_over_a_small_drawing_in_a_corner_the_colours_lie_on_its_strokes() -> None:
    picture = rasterize(DRAWING, PEN)
    overlay = why_overlay(why_of(DRAWING, LEFT_FOR), picture)
    assert (overlay.shape, overlay.dtype) == ((280, 280, 4), np.uint8)
    np.testing.assert_array_equal(overlay[..., 3], picture)
    upright, level = overlay[205:255, 40, :3], overlay[230, 56:68, :3]
    np.testing.assert_allclose(upright, np.broadcast_to(FOR, upright.shape), atol=25)
    np.testing.assert_allclose(level, np.broadcast_to(AGAINST, level.shape), atol=25)


def test_nothing_lies_over_an_empty_canvas() -> None:
    with pytest.raises(ValueError, match="blank"):
        why_overlay(why_of(DRAWING, LEFT_FOR), np.zeros((280, 280), np.uint8))


def test_ink_that_speaks_half_as_much_for_its_amount_has_half_the_colour() -> None:
    why = why_of(DRAWING, np.where(LEFT_FOR > 0, 1, 0.5))
    halfway = (np.array(NEITHER) + FOR) / 2
    pixels = why_image(why, 1)[(why.image > 0) & (LEFT_FOR < 0), :3]
    np.testing.assert_allclose(pixels, np.broadcast_to(halfway, pixels.shape), atol=1)
    level = why_overlay(why, rasterize(DRAWING, PEN))[228:232, 60:68, :3]
    np.testing.assert_allclose(level, np.broadcast_to(halfway, level.shape), atol=8)
