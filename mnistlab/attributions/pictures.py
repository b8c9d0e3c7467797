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
"""Percentile of the attributions' sizes that has the full colour: a single strong pixel leaves the others visible."""


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
    picture = np.dstack([_colours(why.attributions, _full(why)), why.image])
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
    spread = Image.fromarray(why.attributions).transform(
        picture.shape[::-1], Image.Transform.AFFINE, mapping, Image.Resampling.BILINEAR
    )
    return np.dstack([_colours(np.asarray(spread), _full(why)), picture])


def _full(why: Why) -> float:
    """The size of the attributions that have the full colour."""
    sizes = np.abs(why.attributions[why.image > 0])
    return float(np.percentile(sizes, STRONGEST)) if sizes.any() else 1.0


def _colours(attributions: np.ndarray, full: float) -> np.ndarray:
    """The colours of attributions (H, W): uint8 (H, W, 3)."""
    strength = np.clip(attributions / full, -1, 1)
    channels = [np.interp(strength, (-1, 0, 1), levels) for levels in zip(AGAINST, NEITHER, FOR, strict=True)]
    return np.round(np.dstack(channels)).astype(np.uint8)
