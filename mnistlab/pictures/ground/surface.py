"""A ground whose light changes slowly, as a quadratic surface."""

import numpy as np

PASSES = 8
"""Times that the surface is fitted, each time without what differed from the one before."""


def fitted_surface(levels: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit a quadratic surface to most of a picture.

    Parameters
    ----------
    levels : float32 array of shape (H, W)

    Returns
    -------
    surface : float32 array of shape (H, W)
    noise : float
        The standard deviation of what was fitted.
    """
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in levels.shape)
    x, y = np.meshgrid(x, y)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    subset = tuple(slice(None, None, 1 + side // 64) for side in levels.shape)
    values, subset_terms = levels[subset].ravel(), terms[subset].reshape(-1, 6)
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    residuals = np.abs(values - np.median(border))
    for _ in range(PASSES):
        inliers = residuals <= max(2.5 * 1.4826 * float(np.median(residuals)), 1.0)
        coefficients = np.linalg.lstsq(subset_terms[inliers], values[inliers], rcond=None)[0]
        residuals = np.abs(values - subset_terms @ coefficients)
    return np.asarray(terms @ coefficients), float(np.sqrt(np.mean(residuals[inliers] ** 2)))
