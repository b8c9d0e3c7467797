"""What all plots share: colours, axes and the text of their ticks."""

from collections.abc import Iterable

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, NullFormatter, PercentFormatter, StrMethodFormatter

TRAINING, VALIDATION = "tab:blue", "tab:orange"
"""Colours that colour-blind readers can tell apart; dashes tell them apart in grey."""


def new_axes(width: float, height: float) -> Axes:
    """Return the axes of a new figure, `width` by `height` inches."""
    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def legend_beside(axes: Axes) -> None:
    """Put the legend to the right of the axes, where it covers nothing."""
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def percent_ticks(axis: Axis) -> None:
    """Write shares in 0..1 as percentages, with as many decimals as keep neighbouring ticks apart."""
    axis.set_major_formatter(PercentFormatter(1, decimals=None))


def share_axis(axes: Axes) -> None:
    """Make the y axis one of shares: percentages from 0 % to 100 %. Call it once everything is drawn."""
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -0.05 * high), min(high, 1 + 0.05 * (1 - low)))  # marks at 0 % and 100 % are drawn whole
    percent_ticks(axes.yaxis)


def number_axis(axes: Axes, values: Iterable[float]) -> None:
    """Make the x axis fit numbers: logarithmic if they are positive and span a factor of ten or more.

    No label comes twice or lies over another. Call it once everything is drawn.
    """
    low, high = min(values, default=0), max(values, default=0)
    if 0 < 10 * low <= high:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1,) if high >= 100 * low else (1, 3)))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
    elif low >= 0:
        axes.set_xlim(left=max(0, axes.get_xlim()[0]))
