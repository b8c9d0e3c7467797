"""A model's layers in NumPy: its logits, and how they change with the image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnistlab.attributions.building import build_layers
from mnistlab.attributions.graph import read_operators
from mnistlab.attributions.layers import Backward, Layer
from mnistlab.errors import RunError
from mnistlab.litert import LiteRTModel
from mnistlab.system.threads import one_blas_thread


@dataclass(frozen=True, eq=False)
class Network:
    """A model as a sequence of layers. It may be used by any number of threads at the same time."""

    layers: Sequence[Layer]

    def forward(self, path: np.ndarray) -> tuple[np.ndarray, Backward]:
        """Compute the logits at the points of a path, in their order.

        Parameters
        ----------
        path : float32 array of shape (N, 28, 28, 1)
            0 to 1.

        Returns
        -------
        logits : float32 array of shape (N, 10) or (N, 11)
        backward : callable
            From weights of the logits, float32 `(N - 1, 10)` or `(N - 1, 11)`, one row for each piece of the path, to
            the average gradients, `(N - 1, 28, 28, 1)`, of the weighted sum of the logits. Over each piece, gradient
            times change of the pixel adds up to the change of that sum, as `mnistlab.attributions.layers` says.
        """
        values, way_back = path, []
        with one_blas_thread():
            for layer in self.layers:
                values, backward = layer.forward(values)
                way_back.append(backward)

        def backward_through_all(gradients: np.ndarray) -> np.ndarray:
            with one_blas_thread():
                for backward in reversed(way_back):
                    gradients = backward(gradients)
            return gradients

        return values, backward_through_all


def read_network(model: LiteRTModel) -> Network:
    """Read the layers of a model, those of `mnistlab.model.ARCHITECTURES` and alike; it takes 20 ms.

    Parameters
    ----------
    model : LiteRTModel
        That of a predictor: ``predictor.model``.

    Raises
    ------
    RunError
        If it has a layer that is not known here.
    """
    try:
        return Network([layer for operator in read_operators(model.content) for layer in build_layers(operator)])
    except ValueError as error:
        raise RunError(f"{model.path} cannot be explained, {error}: choose a model of 02_train's") from error
