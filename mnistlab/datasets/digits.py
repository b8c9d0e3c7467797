"""Labelled images of digits."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnistlab.preprocessing import SIDE


@dataclass(frozen=True, eq=False)
class Digits:
    """Labelled images of digits, read-only.

    Parameters
    ----------
    name : str
        Name of the dataset, ``"mnist"`` for example.
    images : uint8 array of shape (N, 28, 28)
        Light ink (255) on a dark ground (0).
    labels : uint8 array of shape (N,)
        0 to 9.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.labels)
        for array, shape in ((self.images, (n, SIDE, SIDE)), (self.labels, (n,))):
            if array.dtype != np.uint8 or array.shape != shape:
                raise ValueError(f"expected uint8 {shape}, got {array.dtype} {array.shape}")
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"Digits({self.name}, {len(self):,} images)"

    @cached_property
    def sha256(self) -> str:
        """The sha256 of the images and labels, in their order."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).data)
        digest.update(np.ascontiguousarray(self.labels).data)
        return digest.hexdigest()

    def take(self, indices: np.ndarray) -> "Digits":
        """Return the digits at `indices`, in that order."""
        return Digits(self.name, self.images[indices], self.labels[indices])


def concatenate(name: str, *parts: Digits) -> Digits:
    """Return the digits of all parts, one part after the other, as one dataset of that name."""
    images, labels = [part.images for part in parts], [part.labels for part in parts]
    return Digits(name, np.concatenate(images), np.concatenate(labels))
