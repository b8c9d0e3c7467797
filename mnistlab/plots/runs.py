"""Charts of runs: tables in, Matplotlib axes out.

Each function draws on the axes that it is given, or on new ones of a fitting size, and returns them.
"""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mnistlab.evaluation.comparison import value_text
from mnistlab.plots.style import TRAINING, legend_beside, new_axes, number_axis, percent_ticks, share_axis
from mnistlab.runs.history import History

MARKERS = "osD^vP*X<>"
"""Shapes tell groups apart where colours do not; as many as Matplotlib has colours."""

MAX_VALUES = 8
"""Values of a parameter that have a place of their own in a chart; more numbers lie along a scale."""

MAX_SETTINGS = 30
"""Settings in a chart of differences; the table has all of them."""

LINE = 36
"""Characters in a line of a label."""


def plot_accuracy_against_time(
    table: pd.DataFrame, accuracy: str, group: str = "setting", axes: Axes | None = None
) -> Axes:
    """Draw one point for each run, with a colour and a shape for each of the ten best groups.

    Parameters
    ----------
    table : DataFrame
        With columns ``seconds``, `accuracy` and `group`.
    accuracy : str
        A column of numbers in 0..1.
    group : str
        A column of text.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    order = list(table.groupby(group)[accuracy].mean().sort_values(ascending=False, kind="stable").index)
    best, others = order[: len(MARKERS)], order[len(MARKERS) :]
    axes = axes or new_axes(8, _height(best))
    if others:
        rows = table[table[group].isin(others)]
        axes.scatter(rows["seconds"], rows[accuracy], marker=".", color="lightgrey", label=f"{len(others)} others")
    for name, marker in zip(best, MARKERS, strict=False):
        rows = table[table[group] == name]
        axes.scatter(rows["seconds"], rows[accuracy], marker=marker, alpha=0.8, label=_wrapped(name))
    axes.set(xlabel="seconds", ylabel=accuracy.replace("_", " "))
    number_axis(axes, table["seconds"])
    share_axis(axes)
    axes.grid(alpha=0.3, which="both")
    legend_beside(axes)
    return axes


def plot_slices(
    table: pd.DataFrame, parameters: Sequence[str], metric: str, axes: Sequence[Axes] | None = None
) -> Sequence[Axes]:
    """Draw the metric of every run against each parameter in turn.

    A parameter with few values, or with text, has a place for each value and a dash at its mean,
    with a line through the means of numbers. A parameter with more than eight numbers has a scale.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.evaluation.comparison.comparable` makes it.
    parameters : sequence of str
        Nothing is drawn if empty.
    metric : str
        A column of numbers in 0..1.
    axes : one Axes for each parameter, optional

    Returns
    -------
    sequence of Axes
    """
    axes = _grid(len(parameters)) if axes is None else axes
    for ax, parameter in zip(axes, parameters, strict=True):
        texts = table[parameter].map(value_text)
        numbers = pd.to_numeric(table[parameter], errors="coerce").astype(float)
        if texts.nunique() > MAX_VALUES and numbers.notna().all():
            ax.scatter(numbers, table[metric], alpha=0.6, color=TRAINING)
            number_axis(ax, numbers)
        else:
            _draw_places(ax, texts, numbers, table[metric])
        ax.set_xlabel(parameter)
        ax.grid(alpha=0.3)
    if len(axes):
        axes[0].set_ylabel(metric.replace("_", " "))
        share_axis(axes[0])
    return axes


def plot_histories(histories: Mapping[str, History], axes: Axes | None = None) -> Axes:
    """Draw the validation accuracy of several trainings, at the end of each epoch and wherever else it was measured.

    Parameters
    ----------
    histories : mapping of str to History
        By what each is called in the legend.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(8, _height(histories))
    for i, (name, history) in enumerate(histories.items()):
        axes.plot(
            *history.curve("validation_accuracy"), marker=MARKERS[i % len(MARKERS)], markersize=4, label=_wrapped(name)
        )
    axes.set(xlabel="epoch", ylabel="validation accuracy")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    share_axis(axes)
    axes.grid(alpha=0.3)
    if histories:
        legend_beside(axes)
    return axes


def plot_differences(table: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw the differences from the best setting with their intervals; hollow where they may be chance.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.evaluation.comparison.differences` makes it; the first thirty that have a
        difference are drawn.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    table = table.dropna(subset=["difference"]).head(MAX_SETTINGS)
    names = [_wrapped(name) for name in table.index]
    lines = sum(max(2, 1 + name.count("\n")) for name in names)
    axes = axes or new_axes(8, 0.8 + 0.18 * lines)
    places = np.arange(len(table))
    half_width = table["high"] - table["difference"]
    axes.errorbar(table["difference"], places, xerr=half_width.fillna(0), fmt="none", color="grey", capsize=3)
    faces = [TRAINING if real else "white" for real in table["larger_than_noise"]]
    axes.scatter(table["difference"], places, c=faces, edgecolors=TRAINING, zorder=3)
    axes.axvline(0, color="black", linewidth=1)
    axes.set(yticks=places, yticklabels=names, xlabel="difference from the best setting")
    percent_ticks(axes.xaxis)
    axes.invert_yaxis()
    axes.grid(alpha=0.3, axis="x")
    return axes


def _height(labels: Iterable[str]) -> float:
    """Inches that a chart with these labels beside it needs."""
    return max(3.5, 0.5 + 0.17 * sum(1 + _wrapped(label).count("\n") for label in labels))


def _wrapped(setting: str) -> str:
    """The same in lines that end between two parameters, not between a name and its value."""
    parts = [part.replace(" ", "\N{NO-BREAK SPACE}") for part in setting.split(", ")]
    return fill(", ".join(parts), LINE, break_long_words=False, break_on_hyphens=False)


def _grid(count: int, columns: int = 3) -> list[Axes]:
    """So many axes, three in a row, with one y axis for all."""
    if not count:
        return []
    wide, high = min(count, columns), -(-count // columns)
    figure = plt.figure(figsize=(max(3.5, 3.0 * wide), 3.2 * high), layout="constrained")
    axes = list(figure.subplots(high, wide, sharey=True, squeeze=False).ravel())
    for unused in axes[count:]:
        unused.set_axis_off()
    return axes[:count]


def _draw_places(ax: Axes, texts: "pd.Series[str]", numbers: "pd.Series[float]", metric: "pd.Series[float]") -> None:
    """A place for each value, numbers in their order, then text; a dash at each mean."""
    order = pd.DataFrame({"text": texts, "number": numbers}).drop_duplicates("text")
    names = list(order.sort_values(["number", "text"])["text"])
    ax.scatter(texts.map(names.index), metric, alpha=0.6, color=TRAINING)
    means = metric.groupby(texts).mean().reindex(names)
    line = "--" if numbers.notna().all() else "none"
    ax.plot(range(len(names)), means, linestyle=line, marker="_", markersize=20, color="black", linewidth=1)
    ax.set_xticks(range(len(names)), names)
    if len(names) * max(map(len, names)) > 30:
        ax.tick_params("x", rotation=90 if len(names) > MAX_VALUES else 30)
    ax.margins(x=0.2)
