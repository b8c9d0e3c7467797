"""The last layer's space: what the network gives its last layer is a point there, and alike digits lie near."""

import numpy as np

from mnistlab.attributions.network import Network
from mnistlab.preprocessing import model_input
from mnistlab.system.threads import one_blas_thread

BATCH_SIZE = 10
"""Images that go through the layers together: their values then stay in the processor's cache."""


def last_hidden(network: Network, images: np.ndarray) -> np.ndarray:
    """Return what the last layer gets for each image; with the model that ships, one takes a millisecond of one core.

    Parameters
    ----------
    network : Network
    images : uint8 array of shape (N, 28, 28)
        N is 1 or more.

    Returns
    -------
    float32 array of shape (N, D)
        The logits are a weighted sum of each row; D is 1152 with the model that ships.
    """
    batches = []
    with one_blas_thread():
        for start in range(0, len(images), BATCH_SIZE):
            values = model_input(images[start : start + BATCH_SIZE])
            for layer in network.layers[:-1]:
                values, _ = layer.forward(values)
            batches.append(values)
    return np.concatenate(batches)


def nearest(point: np.ndarray, points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest points and how far they are, the nearest first.

    Parameters
    ----------
    point : float array of shape (D,)
    points : float array of shape (N, D)
    count : int
        How many to return; all if there are not that many.

    Returns
    -------
    indices : int array of shape (count,)
    distances : float array of shape (count,)
        Euclidean.
    """
    distances = np.linalg.norm(points - point, axis=1)
    indices = distances.argsort(kind="stable")[:count]
    return indices, distances[indices]


def agreement(points: np.ndarray, labels: np.ndarray, expected: np.ndarray, count: int = 10) -> np.ndarray:
    """Return for each point which share of its nearest ones has the label that is expected there.

    Parameters
    ----------
    points : float array of shape (N, D)
    labels, expected : int array of shape (N,)
        The same array twice, to count those with the point's own label.
    count : int
        How many of the nearest count; fewer than N.

    Returns
    -------
    float array of shape (N,)
        0 to 1.
    """
    from sklearn.neighbors import NearestNeighbors  # late: importing it takes a second

    found = NearestNeighbors(n_neighbors=count).fit(points).kneighbors(return_distance=False)
    return np.asarray((labels[found] == expected[:, np.newaxis]).mean(axis=1))
