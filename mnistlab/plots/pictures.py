"""Charts of pictures, and of what was found and read in them."""

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes

from mnistlab.plots.style import new_axes

CELL = 100.0
"""Side of the square that a picture is drawn in, in units of the axes."""

LINE = 20
"""Longest line of an answer, in characters."""

BEHIND = 200
"""Grey that transparent pictures are drawn on: neither black nor white ink vanishes."""


def plot_readings(
    given: Sequence[np.ndarray],
    found: Sequence[np.ndarray | None],
    said: Sequence[str],
    columns: int = 6,
    axes: Axes | None = None,
) -> Axes:
    """Draw pictures, below each the image that a model was given, dark on white, and below that the answer.

    Parameters
    ----------
    given : sequence of N uint8 arrays of shape (H, W), (H, W, 3) or (H, W, 4)
        Each of its own size.
    found : sequence of N uint8 arrays of shape (28, 28), or None
        Light ink on a dark ground; None where nothing was found.
    said : sequence of N str
        For each picture, whether that is right, and what the answer is; ``"wrong: 7 (99.0%)"``.
    columns : int
        Pictures in a row.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    rows = max(1, -(-len(given) // columns))
    height, width = 2.05 * CELL, 1.1 * CELL  # of a cell: picture, half as large the image, three lines of text
    axes = axes or new_axes(1.4 * columns, 1.4 * rows * height / width)
    for i, (picture, image, words) in enumerate(zip(given, found, said, strict=True)):
        top, left = i // columns * height, i % columns * width
        _show(axes, picture, left, top, CELL, "gray")
        if image is not None:
            _show(axes, image, left + CELL / 4, top + 1.05 * CELL, CELL / 2, "gray_r")
        text = "\n".join(wrap(words, LINE)[:3])
        axes.text(left + CELL / 2, top + 1.6 * CELL, text, ha="center", va="top", fontsize=8)
    axes.set(xlim=(0, columns * width), ylim=(rows * height, 0))
    axes.set_axis_off()
    return axes


def _show(axes: Axes, picture: np.ndarray, left: float, top: float, size: float, colours: str) -> None:
    """Draw a picture in the middle of a square."""
    if picture.shape[2:] == (4,):
        opacity = picture[..., 3:] / 255
        picture = (picture[..., :3] * opacity + BEHIND * (1 - opacity)).astype(np.uint8)
    height, width = (size * side / max(picture.shape[:2]) for side in picture.shape[:2])
    left, top = left + (size - width) / 2, top + (size - height) / 2
    axes.imshow(picture, cmap=colours, vmin=0, vmax=255, extent=(left, left + width, top + height, top))
