"""Charts of the first convolution: its window over an image, and its filters."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mnistlab.inside.window import FirstConvolution
from mnistlab.plots.inside.tiles import show_signed, tiled
from mnistlab.plots.style import VALIDATION, new_axes

PLAN = """
IP
WQ
SA
"""
"""Where the parts are: the image, what the window sees of it; the weights, the products; the sums, the activations."""


def plot_window(convolution: FirstConvolution, chosen: int, row: int, column: int) -> Figure:
    """Draw the window at one place, what it sees, the products with a filter's weights, and all sums.

    Parameters
    ----------
    convolution : FirstConvolution
    chosen : int
        Number of the filter, from 0.
    row, column : int
        Of the window's upper left corner.

    Returns
    -------
    Figure
    """
    figure, parts = plt.subplot_mosaic(PLAN, figsize=(5.5, 8.3), layout="constrained")
    height, width = convolution.weights.shape[1:]
    parts["I"].imshow(convolution.pixels, cmap="gray", vmin=0, vmax=255)
    parts["I"].set_axis_off()
    _frame(parts["I"], row, column, height, width)
    for name, maps, reach in (("S", convolution.sums, 1), ("A", convolution.activations, convolution.steps[-1].reach)):
        show_signed(parts[name], maps[chosen])
        _frame(parts[name], row // reach, column // reach, 1, 1)
    seen, weights = convolution.seen(row, column), convolution.weights[chosen]
    for name, values in (("P", seen), ("W", weights), ("Q", seen * weights)):
        _numbers(parts[name], values)
    for name, title in _titles(convolution, chosen, row, column).items():
        parts[name].set_title(title, fontsize=10)
    return figure


def plot_filters(weights: np.ndarray, columns: int = 8, axes: Axes | None = None) -> Axes:
    """Draw the weights of filters: blue above 0, orange below 0, all with the same scale.

    Parameters
    ----------
    weights : float array of shape (filters, height, width)
    columns : int
        Filters in a row.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    rows, (height, width), gap = -(-len(weights) // columns), weights.shape[1:], 2
    axes = axes or new_axes(0.68 * columns, 0.78 * rows)
    show_signed(axes, tiled([*weights], columns, gap))
    for i in range(len(weights)):
        top, left = i // columns * (height + gap) - 0.5, i % columns * (width + gap) - 0.5
        axes.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor="grey", linewidth=0.5))
        axes.text(left + width / 2, top - 0.1, str(i), ha="center", va="bottom", fontsize=9)
    axes.set_ylim(rows * (height + gap) - gap - 0.4, -gap)
    axes.set_axis_off()
    return axes


def _titles(convolution: FirstConvolution, chosen: int, row: int, column: int) -> dict[str, str]:
    return {
        "I": f"the window at row {row}, column {column}",
        "P": "brightness / 255",
        "W": f"x weights of filter {chosen}",
        "Q": f"= products, their sum {convolution.products(chosen, row, column).sum():.3f}",
        "S": "the sums of all places",
        "A": "after the ReLU",
    }


def _frame(axes: Axes, row: int, column: int, height: int, width: int) -> None:
    place = (column - 0.5, row - 0.5)
    axes.add_patch(Rectangle(place, width, height, fill=False, edgecolor=VALIDATION, linewidth=2))


def _numbers(axes: Axes, values: np.ndarray) -> None:
    """Each number on its colour, pale enough to be read."""
    most = float(np.abs(values).max()) or 1.0
    show_signed(axes, values)
    axes.images[0].set_clim(-2 * most, 2 * most)
    for (row, column), value in np.ndenumerate(values):
        axes.text(column, row, f"{value:z.2f}", ha="center", va="center", fontsize=11)
