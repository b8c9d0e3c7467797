"""Charts of what a model says about its own answers: confidence, whether there is a digit, and why."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from mnistlab.attributions.pictures import why_image
from mnistlab.attributions.why import Why
from mnistlab.plots.style import TRAINING, VALIDATION, new_axes, share_axis

MIN_BIN_COUNT = 30
"""A bin with fewer images is drawn pale: its accuracy is mostly chance."""

ORDER_LINES = ((TRAINING, "-"), (VALIDATION, "--"), ("grey", "--"), ("black", ":"))
"""Colours and dashes, of orders in which ink is removed."""


def plot_reliability(table: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw the accuracy in each bin of confidence, with its number of images; bins with few images are pale.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.evaluation.calibration.reliability` makes it.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(5, 4)
    axes.plot([0, 1], [0, 1], "--", color="grey", label="confidence = accuracy")
    bars = axes.bar(table["confidence"], table["accuracy"], width=0.04, color=TRAINING, label="accuracy in this bin")
    for bar, count in zip(bars, table["images"], strict=True):
        bar.set_alpha(1.0 if count >= MIN_BIN_COUNT else 0.4)
    axes.bar_label(bars, [f"{count:,}" for count in table["images"]], fontsize=7, padding=2, rotation=90)
    axes.set(xlim=(0, 1.04), ylim=(0, 1.18), yticks=np.linspace(0, 1, 6), xlabel="confidence", ylabel="accuracy")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False, fontsize=8)
    return axes


def plot_acceptance(of_digits: np.ndarray, of_outliers: np.ndarray, axes: Axes | None = None) -> Axes:
    """Draw how many digits and how many outliers are taken for digits, by the probability that is asked for.

    Parameters
    ----------
    of_digits, of_outliers : float array of shape (N,)
        Their probabilities of being a digit.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(6, 3.5)
    asked = np.linspace(0, 1, 201)
    for name, probabilities, colour in (("digits", of_digits, TRAINING), ("outliers", of_outliers, VALIDATION)):
        accepted = 1 - np.searchsorted(np.sort(probabilities), asked) / len(probabilities)
        axes.plot(asked, accepted, color=colour, label=name)
    axes.axvline(0.5, linestyle=":", color="grey", label="asked for by is_digit")
    axes.set(xlabel="probability that it is a digit, at least", ylabel="taken for a digit", xlim=(0, 1), ylim=(0, 1.02))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, fontsize=8)
    return axes


def plot_deletion(shares: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw how many answers stay the same as ink is removed in several orders.

    Parameters
    ----------
    shares : DataFrame
        By share of the ink that is removed, 0 to 1: a column for each order, four at most, with shares from 0 to 1,
        as the table of `mnistlab.benchmarks.deletion.Deletion`.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(6, 3.5)
    for (order, column), (colour, dashes) in zip(shares.items(), ORDER_LINES, strict=False):
        axes.plot(shares.index, column, dashes, color=colour, label=order)
    axes.set(xlabel="ink removed", ylabel="answers that stay the same", xlim=(0, 1), ylim=(0, 1.02))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    share_axis(axes)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False, fontsize=8)
    return axes


def plot_why(why: Why, axes: Axes | None = None) -> Axes:
    """Draw an image on a dark ground: ink that speaks for the digit light blue, ink against it orange, the rest grey.

    Parameters
    ----------
    why : Why
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(2.5, 2.5)
    axes.imshow(why_image(why, factor=1), zorder=1)
    axes.set(facecolor="black", xticks=[], yticks=[])
    return axes
