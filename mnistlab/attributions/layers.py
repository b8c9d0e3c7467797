"""The layers of our models in NumPy, each with its average gradients between neighbouring points of a path.

A layer takes float32 `(N, height, width, channels)`, or `(N, channels)` once they are flat: its inputs at N points of a
path, in their order. Its ``forward`` returns its outputs there, and a function for the way back: from the average
gradients, over each of the N - 1 pieces of the path, with respect to the outputs, to those with respect to the inputs.

ReLU and max are taken to move on a straight line over a piece, and their average gradient is the change of the output
divided by that of the input. So, over each piece, gradient times change adds up to the change of the logits: this is
the Rescale rule of Shrikumar, Greenside, Kundaje (Learning important features through propagating activation
differences, ICML 2017).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np

Backward = Callable[[np.ndarray], np.ndarray]
"""From average gradients with respect to a layer's outputs to those with respect to its inputs, both `(N - 1, ...)`."""

TINY = 1e-30
"""In place of a change of 0, which nothing can be divided by."""


class Layer(Protocol):
    """Anything with a way forward that comes with its way back."""

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        """Return the outputs, and the function that takes their average gradients back to the inputs."""


@dataclass(frozen=True, eq=False)
class Crop:
    """Keeps a part of its inputs."""

    part: tuple[slice, ...]  # one for each dimension

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        def backward(gradients: np.ndarray) -> np.ndarray:
            padded = np.zeros_like(inputs[1:])
            padded[self.part] = gradients
            return padded

        return inputs[self.part], backward


@dataclass(frozen=True, eq=False)
class Convolution:
    """A convolution with stride 1; `padding` rows and columns of zeros are put around its inputs first."""

    weights: np.ndarray  # (height, width, channels, filters)
    biases: np.ndarray  # (filters,)
    padding: int

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        height, width, _, filters = self.weights.shape
        edge = (self.padding, self.padding)
        padded = np.pad(inputs, [(0, 0), edge, edge, (0, 0)])
        rows, columns = padded.shape[1] - height + 1, padded.shape[2] - width + 1
        places = [np.s_[:, i : i + rows, j : j + columns] for i, j in product(range(height), range(width))]
        patches = np.concatenate([padded[place] for place in places], axis=-1)
        matrix = self.weights.reshape(-1, filters)

        def backward(gradients: np.ndarray) -> np.ndarray:
            of_patches = np.split(_times(gradients, matrix.T), len(places), axis=-1)
            of_padded = np.zeros_like(padded[1:])
            for place, part in zip(places, of_patches, strict=True):
                of_padded[place] += part
            end_row, end_column = (side - self.padding for side in padded.shape[1:3])
            return of_padded[:, self.padding : end_row, self.padding : end_column]

        return _times(patches, matrix) + self.biases, backward


class MaxPooling:
    """The largest of each 2x2 values; an odd last row or column is left out."""

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        rows, columns = (side // 2 * 2 for side in inputs.shape[1:3])
        upper, lower = inputs[:, 0:rows:2, :columns], inputs[:, 1:rows:2, :columns]
        taller = np.maximum(upper, lower)
        left, right = taller[:, :, 0::2], taller[:, :, 1::2]

        def backward(gradients: np.ndarray) -> np.ndarray:
            of_taller, of_inputs = np.empty_like(taller[1:]), np.zeros_like(inputs[1:])
            of_taller[:, :, 0::2] = of_left = gradients * _mean_slopes(left - right)
            of_taller[:, :, 1::2] = gradients - of_left
            of_inputs[:, 0:rows:2, :columns] = of_upper = of_taller * _mean_slopes(upper - lower)
            of_inputs[:, 1:rows:2, :columns] = of_taller - of_upper
            return of_inputs

        return np.maximum(left, right), backward


@dataclass(frozen=True, eq=False)
class Scale:
    """Multiplies each channel by a factor, as batch normalisation does."""

    factors: np.ndarray

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        return inputs * self.factors, lambda gradients: gradients * self.factors


@dataclass(frozen=True, eq=False)
class Shift:
    """Adds a term to each channel, as batch normalisation does."""

    terms: np.ndarray

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        return inputs + self.terms, lambda gradients: gradients


class ReLU:
    """Puts 0 in place of what is negative."""

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        return np.maximum(inputs, 0), lambda gradients: gradients * _mean_slopes(inputs)


class Flatten:
    """Puts all values of an image in one row."""

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        return inputs.reshape(len(inputs), -1), lambda gradients: gradients.reshape(-1, *inputs.shape[1:])


@dataclass(frozen=True, eq=False)
class Dense:
    """A matrix and biases."""

    weights: np.ndarray  # (inputs, outputs)
    biases: np.ndarray  # (outputs,)

    def forward(self, inputs: np.ndarray) -> tuple[np.ndarray, Backward]:
        return inputs @ self.weights + self.biases, lambda gradients: gradients @ self.weights.T


def _times(values: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """All rows of values, whatever their shape, times a matrix: at once, where ``@`` takes one row of pixels a time."""
    return (values.reshape(-1, values.shape[-1]) @ matrix).reshape(*values.shape[:-1], -1)


def _mean_slopes(values: np.ndarray) -> np.ndarray:
    """Average slope of ReLU, 0 to 1, between each value and the next: the share of the way on which it is positive."""
    higher, lower = np.maximum(values[:-1], values[1:]), np.minimum(values[:-1], values[1:])
    return np.clip(higher / np.maximum(higher - lower, TINY), 0, 1)
