"""The curves of a training: takes a history, returns Matplotlib axes."""

import io
from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from mnistlab.plots.style import TRAINING, VALIDATION
from mnistlab.runs.history import History

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
