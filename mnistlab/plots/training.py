"""Curves of a training: a history in, Matplotlib axes out."""

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
    """Draw loss and accuracy per epoch, training against validation, with the kept epoch marked.

    Parameters
    ----------
    history : History
    axes : two Axes, optional
        For the loss and for the accuracy.

    Returns
    -------
    two Axes
    """
    if axes is None:
        axes = plt.subplots(1, 2, figsize=HISTORY_SIZE, layout="constrained")[1]
    for ax, metric in zip(axes, ("loss", "accuracy"), strict=True):
        number = history.column("number")
        ax.plot(number, history.column(metric), ".--", color=TRAINING, label="training")
        ax.plot(number, history.column(f"validation_{metric}"), ".-", color=VALIDATION, label="validation")
        if history.epochs:
            label = f"kept epoch: {history.kept.number}"
            ax.axvline(history.kept.number, color="grey", linewidth=1, linestyle=":", label=label)
        ax.set(xlabel="epoch", title=metric)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(alpha=0.3)
        ax.legend()
    axes[0].set_ylim(bottom=0)
    axes[1].yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    return axes


def history_png(history: History) -> bytes:
    """Return `plot_history` as a PNG file's content, without showing it anywhere."""
    figure = Figure(figsize=HISTORY_SIZE, layout="constrained")
    plot_history(history, figure.subplots(1, 2))
    png = io.BytesIO()
    figure.savefig(png, dpi=110)
    return png.getvalue()
