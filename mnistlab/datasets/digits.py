"""Labelled images of digits."""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from mnistlab.errors import ParameterError
from mnistlab.pictures.drawn import ink_of_drawing
from mnistlab.preprocessing import SIDE, image_from_ink


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
    writers : int32 array of shape (N,), optional
        A number for each writer, from 1; 0 where the writer is not known, `GENERATOR` where no person drew it. All 0
        if left out.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    writers: np.ndarray = None  # type: ignore[assignment]  # filled in below

    def __post_init__(self) -> None:
        n = len(self.labels)
        if self.writers is None:
            object.__setattr__(self, "writers", np.zeros(n, np.int32))
        for array, dtype, shape in (
            (self.images, np.uint8, (n, SIDE, SIDE)),
            (self.labels, np.uint8, (n,)),
            (self.writers, np.int32, (n,)),
        ):
            if array.dtype != dtype or array.shape != shape:
                raise ValueError(f"expected {np.dtype(dtype)} {shape}, got {array.dtype} {array.shape}")
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"Digits({self.name}, {len(self):,} images)"

    @cached_property
    def sha256(self) -> str:
        """The sha256 of the images and labels, and of the writers if any is known, in their order."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images).data)
        digest.update(np.ascontiguousarray(self.labels).data)
        if self.writers.any():
            digest.update(np.ascontiguousarray(self.writers).data)
        return digest.hexdigest()

    def take(self, indices: np.ndarray) -> "Digits":
        """Return the digits at `indices`, in that order."""
        return Digits(self.name, self.images[indices], self.labels[indices], self.writers[indices])


def concatenate(name: str, *parts: Digits) -> Digits:
    """Return the digits of all parts, one part after the other, as one dataset of that name.

    Writers are numbered anew: two parts have no writer in common.
    """
    writers, numbered = 0, []
    for part in parts:
        numbered.append(np.where(part.writers > 0, part.writers + writers, part.writers).astype(np.int32))
        writers = max(writers, int(numbered[-1].max(initial=0)))
    images, labels = [part.images for part in parts], [part.labels for part in parts]
    return Digits(name, np.concatenate(images), np.concatenate(labels), np.concatenate(numbered))


@cache
def read_bundled() -> Digits:
    """Return the 1,797 digits of 8x8 pixels that come with scikit-learn, prepared as MNIST's were.

    They are prepared once in a process: it takes half a second.
    """
    from sklearn.datasets import load_digits  # late: importing it takes a second

    bundled = load_digits()
    pictures = np.round(bundled.images * 255 / 16).astype(np.uint8)
    images = np.stack([image_from_ink(ink_of_drawing(picture)) for picture in pictures])
    return Digits("digits", images, bundled.target.astype(np.uint8))


def some_writers(writers: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Choose writers at random, one after the other, until they have that share of the images.

    Parameters
    ----------
    writers : int array of shape (N,)
        Of each image.
    share : float
        0 to 1.
    rng : numpy.random.Generator
    """
    names, counts = np.unique(writers, return_counts=True)
    order = rng.permutation(len(names))
    return names[order[: 1 + np.searchsorted(np.cumsum(counts[order]), share * len(writers))]]


def some_digits(digits: Digits, count: int, seed: int) -> Digits:
    """Choose that many digits at random, and return them in their order; all of them if there are not more."""
    return digits.take(np.sort(np.random.default_rng(seed).permutation(len(digits))[:count]))


def stratified(labels: np.ndarray, held_out: float | int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Split indices at random with the same proportions of the classes; the second part is a share or a number.

    Raises
    ------
    ParameterError
        If there are too few images for every digit to be in both parts.
    """
    from sklearn.model_selection import train_test_split  # late: importing it takes a second

    try:
        kept, apart = train_test_split(np.arange(len(labels)), test_size=held_out, stratify=labels, random_state=seed)
    except ValueError:
        share = f"{held_out:.0%}" if isinstance(held_out, float) else f"{held_out}"
        raise ParameterError(
            f"{share} of {len(labels)} images are too few for every digit in both parts: take more images (train_size)"
        ) from None
    return kept, apart
