"""Charts of how a network learns: arrays, tables and histories in, Matplotlib axes out."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from mnistlab.plots.style import TRAINING, VALIDATION, new_axes, number_axis
from mnistlab.runs.history import History

if TYPE_CHECKING:  # slow to import for a training, which needs its history only
    import pandas as pd

HISTORY_SIZE = (9, 3.4)
"""Inches, for loss and accuracy side by side."""


def plot_history(history: History, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw loss and accuracy along the training, training against validation, and mark the kept epoch.

    Parameters
    ----------
    history : History
        Where it has points within the epochs, the curves go through them; else there is one point per epoch.
    axes : two Axes, optional
        For the loss and for the accuracy.

    Returns
    -------
    two Axes
    """
    if axes is None:
        axes = plt.subplots(1, 2, figsize=HISTORY_SIZE, layout="constrained")[1]
    for ax, metric in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(*history.curve(metric), ".--", markersize=3, linewidth=1, color=TRAINING, label="training")
        ax.plot(*history.curve(f"validation_{metric}"), ".-", color=VALIDATION, label="validation")
        if history.epochs:
            label = f"kept epoch: {history.kept.number}"
            ax.axvline(history.kept.number, color="grey", linewidth=1, linestyle=":", label=label)
        ax.set(xlabel="epoch", title=metric)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(alpha=0.3)
        ax.legend()
        if not history.epochs:
            ax.set_xlim(0, 1)
    axes[0].set_ylim(bottom=0)
    if not (history.points or history.epochs):
        axes[1].set_ylim(0, 1)
    axes[1].yaxis.set_major_formatter(PercentFormatter(1))
    return axes


def history_png(history: History) -> bytes:
    """Return the content of a PNG file with `plot_history`; nothing is shown on the screen."""
    figure = Figure(figsize=HISTORY_SIZE, layout="constrained")
    plot_history(history, figure.subplots(1, 2))
    png = io.BytesIO()
    figure.savefig(png, dpi=110)
    return png.getvalue()


def plot_logits(logits: np.ndarray, axes: Axes | None = None) -> Axes:
    """Draw a horizontal bar for each digit, to the left below 0.

    Parameters
    ----------
    logits : float array of shape (10,)
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(4, 3)
    bars = axes.barh(range(len(logits)), logits, color=TRAINING)
    axes.bar_label(bars, [f"{logit:.1f}" for logit in logits], padding=3)
    axes.set(yticks=range(len(logits)), xlabel="logit", ylabel="digit")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.margins(x=0.2)
    axes.invert_yaxis()
    return axes


def plot_loss(probability: float, axes: Axes | None = None) -> Axes:
    """Draw the loss by the probability that the label gets, and mark one.

    Parameters
    ----------
    probability : float
        The one that is marked, above 0, at most 1.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(5, 2.8)
    probabilities = np.linspace(min(0.01, probability), 1, 500)
    axes.plot(probabilities, -np.log(probabilities), color=TRAINING)
    axes.plot([probability], [-np.log(probability)], "o", color=VALIDATION)
    axes.set(xlabel="probability of the label", ylabel="loss", ylim=(0, None))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(alpha=0.3)
    return axes


def plot_curve(x: Sequence[float], losses: Sequence[float], name: str, axes: Axes | None = None) -> Axes:
    """Draw a loss by something that it depends on.

    Parameters
    ----------
    x : sequence of N floats
        On a logarithmic scale if they are positive and span a factor of ten or more.
    losses : sequence of N floats
    name : str
        What `x` is.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(6, 2.8)
    axes.plot(x, losses, color=TRAINING, linewidth=1)
    axes.set(xlabel=name, ylabel="loss", ylim=(0, None))
    number_axis(axes, x)
    axes.grid(alpha=0.3)
    return axes


def plot_maps(maps: Mapping[str, np.ndarray], axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw what layers make of an image, one beside the other: blue above 0, red below 0, white at 0.

    Parameters
    ----------
    maps : mapping of str to float array of shape (H, W)
        By name; of any size.
    axes : one Axes for each, optional

    Returns
    -------
    sequence of Axes
    """
    if axes is None:
        axes = plt.subplots(1, len(maps), figsize=(2.2 * len(maps), 2.4), layout="constrained")[1]
    for ax, (name, values) in zip(axes, maps.items(), strict=True):
        largest = np.abs(values).max()
        ax.imshow(values, cmap="RdBu", vmin=-largest, vmax=largest)
        ax.set(title=f"{name}, {values.shape[0]}x{values.shape[1]}", xticks=[], yticks=[])
        ax.title.set_fontsize(9)
    return axes


def plot_overfitting(curves: Mapping[str, "pd.DataFrame"], axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw the loss on the images that were learned from, and on others, for several trainings side by side.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        As `mnistlab.teaching.softmax_regression.learn` makes them, by what each is called.
    axes : one Axes for each, optional

    Returns
    -------
    sequence of Axes
    """
    if axes is None:
        axes = plt.subplots(1, len(curves), figsize=HISTORY_SIZE, sharey=True, layout="constrained")[1]
    for ax, (name, curve) in zip(axes, curves.items(), strict=True):
        ax.plot(curve.index, curve["training loss"], ".--", color=TRAINING, label="images that it learned from")
        ax.plot(curve.index, curve["unseen loss"], ".-", color=VALIDATION, label="other images")
        ax.set(title=name, xlabel="images seen", ylim=(0, None))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        ax.grid(alpha=0.3)
        ax.legend()
    axes[0].set_ylabel("loss")
    return axes
