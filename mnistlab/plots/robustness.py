"""The charts of how well models read corrupted digits."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mnistlab.plots.runs import MARKERS
from mnistlab.plots.style import TRAINING, VALIDATION, new_axes, percent_ticks

WIDTH, FONT = 4.0, 11
"""Inches, and points of all text: 13 pixels where the chart is 340 pixels wide, on a phone."""

DOT = 0.1
"""Height that one model's dot takes in a row, in inches."""

BAR = 0.25
"""Height of a row of bars, in inches."""

OUTCOME_COLOURS = ((TRAINING, ""), ("lightblue", "//"), ("lightgrey", "//"), (VALIDATION, ""))
"""Colours and hatches, of what is read, what is refused although it is right, or is wrong, and what goes unnoticed."""


def plot_robustness(table: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw the accuracy of models in each kind of images with its interval: a row for each kind, a dot for each model.

    Parameters
    ----------
    table : DataFrame
        By model and kind: ``accuracy``, ``low`` and ``high``, 0..1, as the table of
        `mnistlab.benchmarks.corrupted.robustness.Robustness`. Ten models at most.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    models, kinds = (table.index.unique(level) for level in (0, 1))
    row = max(2 * FONT / 72, DOT * (1 + len(models)))  # inches
    axes = axes or new_axes(WIDTH, 1 + row * len(kinds))
    places = np.arange(len(kinds))
    for i, (model, marker) in enumerate(zip(models, MARKERS, strict=False)):
        of_model = table.loc[model].loc[kinds]
        beside = places + (i - (len(models) - 1) / 2) * DOT / row
        axes.hlines(beside, of_model["low"], of_model["high"], color=f"C{i}", alpha=0.6)
        axes.scatter(of_model["accuracy"], beside, 22, f"C{i}", marker=marker, label=model, zorder=3)
    for place in places[1:]:
        axes.axhline(place - 0.5, color="lightgrey", linewidth=0.8)
    axes.set(xlim=(None, min(1.02, axes.get_xlim()[1])), ylim=(len(kinds) - 0.5, -0.5))
    axes.set_yticks(places, kinds, fontsize=FONT)
    axes.tick_params(axis="x", labelsize=FONT)
    axes.set_xlabel("read correctly", fontsize=FONT)
    percent_ticks(axes.xaxis)
    axes.figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=FONT)
    return axes


def plot_outcomes(outcomes: pd.DataFrame, axes: Axes | None = None) -> Axes:
    """Draw what became of the digits that one model was given: a row for each kind of images, its parts add up to 1.

    Parameters
    ----------
    outcomes : DataFrame
        By kind: shares, 0..1, as one of `mnistlab.benchmarks.corrupted.outcomes.of_models`.
    axes : Axes, optional

    Returns
    -------
    Axes
    """
    axes = axes or new_axes(WIDTH, 1.5 + BAR * len(outcomes))
    places, begun = np.arange(len(outcomes)), np.zeros(len(outcomes))
    for (outcome, shares), (colour, hatch) in zip(outcomes.items(), OUTCOME_COLOURS, strict=True):
        axes.barh(places, shares, 0.8, begun, color=colour, hatch=hatch, edgecolor="white", linewidth=0, label=outcome)
        begun += shares.to_numpy()
    axes.set(xlim=(0, 1), ylim=(len(outcomes) - 0.5, -0.5))
    axes.set_yticks(places, outcomes.index, fontsize=FONT)
    axes.tick_params(axis="x", labelsize=FONT)
    axes.set_xlabel("share of the digits", fontsize=FONT)
    percent_ticks(axes.xaxis)
    axes.figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=FONT)
    return axes
