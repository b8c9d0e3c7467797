"""Images for training, rendered from drawings."""

from collections.abc import Iterable

import numpy as np

from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.preprocessing import image_from_drawing
from mnistlab.strokes import place

SIZES = (60, 240)
"""Smallest and largest longest side in training, in canvas pixels."""

PENS = (0.03, 0.28)
"""Thinnest and thickest pen in training, as a share of the digit's longest side."""

TILT = 20
"""Largest tilt in training, in degrees to either side."""


def render_at_random(drawings: Iterable[LabelledDrawing], seed: int = 0) -> np.ndarray:
    """Draw each digit in the middle of a canvas with a random pen, size and tilt, and normalise it.

    Parameters
    ----------
    drawings : iterable of LabelledDrawing
        In any unit: they are scaled.
    seed : int

    Returns
    -------
    uint8 array of shape (N, 28, 28)
    """
    rng = np.random.default_rng(seed)
    images = []
    for labelled in drawings:
        size, tilt = rng.uniform(*SIZES), rng.uniform(-TILT, TILT)
        pen_width = size * rng.uniform(*PENS)
        images.append(image_from_drawing(place(labelled.drawing, size, tilt=tilt), pen_width))
    return np.stack(images)
