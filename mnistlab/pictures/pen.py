"""Thin strokes made as wide as an image can hold."""

import cv2
import numpy as np

WIDTH = 0.06
"""Width of strokes, at least, as a share of the digit's longest side: of 20 pixels, a little more than one."""

INK = 0.4
"""Strength from which on a pixel counts as ink."""


def widened(ink: np.ndarray) -> np.ndarray:
    """Widen thin strokes.

    Parameters
    ----------
    ink : uint8 array of shape (H, W)
        Light ink (up to 255) on a background of exactly 0; there must be some.

    Returns
    -------
    uint8 array of shape (H, W)
        The same if its strokes are wide enough.
    """
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    size = max(int(rows[-1] - rows[0]), int(columns[-1] - columns[0])) + 1
    strong = np.pad((ink > INK * ink.max()).astype(np.uint8), 1)
    depth = cv2.distanceTransform(strong, cv2.DIST_L2, 5)
    width = 4 * float(depth[depth > 0].mean()) - 1  # in a straight stroke, the mean depth is a quarter of the width
    if width >= WIDTH * size:
        return ink
    radius = int(np.ceil((WIDTH * size - width) / 2))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(ink, kernel))
