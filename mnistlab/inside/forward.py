"""What every layer of a network makes of an image."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistlab.attributions.layers import Layer
from mnistlab.attributions.network import Network
from mnistlab.logits import digit_logits, softmax
from mnistlab.preprocessing import model_input
from mnistlab.system.threads import one_blas_thread

NAMES = {
    "Convolution": "convolution",
    "Crop": "cropping",
    "Dense": "dense",
    "Flatten": "flatten",
    "MaxPooling": "max pooling",
    "ReLU": "ReLU",
    "Scale": "scale",
    "Shift": "shift",
}
"""Of the layers in `mnistlab.attributions.layers`; scale and shift are what batch normalisation has become."""


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """What a layer makes of one image."""

    name: str  # of the layer: its kind, and which of that kind it is, "convolution 2"
    values: np.ndarray  # float32 (height, width, channels), or (channels,) once they are flat
    weights: int  # numbers that the layer has learned

    @property
    def shape(self) -> str:
        """``"14x14x48"``, or ``"1152"``."""
        return "x".join(map(str, self.values.shape))


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """One image on its way through a network."""

    image: np.ndarray  # uint8 (28, 28)
    outputs: Sequence[LayerOutput]  # one for each layer, in their order; the last are the logits

    @property
    def activations(self) -> Sequence[LayerOutput]:
        """The outputs of the ReLUs: what a block of layers hands on."""
        return [each for each in self.outputs if each.name.startswith(NAMES["ReLU"])]

    @property
    def logits(self) -> np.ndarray:
        """float32 `(10,)`: those of the digits."""
        return digit_logits(self.outputs[-1].values[np.newaxis])[0]

    @property
    def probabilities(self) -> np.ndarray:
        """float32 `(10,)`: the softmax of the logits."""
        return softmax(self.logits[np.newaxis])[0]

    @property
    def digit(self) -> int:
        """The answer, 0 to 9."""
        return int(self.logits.argmax())

    @property
    def table(self) -> pd.DataFrame:
        """For each layer: the shape of its output, its number of learned weights, and the share of zeros."""
        rows = {
            each.name: (each.shape, f"{each.weights:,}", f"{(each.values == 0).mean():.0%}") for each in self.outputs
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["output", "weights", "zeros"])
        return table.rename_axis("layer")

    def rival(self, other: int) -> int:
        """Return `other`, 0 to 9, or the second most likely digit if `other` is the answer itself."""
        return int(self.logits.argsort()[-2]) if other == self.digit else other


def forward_pass(network: Network, image: np.ndarray) -> ForwardPass:
    """Let an image go through a network, and keep what every layer makes of it.

    Parameters
    ----------
    network : Network
    image : uint8 array of shape (28, 28)
        Light ink (up to 255) on a dark background (0).

    Returns
    -------
    ForwardPass
    """
    values, seen, outputs = model_input(image[np.newaxis]), Counter[str](), []
    with one_blas_thread():
        for layer in network.layers:
            values, _ = layer.forward(values)
            kind = NAMES[type(layer).__name__]
            seen[kind] += 1
            outputs.append(LayerOutput(f"{kind} {seen[kind]}", values[0], _weights(layer)))
    return ForwardPass(image, outputs)


def _weights(layer: Layer) -> int:
    """Numbers that a layer has learned; biases that are all 0 were never there."""
    return sum(each.size for each in vars(layer).values() if isinstance(each, np.ndarray) and each.any())
