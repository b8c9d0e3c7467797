"""The first convolution over an image: a window slides over it, and at each place nine products are summed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnistlab.attributions.layers import Convolution, Crop, MaxPooling, ReLU, Scale, Shift
from mnistlab.attributions.network import Network
from mnistlab.errors import RunError
from mnistlab.preprocessing import model_input

STEPS = {MaxPooling: "largest of 2x2 sums", Scale: "times", Shift: "plus", ReLU: "ReLU: 0 if below 0"}
"""What a layer behind the convolution does with a sum, in words."""


@dataclass(frozen=True, eq=False)
class Step:
    """What is done with the sums, and what comes of it."""

    name: str
    values: np.ndarray | None  # float32 (filters,): what is added, or multiplied with
    maps: np.ndarray  # float32 (filters, rows, columns)
    reach: int  # rows of sums, and columns, that one row of the maps stands for: 2 behind max pooling, else 1


@dataclass(frozen=True, eq=False)
class FirstConvolution:
    """The first convolution of a network over one image, and what follows it up to its ReLU.

    Attributes
    ----------
    pixels : uint8 array of shape (height, width)
        What the window slides over: the image, without what the network cuts off, within a ring of zeros if the
        network puts one around it. The network gets them divided by 255.
    padding : int
        Width of that ring, in pixels.
    weights : float32 array of shape (filters, 3, 3)
    steps : sequence of Step
        The first adds the bias to the sum of the products: its maps are what the convolution gives. The last gives
        the activations.
    """

    pixels: np.ndarray
    padding: int
    weights: np.ndarray
    steps: Sequence[Step]

    @property
    def sums(self) -> np.ndarray:
        """What the convolution gives, float32 `(filters, rows, columns)`: a number for each place of the window."""
        return self.steps[0].maps

    @property
    def activations(self) -> np.ndarray:
        """What the ReLU gives, float32 `(filters, rows, columns)`."""
        return self.steps[-1].maps

    @property
    def strongest(self) -> tuple[int, int, int]:
        """The filter with the highest activation, and the row and the column of its highest sum."""
        chosen = int(self.activations.max(axis=(1, 2)).argmax())
        row, column = np.unravel_index(self.sums[chosen].argmax(), self.sums[chosen].shape)
        return chosen, int(row), int(column)

    def seen(self, row: int, column: int) -> np.ndarray:
        """Return what the window sees with its upper left corner there: float32 `(3, 3)`, 0 to 1."""
        height, width = self.weights.shape[1:]
        return self.pixels[row : row + height, column : column + width].astype(np.float32) / 255

    def products(self, chosen: int, row: int, column: int) -> np.ndarray:
        """Return what the window sees there times the weights of a filter: float32 `(3, 3)`."""
        return self.seen(row, column) * self.weights[chosen]

    def lines(self, chosen: int, row: int, column: int) -> list[tuple[str, float]]:
        """Return the arithmetic for a filter and a place of the window: in words, and the number after each step."""
        lines = [(f"sum of the {self.weights[chosen].size} products", float(self.products(chosen, row, column).sum()))]
        for step in self.steps:
            at_row, at_column = row // step.reach, column // step.reach
            if at_row < step.maps.shape[1] and at_column < step.maps.shape[2]:  # max pooling leaves odd ends out
                number = "" if step.values is None else f" {step.values[chosen]:.3f}"
                lines.append((f"{step.name}{number}", float(step.maps[chosen, at_row, at_column])))
        return lines


def first_convolution(network: Network, image: np.ndarray) -> FirstConvolution:
    """Let the window of a network's first convolution slide over an image.

    Parameters
    ----------
    network : Network
    image : uint8 array of shape (28, 28)
        Light ink (up to 255) on a dark background (0).

    Raises
    ------
    RunError
        If the network does not begin with a convolution.
    """
    layers: list[Any] = [*network.layers]
    pixels, values = image[np.newaxis, ..., np.newaxis], model_input(image[np.newaxis])
    if isinstance(layers[0], Crop):
        cropping = layers.pop(0)
        pixels, values = cropping.forward(pixels)[0], cropping.forward(values)[0]
    if not isinstance(layers[0], Convolution):
        raise RunError("this model does not begin with a convolution: choose a run of 02_train's presets")
    convolution = layers.pop(0)
    values, _ = convolution.forward(values)
    steps, reach = [Step("plus the bias", convolution.biases, _maps(values), 1)], 1
    while type(layers[0]) in STEPS:
        layer = layers.pop(0)
        values, _ = layer.forward(values)
        reach *= 2 if isinstance(layer, MaxPooling) else 1
        number = next((each for each in vars(layer).values() if isinstance(each, np.ndarray)), None)
        steps.append(Step(STEPS[type(layer)], number, _maps(values), reach))
        if isinstance(layer, ReLU):
            break
    ringed = np.pad(pixels[0, ..., 0], convolution.padding)
    return FirstConvolution(ringed, convolution.padding, convolution.weights[:, :, 0].transpose(2, 0, 1), steps)


def _maps(values: np.ndarray) -> np.ndarray:
    """From (1, rows, columns, filters) to (filters, rows, columns)."""
    return np.ascontiguousarray(values[0].transpose(2, 0, 1))
