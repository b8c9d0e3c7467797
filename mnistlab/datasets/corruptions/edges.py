"""The corruption that leaves only edges."""

import numpy as np
from scipy.ndimage import correlate1d, gaussian_filter, generate_binary_structure, label

EDGE_BLUR = 1.0
"""Standard deviation of the blur before edges are looked for, in pixels."""

WEAK, STRONG = 0.1, 0.2
"""Slopes, by Sobel's filter: pixels from the first on are an edge if they are joined to one from the second on."""


def canny_edges(images: np.ndarray) -> np.ndarray:
    """Replace ink by its edges, one pixel wide, as Canny's detector finds them.

    Parameters
    ----------
    images : float array of shape (N, 28, 28)
        0 to 1.

    Returns
    -------
    bool array of shape (N, 28, 28)
        Never an edge in the outermost rows and columns.

    References
    ----------
    J. Canny: A computational approach to edge detection, PAMI 8, 1986. The parameters are scikit-image's defaults.
    """
    blurred, weight = (_blurred(values) for values in (images, np.ones_like(images[:1])))
    blurred = blurred / weight  # as if there were nothing outside the image, neither dark nor light
    down, right = _sobel(blurred, along=1, across=2), _sobel(blurred, along=2, across=1)
    slopes = np.hypot(down, right)
    is_edge = _is_ridge(slopes, down, right)
    joined, _ = label(is_edge, _IN_ONE_IMAGE)
    strong = np.unique(joined[is_edge & (slopes >= STRONG)])
    return np.isin(joined, strong)


_IN_ONE_IMAGE = generate_binary_structure(3, 3) & (np.arange(3) == 1)[:, np.newaxis, np.newaxis]
"""Neighbours of a pixel: the eight around it, none in another image."""


def _blurred(images: np.ndarray) -> np.ndarray:
    return np.asarray(gaussian_filter(images, (0, EDGE_BLUR, EDGE_BLUR), mode="constant"))


def _sobel(images: np.ndarray, along: int, across: int) -> np.ndarray:
    """Sobel's filter in each image: SciPy's would mix neighbouring images."""
    return np.asarray(correlate1d(correlate1d(images, [-1, 0, 1], along), [1, 2, 1], across))


def _is_ridge(slopes: np.ndarray, down: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Where the slope is as steep as it is one step uphill and one downhill, and at least `WEAK`.

    That step ends between two neighbours: one beside the pixel, one at its corner.
    """
    inner = np.zeros(slopes.shape, bool)
    inner[:, 1:-1, 1:-1] = slopes[:, 1:-1, 1:-1] >= WEAK
    which, row, column = np.nonzero(inner)
    steps = np.stack([down[inner], right[inner]])
    signs, sizes = np.where(steps < 0, -1, 1), np.abs(steps)
    is_main = sizes == sizes.max(axis=0)  # both, if the step ends at the corner
    share = sizes.min(axis=0) / sizes.max(axis=0)  # of the neighbour at the corner
    is_ridge = np.ones(len(which), bool)
    for way in (signs, -signs):
        corner = slopes[which, row + way[0], column + way[1]]
        beside = slopes[which, row + way[0] * is_main[0], column + way[1] * is_main[1]]
        is_ridge &= share * corner + (1 - share) * beside <= slopes[inner]
    inner[inner] = is_ridge
    return inner
