"""Charts of an answer: from logits to probabilities, which ink speaks for it, and where it lies among others."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mnistlab.attributions.pictures import why_image
from mnistlab.attributions.why import Why
from mnistlab.logits import CLASSES
from mnistlab.plots.digits import plot_probabilities
from mnistlab.plots.style import TRAINING, new_axes

GROUND = "#101418"
"""Behind ink in colours: that of the drawing pad."""


def plot_logits(logits: np.ndarray, probabilities: np.ndarray) -> Figure:
    """Draw the logits of the ten digits, and below them the probabilities that the softmax makes of them.

    Parameters
    ----------
    logits, probabilities : float array of shape (10,)

    Returns
    -------
    Figure
    """
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(5.5, 5.5), layout="constrained")
    bars = upper.barh(range(len(logits)), logits, color="lightgrey")
    bars[int(logits.argmax())].set(facecolor=TRAINING, edgecolor="black", linewidth=1.5)
    upper.bar_label(bars, [f"{logit:.1f}" for logit in logits], padding=3)
    upper.axvline(0, color="black", linewidth=0.8)
    upper.margins(x=0.15)
    upper.set(yticks=range(len(logits)), ylabel="digit", title="logits")
    upper.invert_yaxis()
    plot_probabilities(probabilities, axes=lower)
    lower.set(title="probabilities: their softmax")
    return figure


def plot_why(why: Why, axes: Axes | None = None) -> Axes:
    """Draw an image with its ink in colours, large: light blue speaks for the digit, orange against it.

    Parameters
    ----------
    why : Why
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(4.2, 4.7)
    axes.set_facecolor(GROUND)
    axes.imshow(why_image(why))
    axes.set(xticks=[], yticks=[])
    axes.set_title(str(why).replace(": ", "\n", 1), fontsize=11)
    return axes


def plot_map(points: np.ndarray, labels: np.ndarray, is_wrong: np.ndarray, axes: Axes | None = None) -> Axes:
    """Draw a map of digits: each as its label, in the colour of its label; around mistakes there is a ring.

    Parameters
    ----------
    points : float array of shape (N, 2)
        Places on the map.
    labels : int array of shape (N,)
    is_wrong : bool array of shape (N,)
        Whether each was misread.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(5.5, 5.8)
    for digit in range(CLASSES):
        x, y = points[labels == digit].T
        axes.scatter(x, y, 26, color=f"C{digit}", marker=f"${digit}$", linewidths=0.2)
    x, y = points[is_wrong].T
    axes.scatter(x, y, 110, facecolors="none", edgecolors="black", linewidths=1.2, label="misread")
    axes.set(xticks=[], yticks=[])
    axes.set_aspect("equal", adjustable="datalim")
    if is_wrong.any():
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), frameon=False, fontsize=10)
    return axes
