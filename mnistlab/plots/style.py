"""What all plots share: colours and axes."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

TRAINING, VALIDATION = "tab:blue", "tab:orange"
"""Told apart by colour-blind eyes; dashes tell them apart in grey."""


def new_axes(width: float, height: float) -> Axes:
    """Return the axes of a figure of its own, so many inches wide and high."""
    return plt.subplots(figsize=(width, height), layout="constrained")[1]
