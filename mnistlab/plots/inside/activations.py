"""A chart of what every block of layers hands on: small images, one for each channel."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from mnistlab.inside.forward import ForwardPass, LayerOutput
from mnistlab.plots.inside.tiles import tiled

COLUMNS = 8
"""Channels in a row."""

SHADES = colormaps["gray_r"].with_extremes(bad="#d5dde5")
"""White for 0, black for the highest; between the channels a pale blue."""


def plot_activations(passed: ForwardPass, channels: int) -> Figure:
    """Draw the activations of each ReLU, those of its strongest channels: the darker, the higher.

    Within a layer all channels have the same scale, and keep their order. A layer without rows and columns is one
    row of its channels.

    Parameters
    ----------
    passed : ForwardPass
    channels : int
        Most channels to draw of each layer; 1 or more.

    Returns
    -------
    Figure
    """
    bands = {each: strongest_channels(each, channels) for each in passed.activations}
    heights = [max(1, -(-len(chosen) // COLUMNS)) if each.values.ndim == 3 else 1 for each, chosen in bands.items()]
    size = (5.5, 0.68 * sum(heights) + 0.4 * len(bands))
    figure, axes = plt.subplots(
        len(bands), figsize=size, height_ratios=[height + 0.5 for height in heights], squeeze=False
    )
    for part, (each, chosen) in zip(axes[:, 0], bands.items(), strict=True):
        part.imshow(_picture(each.values, chosen), cmap=SHADES, vmin=0, vmax=float(each.values.max()) or 1.0)
        part.set_title(_title(each, len(chosen)), fontsize=10, loc="left", pad=3)
        part.set_axis_off()
    figure.patch.set_facecolor("white")
    figure.subplots_adjust(0.01, 0.01, 0.99, 1 - 0.3 / size[1], hspace=0.3)
    return figure


def strongest_channels(output: LayerOutput, count: int) -> np.ndarray:
    """Return the channels with the highest sums, int `(count,)`, in their order; all if there are not that many."""
    sums = output.values.reshape(-1, output.values.shape[-1]).sum(axis=0)
    return np.sort(np.argsort(-sums, kind="stable")[:count])


def _picture(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    if values.ndim == 1:
        return values[np.newaxis, chosen]
    gap = max(1, values.shape[0] // 9)
    return tiled([values[..., channel] for channel in chosen], COLUMNS, gap)


def _title(output: LayerOutput, shown: int) -> str:
    count = output.values.shape[-1]
    told = "" if shown == count else f", the {shown} strongest shown"
    return f"{output.name}: {output.shape}{told}"
