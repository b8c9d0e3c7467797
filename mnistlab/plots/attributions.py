"""Charts of explanations: how soon an answer changes without the ink that they mark."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from mnistlab.plots.style import TRAINING, VALIDATION, new_axes, share_axis

LINES = ((TRAINING, "-"), (VALIDATION, "--"), ("grey", "--"), ("black", ":"))
"""Colours and dashes, in the order of the table's columns."""


def plot_deletion(shares: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw how many answers stay the same, or their mean probability, as ink is removed in several orders.

    Parameters
    ----------
    shares : DataFrame
        By share of the ink that is removed, 0 to 1: a column for each order, four at most, with shares from 0 to 1.
        ``table["same"].unstack("order")`` of a `mnistlab.benchmarks.deletion.Deletion`.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(6, 3.5)
    for (order, column), (colour, dashes) in zip(shares.items(), LINES, strict=False):
        axes.plot(shares.index, column, dashes, color=colour, label=order)
    axes.set(xlabel="ink removed", ylabel="answers that stay the same", xlim=(0, 1), ylim=(0, 1.02))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    share_axis(axes)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False, fontsize=8)
    return axes
