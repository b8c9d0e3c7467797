"""Charts of pictures, and of what was found and read in them."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from textwrap import wrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Image
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mnistlab.plots.style import TRAINING, VALIDATION, new_axes, percent_ticks

CELL = 100.0
"""Side of the square that a picture is drawn in, in units of the axes."""

LINE = 20
"""Longest line of an answer, in characters."""

BEHIND = 200
"""Grey that transparent pictures are drawn on: neither black nor white ink vanishes."""

QUALITY = 80
"""Of JPEG, 1 to 95: photos take a quarter of their size as PNG, and their noise still shows."""


def plot_stages(stages: Mapping[str, np.ndarray], columns: int = 3, axes: Axes | None = None) -> Axes:
    """Draw what each step makes of a picture, below its name.

    Parameters
    ----------
    stages : mapping of str to uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        By the step's name, in their order; each of its own size.
    columns : int
        Stages in a row.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    rows = max(1, -(-len(stages) // columns))
    height, width = 1.2 * CELL, 1.1 * CELL  # of a cell: its name, picture
    axes = axes or new_axes(1.8 * columns, 1.8 * rows * height / width)
    for i, (name, picture) in enumerate(stages.items()):
        top, left = i // columns * height, i % columns * width
        axes.text(left + CELL / 2, top + 0.13 * CELL, name, ha="center", va="bottom", fontsize=9)
        _show(axes, picture, left, top + 0.16 * CELL, CELL, "gray")
    axes.set(xlim=(0, columns * width), ylim=(rows * height, 0))
    axes.set_axis_off()
    return axes


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
        text = "\n".join(wrap(words, LINE, max_lines=3, placeholder=" ..."))
        axes.text(left + CELL / 2, top + 1.6 * CELL, text, ha="center", va="top", fontsize=8)
    axes.set(xlim=(0, columns * width), ylim=(rows * height, 0))
    axes.set_axis_off()
    return axes


def plot_kinds(table: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw the accuracy of kinds of pictures with their intervals and bars, and their shares of confident mistakes.

    Parameters
    ----------
    table : DataFrame
        By kind, as the table of `mnistlab.benchmarks.picture_accuracy.PictureAccuracy`.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(5, 1 + 0.19 * len(table))
    places = np.arange(len(table))
    confident = table["confident"] / table["pictures"]
    faces = [TRAINING if is_reached else "white" for is_reached in table["is_reached"]]
    axes.hlines(places, table["low"], table["high"], color="grey", label="95 % interval")
    axes.scatter(
        table["accuracy"], places, 20, faces, edgecolors=TRAINING, zorder=3, label="accuracy; hollow: bar not reached"
    )
    axes.scatter(table["bar"], places, 60, "black", marker="|", zorder=4, label="the bar")
    axes.barh(places, confident, color=VALIDATION, label="confident mistakes")
    for place in np.flatnonzero(table["group"] != table["group"].shift())[1:]:
        axes.axhline(place - 0.5, color="lightgrey", linewidth=0.8)
    axes.set(xlim=(-0.02, 1.02), ylim=(len(table) - 0.4, -0.6))
    axes.set_yticks(places, table.index, fontsize=8)
    percent_ticks(axes.xaxis)
    axes.figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=8)
    return axes


def as_jpeg(figure: Figure) -> Image:
    """Return a figure of photos as a JPEG picture, which a notebook shows; the figure itself is closed."""
    content = BytesIO()
    figure.savefig(content, format="jpeg", pil_kwargs={"quality": QUALITY})
    plt.close(figure)
    return Image(content.getvalue(), format="jpeg")


def _show(axes: Axes, picture: np.ndarray, left: float, top: float, size: float, colours: str) -> None:
    """Draw a picture in the middle of a square, with a thin frame: its edges may be as white as the page."""
    if picture.shape[2:] == (4,):
        opacity = picture[..., 3:] / 255
        picture = (picture[..., :3] * opacity + BEHIND * (1 - opacity)).astype(np.uint8)
    height, width = (size * side / max(picture.shape[:2]) for side in picture.shape[:2])
    left, top = left + (size - width) / 2, top + (size - height) / 2
    axes.imshow(picture, cmap=colours, vmin=0, vmax=255, extent=(left, left + width, top + height, top))
    axes.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor="lightgrey", linewidth=0.8))
