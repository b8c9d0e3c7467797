"""Small images side by side in one picture, and the colours of numbers above and below 0."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

SIGNED = LinearSegmentedColormap.from_list("signed", ["#b34700", "white", "#1565c0"])
"""Below 0 orange, above 0 blue, as the attributions: colour-blind readers can tell them apart."""


def tiled(images: Sequence[np.ndarray], columns: int, gap: int) -> np.ndarray:
    """Put images side by side in rows, with NaN between them.

    Parameters
    ----------
    images : sequence of float arrays of shape (height, width)
        All of one size.
    columns : int
        Images in a row.
    gap : int
        Pixels between two.

    Returns
    -------
    float array of shape (H, W)
    """
    height, width = images[0].shape
    rows = -(-len(images) // columns)
    canvas = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return canvas


def show_signed(axes: Axes, values: np.ndarray) -> None:
    """Draw numbers as colours, white for 0, in a frame without ticks."""
    most = float(np.nanmax(np.abs(values))) or 1.0
    axes.imshow(values, cmap=SIGNED, vmin=-most, vmax=most)
    axes.set(xticks=[], yticks=[])
