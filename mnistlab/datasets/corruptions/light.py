"""Corruptions of brightness: brighter, partly inverted, foggy."""

import numpy as np

from mnistlab.preprocessing import SIDE

BRIGHTNESS = 0.5
"""What is added to each pixel, 0 to 1."""

STRIPE = 7
"""Columns at the left and at the right edge that are inverted; as many in each quarter of the image."""

FOG = 3.0
"""Brightness of the thickest fog, where full ink is 1."""

FOG_DECAY = 1.4**2
"""Factor by which each doubling of detail is fainter. corruptions.py names 1.4, and multiplies its wobble by itself."""

FOG_SIDE = 256
"""Height and width of the fog, of which an image shows a corner."""

FOG_BATCH = 100
"""Images whose fog is made at once: 26 MB."""


def brightness(images: np.ndarray) -> np.ndarray:
    """Add `BRIGHTNESS`.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.

    Returns
    -------
    float array of shape (N, 28, 28)
        More than 1 where it is too bright to be told from white.
    """
    return images + BRIGHTNESS


def stripe(images: np.ndarray) -> np.ndarray:
    """Invert the first and the last quarter of the columns; else as `brightness`."""
    from_edge = np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1])
    return np.where(from_edge < STRIPE, 1 - images, images)


def fog(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lay fog over the images, each its own, and darken them: no pixel is brighter than the brightest was.

    The fog comes from the diamond-square algorithm: a grid of one value becomes twice as fine, eight times. Each new
    value is the mean of its four neighbours, and a random number that is smaller each time.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.
    rng : Generator

    Returns
    -------
    float array of shape (N, 28, 28)
        0 to 1.

    References
    ----------
    A. Fournier, D. Fussell, L. Carpenter: Computer rendering of stochastic models, CACM 25, 1982.
    """
    layers = [np.zeros_like(images[:0])]
    layers += [_fog(len(images[i : i + FOG_BATCH]), rng) for i in range(0, len(images), FOG_BATCH)]
    brightest = images.max(axis=(1, 2), keepdims=True)
    return (images + FOG * np.concatenate(layers)) * brightest / (brightest + FOG)


def _fog(count: int, rng: np.random.Generator) -> np.ndarray:
    """A corner of fog, float32 `(count, 28, 28)`; all of it goes from 0 to 1."""
    grid, wobble = np.zeros((count, 1, 1), np.float32), 1.0
    while grid.shape[1] < FOG_SIDE:
        grid, wobble = _finer(grid, wobble, rng), wobble / FOG_DECAY
    low, high = grid.min(axis=(1, 2), keepdims=True), grid.max(axis=(1, 2), keepdims=True)
    return (grid[:, :SIDE, :SIDE] - low) / (high - low)


def _finer(grid: np.ndarray, wobble: float, rng: np.random.Generator) -> np.ndarray:
    """A grid `(count, M, M)` with twice as many rows and columns; it goes on at the opposite edge."""

    def between(*neighbours: np.ndarray) -> np.ndarray:
        noise = 2 * rng.random(grid.shape, np.float32) - 1
        return sum(neighbours) / 4 + np.float32(wobble) * noise

    right, below = np.roll(grid, -1, axis=2), np.roll(grid, -1, axis=1)
    middle = between(grid, right, below, np.roll(right, -1, axis=1))
    finer = np.empty((len(grid), 2 * grid.shape[1], 2 * grid.shape[2]), np.float32)
    finer[:, ::2, ::2], finer[:, 1::2, 1::2] = grid, middle
    finer[:, ::2, 1::2] = between(grid, right, middle, np.roll(middle, 1, axis=1))
    finer[:, 1::2, ::2] = between(grid, below, middle, np.roll(middle, 1, axis=2))
    return finer
