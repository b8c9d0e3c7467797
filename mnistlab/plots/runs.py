"""Tables of runs in, Matplotlib axes out; as `mnistlab.plots.digits`."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter, StrMethodFormatter

from mnistlab.plots.style import TRAINING, new_axes
from mnistlab.runs.history import History

MARKERS = "osD^vP*X<>"
"""Shapes tell groups apart where colours do not."""


def plot_accuracy_against_time(
    table: pd.DataFrame, group: Sequence[str], accuracy: str = "accuracy", axes: Axes | None = None
) -> Axes:
    """Draw one point a run, a colour and a shape for each group.

    Parameters
    ----------
    table : DataFrame
        With a column ``seconds``, that of the accuracy, and those that make a group.
    group : sequence of str
    accuracy : str
        The column, in 0..1.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(7, 3.5)
    for i, (name, rows) in enumerate(table.groupby(list(group), sort=False, dropna=False)):
        label = ", ".join(map(str, name))
        axes.scatter(rows["seconds"], rows[accuracy], marker=MARKERS[i % len(MARKERS)], alpha=0.8, label=label)
    axes.set(xscale="log", xlabel="seconds", ylabel=accuracy.replace("_", " "))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=2))
    axes.grid(alpha=0.3, which="both")
    axes.legend(title=", ".join(group), fontsize=8)
    return axes


def plot_slices(
    table: pd.DataFrame, parameters: Sequence[str], metric: str = "accuracy", axes: Sequence[Axes] | None = None
) -> Sequence[Axes]:
    """Draw for each parameter what the runs came to at its values: a dot a run, a line through the means.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.runs.registry.compare` makes it.
    parameters : sequence of str
    metric : str
        In 0..1.
    axes : one Axes for each parameter, optional

    Returns
    -------
    sequence of Axes
    """
    if axes is None:
        width = max(3.5, 3.0 * len(parameters))
        figure = plt.subplots(
            1, len(parameters), figsize=(width, 3.2), sharey=True, squeeze=False, layout="constrained"
        )
        axes = list(figure[1][0])
    for ax, parameter in zip(axes, parameters, strict=True):
        by_value = table.groupby(parameter)[metric]
        places = {value: place for place, value in enumerate(by_value.groups)}
        ax.scatter(table[parameter].map(places), table[metric], alpha=0.6, color=TRAINING)
        ax.plot(list(places.values()), by_value.mean(), "--", color="black", linewidth=1)
        ax.set(xlabel=parameter, xticks=list(places.values()), xticklabels=[f"{value}" for value in places])
        ax.margins(x=0.2)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel(metric.replace("_", " "))
    axes[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    return axes


def plot_histories(histories: Mapping[str, History], axes: Axes | None = None) -> Axes:
    """Draw the validation accuracy of several trainings over each other, epoch by epoch.

    Parameters
    ----------
    histories : mapping of str to History
        By what each is to be called.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(7, 3.5)
    for i, (name, history) in enumerate(histories.items()):
        number, accuracy = history.column("number"), history.column("validation_accuracy")
        axes.plot(number, accuracy, marker=MARKERS[i % len(MARKERS)], markersize=4, label=name)
    axes.set(xlabel="epoch", ylabel="validation accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return axes


def plot_differences(table: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw the differences to the best setting with their intervals; hollow where they may be chance.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.evaluation.comparison.differences` makes it.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(7, 0.8 + 0.35 * len(table))
    places = np.arange(len(table))
    reach = table["high"] - table["difference"]
    axes.errorbar(table["difference"], places, xerr=reach.fillna(0), fmt="none", color="grey", capsize=3)
    real = table["larger_than_noise"].to_numpy(bool)
    faces = np.where(real, TRAINING, "white")
    axes.scatter(table["difference"], places, c=list(faces), edgecolors=TRAINING, zorder=3)
    axes.axvline(0, color="black", linewidth=1)
    names = [", ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.index]
    axes.set(yticks=places, yticklabels=names, xlabel="difference to the best setting")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axes.invert_yaxis()
    axes.grid(alpha=0.3, axis="x")
    return axes
