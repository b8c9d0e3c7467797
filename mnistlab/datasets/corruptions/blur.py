"""Corruptions that blur: frosted glass, and a camera that moves."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mnistlab.datasets.corruptions.windows import windows
from mnistlab.preprocessing import SIDE

GLASS_BLUR = 0.7
"""Standard deviation of the blur before and after the pixels are mixed, in pixels."""

GLASS_REACH = 1
"""Rows and columns over which two pixels change places."""

GLASS_PASSES = 2
"""Times that all pixels are mixed."""

MOTION_REACH = 20
"""Pixels over which ink is smeared: twice the radius of 10 in corruptions.py, as ImageMagick takes it."""

MOTION_STD = 3
"""Standard deviation of the smear, in pixels."""

MOTION_ANGLE = 45
"""Largest angle of the smear to the rows, in degrees to either side."""


def glass_blur(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Let pixels change places with near ones at random, as seen through frosted glass; blur before and after.

    From the last pixel to the first, each second one at random changes places with one that is no or one row above and
    no or one column to the left. As in corruptions.py, ink is blurred only up and down: it tells scikit-image that the
    columns are colours.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.
    rng : Generator

    Returns
    -------
    float array of shape (N, 28, 28)
        0 to 1.
    """
    blurred = gaussian_filter1d(images, GLASS_BLUR, axis=1, mode="nearest")
    pixels = np.ascontiguousarray(blurred.transpose(1, 2, 0))  # (28, 28, N): what is at one place lies together
    places = range(SIDE - GLASS_REACH, GLASS_REACH, -1)
    for _ in range(GLASS_PASSES):
        for row in places:
            for column in places:
                _change_places(pixels, row, column, rng)
    return np.asarray(gaussian_filter1d(pixels.transpose(2, 0, 1), GLASS_BLUR, axis=1, mode="nearest"))


def motion_blur(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Smear ink to the left, along a line at a random angle for each image; else as `glass_blur`.

    The smear is half a Gaussian. Its steps are rounded to whole pixels, as ImageMagick does.
    """
    angles = np.radians(rng.uniform(-MOTION_ANGLE, MOTION_ANGLE, len(images)))
    steps = np.arange(MOTION_REACH + 1)
    weights = np.exp(-(steps**2) / (2 * MOTION_STD**2))
    padded = np.pad(images, ((0, 0), (MOTION_REACH, MOTION_REACH), (MOTION_REACH, MOTION_REACH)), mode="edge")
    smeared = np.zeros_like(images)
    for step, weight in zip(steps, weights / weights.sum(), strict=True):
        down, right = (np.ceil(step * part - 0.5).astype(int) for part in (np.sin(angles), np.cos(angles)))
        smeared += weight * windows(padded, MOTION_REACH + down, MOTION_REACH + right)
    return smeared


def _change_places(pixels: np.ndarray, row: int, column: int, rng: np.random.Generator) -> None:
    """In half of the images, swap a pixel with a near one. `pixels` is `(28, 28, N)`."""
    count = pixels.shape[-1]
    up, left = rng.integers(0, GLASS_REACH, (2, count), endpoint=True) * rng.integers(2, size=count)
    near = row - up, column - left, np.arange(count)
    pixels[near], pixels[row, column] = pixels[row, column].copy(), pixels[near]
