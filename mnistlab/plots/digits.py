"""Charts of digits and of predictions: arrays in, Matplotlib axes out.

Each function draws on the axes that it is given, or on new ones of a fitting size, and returns them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from mnistlab.plots.style import TRAINING, new_axes
from mnistlab.preprocessing import SIDE


def plot_digits(images: np.ndarray, titles: Sequence[object], columns: int = 10, axes: Axes | None = None) -> Axes:
    """Draw images in a grid, dark ink on a white ground, each below its title.

    Parameters
    ----------
    images : array of shape (N, 28, 28)
        Light ink on a dark ground.
    titles : sequence of N objects
        Written as text.
    columns : int
        Images in a row.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    return _draw_grid(images, titles, columns, axes, "gray_r")


def plot_weights(weights: np.ndarray, titles: Sequence[object], columns: int = 10, axes: Axes | None = None) -> Axes:
    """Draw weights in a grid, each below its title: blue above 0, red below 0, white at 0.

    Parameters
    ----------
    weights : float array of shape (N, 28, 28)
    titles : sequence of N objects
    columns : int
        In a row.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = _draw_grid(weights, titles, columns, axes, "RdBu")
    largest = np.abs(weights).max()
    axes.images[0].set_clim(-largest, largest)
    return axes


def plot_plate(rows: Mapping[str, np.ndarray], columns: int = 2, font: float = 8, axes: Axes | None = None) -> Axes:
    """Draw rows of images beside their names, dark ink on a white ground.

    Parameters
    ----------
    rows : mapping of str to array of shape (N, 28, 28)
        As many images in each row; light ink on a dark ground.
    columns : int
        Rows that stand side by side.
    font : float
        Size of the names, in points.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    name_width, count = 5 * SIDE, len(next(iter(rows.values())))
    height, width = -(-len(rows) // columns), name_width + (count + 1) * SIDE
    axes = axes or new_axes(columns * width / 90, height * SIDE / 90)
    canvas = np.zeros((height * SIDE, columns * width))
    for i, (name, images) in enumerate(rows.items()):
        top, left = i % height * SIDE, i // height * width
        canvas[top : top + SIDE, left + name_width : left + width - SIDE] = np.hstack(list(images))
        axes.text(left + name_width - 4, top + SIDE / 2, name, ha="right", va="center", fontsize=font)
    axes.imshow(canvas, cmap="gray_r")
    axes.set_axis_off()
    return axes


def plot_counts(counts: np.ndarray, axes: Axes | None = None) -> Axes:
    """Draw a bar for each digit with its count.

    Parameters
    ----------
    counts : int array of shape (10,)
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(7, 2.5)
    bars = axes.bar(range(len(counts)), counts, color=TRAINING)
    axes.bar_label(bars, [f"{count:,}" for count in counts], fontsize=8)
    axes.set(xticks=range(len(counts)), xlabel="digit", ylabel="images")
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.margins(y=0.12)
    return axes


def plot_spread(values: np.ndarray, labels: np.ndarray, name: str, axes: Axes | None = None) -> Axes:
    """Draw the distribution of a value for each digit: quartiles as a box, 5 % and 95 % as whiskers.

    Parameters
    ----------
    values : float array of shape (N,)
    labels : int array of shape (N,)
    name : str
        Name of the values, with their unit.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(7, 2.8)
    digits = range(10)
    axes.boxplot(
        [values[labels == digit] for digit in digits],
        tick_labels=[str(d) for d in digits],
        whis=(5, 95),
        showfliers=False,
    )
    axes.set(xlabel="digit", ylabel=name)
    return axes


def plot_confusion_matrix(matrix: np.ndarray, axes: Axes | None = None) -> Axes:
    """Draw a confusion matrix with its counts.

    Parameters
    ----------
    matrix : int array of shape (10, 10)
        Row: the label. Column: the prediction.
    axes : Axes, optional

    Returns
    -------
    Axes

    Notes
    -----
    Only mistakes are coloured: beside the many correct predictions their colours would all be pale.
    """
    axes = axes or new_axes(5.5, 5.5)
    mistakes = matrix * (1 - np.eye(len(matrix)))
    axes.imshow(mistakes, cmap="Reds", vmax=max(1.0, 1.3 * mistakes.max()))
    for (row, column), count in np.ndenumerate(matrix):
        weight = "bold" if row == column else "normal"
        axes.text(column, row, f"{count}" if count else "·", ha="center", va="center", fontsize=8, weight=weight)
    ticks = range(len(matrix))
    axes.set(xticks=ticks, yticks=ticks, xlabel="predicted", ylabel="label")
    return axes


def plot_probabilities(probabilities: np.ndarray, axes: Axes | None = None) -> Axes:
    """Draw a horizontal bar for each digit, the most probable one with a colour and an outline.

    Parameters
    ----------
    probabilities : float array of shape (10,)
        Summing to 1.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(5, 3)
    bars = axes.barh(range(len(probabilities)), probabilities, color="lightgrey")
    winner = bars[int(np.argmax(probabilities))]
    winner.set(facecolor=TRAINING, edgecolor="black", linewidth=1.5)
    axes.bar_label(bars, [f"{p:.1%}" for p in probabilities], padding=3)
    axes.set(xlim=(0, 1.15), yticks=range(len(probabilities)), ylabel="digit")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.invert_yaxis()
    return axes


def _draw_grid(images: np.ndarray, titles: Sequence[object], columns: int, axes: Axes | None, colours: str) -> Axes:
    """Images in rows, each below its title, in the colours of a map of Matplotlib's."""
    rows = max(1, -(-len(images) // columns))
    height, width = SIDE + 12, SIDE + 4  # of a cell: the image, space for its title, a gap
    axes = axes or new_axes(columns * width / 40, rows * height / 40)
    canvas = np.zeros((rows * height, columns * width))
    for i, (image, title) in enumerate(zip(images, titles, strict=True)):
        top, left = i // columns * height + 12, i % columns * width + 2
        canvas[top : top + SIDE, left : left + SIDE] = image
        axes.text(left + SIDE / 2, top - 1, str(title), ha="center", va="bottom", fontsize=9)
    axes.imshow(canvas, cmap=colours)
    axes.set_axis_off()
    return axes
