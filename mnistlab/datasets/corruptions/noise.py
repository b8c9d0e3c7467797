"""Corruptions of single pixels and of spots: noise and mud."""

import numpy as np
from scipy.ndimage import gaussian_filter

PHOTONS = 3
"""Photons that a pixel of full ink sends, on average."""

IMPULSES = 0.17
"""Share of the pixels that turn black or white."""

DROP = 1.0
"""How far noise is smoothed before drops are cut from it: a standard deviation, in pixels."""

DROP_EDGE = 1.5
"""How far the drops are smoothed, in the same unit."""

MIN_COVER = 0.8
"""Where a drop covers less of a pixel than this, it does not cover it at all."""

MUD = 63 / 255
"""Brightness of mud."""


def shot_noise(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Count photons in place of brightness: Poisson noise, which is strong where the ink is and absent where none is.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.
    rng : Generator

    Returns
    -------
    float array of shape (N, 28, 28)
        0 or more: the photons, as a share of `PHOTONS`.
    """
    return rng.poisson(PHOTONS * images) / PHOTONS


def impulse_noise(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn `IMPULSES` of the pixels black or white, each as often as the other; else as `shot_noise`."""
    is_hit = rng.random(images.shape) < IMPULSES
    return np.where(is_hit, rng.integers(2, size=images.shape), images)


def spatter(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Throw dark drops of mud on the images; else as `shot_noise`.

    The drops are where smoothed noise is above its mean. After that they are smoothed, and their thin edges cut off.
    """
    noise = _smoothed(rng.standard_normal(images.shape), DROP)
    cover = _smoothed((noise > 0).astype(float), DROP_EDGE)
    cover[cover < MIN_COVER] = 0
    return images * (1 - cover) + MUD * cover


def _smoothed(images: np.ndarray, std: float) -> np.ndarray:
    return np.asarray(gaussian_filter(images, (0, std, std), mode="nearest"))
