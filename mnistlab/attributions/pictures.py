"""Attributions as pictures: ink in colours, by itself or over a drawing."""

import numpy as np
from PIL import Image

from mnistlab.attributions.why import Why
from mnistlab.pictures.drawn import ink_of_drawing
from mnistlab.preprocessing import placed_image

FOR, NEITHER, AGAINST = (120, 200, 255), (140, 140, 140), (205, 80, 0)
"""Colours, red, green and blue, of ink that speaks for the digit, for or against nothing, and against it.

Colour-blind readers can tell blue from orange; in grey, ink for the digit is lighter and ink against it is darker than
other ink. Each has a contrast of at least 3 to the pad's dark ground.
"""

STRONGEST = 95
"""Percentile of the attributions' sizes that has the full colour: a few strong pixels leave the others visible."""


def why_image(why: Why, factor: int = 10) -> np.ndarray:
    """Show the image with its ink in colours.

    Parameters
    ----------
    why : Why
    factor : int
        Height and width, in pixels, of the square that each pixel of the image becomes; 1 or more.

    Returns
    -------
    uint8 array of shape (28 * factor, 28 * factor, 4)
        Red, green, blue and opacity: as opaque as the ink is strong, transparent where there is none.
    """
    picture = np.dstack([_colours(why, why.attributions, why.image), why.image])
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def why_overlay(why: Why, picture: np.ndarray) -> np.ndarray:
    """Show a drawing with its ink in colours: it can be laid over the drawing.

    Parameters
    ----------
    why : Why
        Of the image that `mnistlab.preprocessing.image_from_drawing` made of the drawing.
    picture : uint8 array of shape (H, W)
        The drawing, as `mnistlab.strokes.rasterize` makes it: light ink (255) on a dark background (0).

    Returns
    -------
    uint8 array of shape (H, W, 4)
        As `why_image`.

    Raises
    ------
    ValueError
        If nothing is drawn.
    """
    _, (top, left, scale) = placed_image(ink_of_drawing(picture))
    mapping = 1 / scale, 0, -left / scale, 0, 1 / scale, -top / scale  # from a point (x, y) of the picture, with a 1
    values, ink = (
        np.asarray(
            Image.fromarray(each.astype(np.float32)).transform(
                picture.shape[::-1], Image.Transform.AFFINE, mapping, Image.Resampling.BILINEAR
            )
        )
        for each in (why.attributions, why.image)
    )
    return np.dstack([_colours(why, values, ink), picture])


def _colours(why: Why, values: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """The colours of ink (H, W), as its values are for their amount of ink: uint8 (H, W, 3)."""
    sizes = np.abs(_by_ink(why.attributions, why.image)[why.image > 0])
    full = float(np.percentile(sizes, STRONGEST)) if sizes.any() else 1.0
    strengths = np.clip(_by_ink(values, ink) / full, -1, 1)
    channels = [np.interp(strengths, (-1, 0, 1), levels) for levels in zip(AGAINST, NEITHER, FOR, strict=True)]
    return np.round(np.dstack(channels)).astype(np.uint8)


def _by_ink(values: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Values divided by the ink that they belong to; 0 where there is none."""
    return np.divide(values, ink, out=np.zeros_like(values), where=ink > 0)
