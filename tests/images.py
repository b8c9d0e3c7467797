"""Measures of images."""

import numpy as np


def differ(one: np.ndarray, other: np.ndarray) -> float:
    """Mean grey levels between two images, at best over a shift by one pixel: the place is rounded to whole ones."""
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(float(np.abs(one.astype(float) - np.roll(other, shift, (0, 1))).mean()) for shift in shifts)


def centre_of_mass(images: np.ndarray) -> np.ndarray:
    """Rows and columns, `(N, 2)`."""
    mass = images.sum(axis=(1, 2), dtype=float)
    rows = (images.sum(axis=2, dtype=float) @ np.arange(28)) / mass
    columns = (images.sum(axis=1, dtype=float) @ np.arange(28)) / mass
    return np.stack([rows, columns], axis=1)


def slants(images: np.ndarray) -> np.ndarray:
    """Degrees, `(N,)`, by which the longer axis of the ink leans from upright."""
    points = np.stack([x.ravel() for x in np.mgrid[0:28, 0:28]])
    axes = np.stack([np.linalg.eigh(np.cov(points, aweights=image.ravel()))[1][:, -1] for image in images])
    return np.degrees(np.arctan(axes[:, 1] / axes[:, 0]))
