"""The images that a training learns from: digits and, if the configuration says so, outliers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from mnistlab.data import split
from mnistlab.datasets.digits import Digits
from mnistlab.datasets.outliers import load_outliers
from mnistlab.logits import CLASSES
from mnistlab.preprocessing import model_input
from mnistlab.training.presets import TrainConfig


@dataclass(frozen=True, eq=False)
class Examples:
    """Images with what the model should answer."""

    images: np.ndarray  # uint8 (N, 28, 28)
    targets: np.ndarray  # float32 (N, 10), probabilities: a row of zeros for an outlier

    def __len__(self) -> int:
        return len(self.images)

    def batches(self, config: TrainConfig, first_epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield shuffled batches without end; the order within an epoch depends only on seed and epoch.

        Images that do not fill a batch are left out of that epoch: for another shape TensorFlow builds another
        graph.
        """
        for epoch in count(first_epoch):
            order = np.random.default_rng((config.seed, epoch)).permutation(len(self))
            for step in range(config.steps_on(len(self))):
                chosen = order[step * config.batch_size : (step + 1) * config.batch_size]
                yield model_input(self.images[chosen]), self.targets[chosen]


def examples_of(digits: Digits, outliers: Digits | None = None, smoothing: float = 0.0) -> Examples:
    """Return digits, and outliers after them, as examples.

    Parameters
    ----------
    digits : Digits
    outliers : Digits, optional
    smoothing : float
        Share of the label that is spread over all ten digits, 0 to 1, of digits by known writers and by a generator:
        a model knows these few hands by heart, and of others it should be less sure.
    """
    share = smoothing * (digits.writers != 0).astype(np.float32)[:, np.newaxis]
    targets = np.eye(CLASSES, dtype=np.float32)[digits.labels] * (1 - share) + share / CLASSES
    if outliers is None:
        return Examples(digits.images, targets)
    none = np.zeros((len(outliers), CLASSES), np.float32)
    return Examples(np.concatenate([digits.images, outliers.images]), np.concatenate([targets, none]))


def outliers_of(config: TrainConfig) -> tuple[Digits, Digits] | None:
    """Return the outliers to train on and others to validate on; None if the configuration has none.

    Raises
    ------
    DataNotFoundError, DataDamagedError
        As `mnistlab.datasets.outliers.load_outliers`.
    """
    return split(load_outliers(for_training=True), config.validation_fraction, config.seed) if config.outliers else None
