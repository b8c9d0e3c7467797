"""Datasets of handwritten digits by name, and how they are split."""

import logging

import numpy as np

from mnistlab.datasets.cache import cached_images
from mnistlab.datasets.digits import Digits, concatenate, read_bundled
from mnistlab.datasets.download import MNIST, fetch
from mnistlab.datasets.drawings import labels_of, load_drawings, render_at_random
from mnistlab.datasets.formats import read_idx
from mnistlab.errors import DataNotFoundError, ParameterError, UnknownNameError

DATASETS = ("auto", "mnist", "digits", "pendigits", "mnist+pendigits")
"""Names that `load_dataset` takes."""

TRAINING_WRITERS = 24
"""Writers of ``pendigits``, of 30, who are trained on; the others are for testing."""

log = logging.getLogger("mnistlab")


def load_dataset(name: str) -> tuple[Digits, Digits]:
    """Load a dataset by name.

    Parameters
    ----------
    name : {"mnist", "digits", "pendigits", "mnist+pendigits", "auto"}
        ``"mnist"``: 60,000 and 10,000 digits. ``"digits"``: the 1,797 that come with scikit-learn.
        ``"pendigits"``: 7,494 pen drawings, rendered. ``"mnist+pendigits"``: MNIST's training digits and
        all pen drawings to train on, MNIST's test digits to test on. ``"auto"``: MNIST if it is on this
        machine or can be downloaded, else ``"digits"``, with a warning in the log.

    Returns
    -------
    train, test : Digits

    Raises
    ------
    DataNotFoundError
        If the dataset is not on this machine and cannot be downloaded.
    DataDamagedError
        If a file in ``MNISTLAB_DATA_DIR`` is damaged.
    UnknownNameError
        If there is no such dataset.
    """
    if name == "mnist":
        return load_mnist()
    if name == "digits":
        return load_digits()
    if name == "pendigits":
        return load_pendigits()
    if name == "mnist+pendigits":
        train, test = load_mnist()
        return concatenate(name, train, *load_pendigits()), test
    if name == "auto":
        try:
            return load_mnist()
        except DataNotFoundError as error:
            log.warning("Using the bundled 8x8 digits instead of MNIST: %s", error)
            return load_digits()
    raise UnknownNameError("dataset", name, DATASETS)


def load_mnist() -> tuple[Digits, Digits]:
    """Load MNIST, downloading it first if it is not on this machine.

    Returns
    -------
    train, test : Digits
        60,000 and 10,000 digits.

    Raises
    ------
    DataNotFoundError, DataDamagedError
        As `mnistlab.datasets.download.fetch` and `read_idx`.

    References
    ----------
    Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits. CC BY-SA 3.0.
    """
    arrays = [read_idx(path, 3 if "images" in path.name else 1) for path in fetch(MNIST)]
    return Digits("mnist", *arrays[:2]), Digits("mnist", *arrays[2:])


def load_digits() -> tuple[Digits, Digits]:
    """Load the 8x8 digits that come with scikit-learn, prepared as MNIST's were.

    Returns
    -------
    train, test : Digits
        1,437 and 360 digits: the same stratified split on every machine.

    References
    ----------
    E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI, 1998. CC BY 4.0.
    """
    return split(read_bundled(), 0.2, seed=0)


def load_pendigits() -> tuple[Digits, Digits]:
    """Load pen drawings, each rendered with a random pen, size and tilt and prepared as MNIST's digits were.

    Returns
    -------
    train, test : Digits
        The digits of 24 writers, and those of the other 6: rendered once, in ten seconds, and kept in the user's cache.

    Raises
    ------
    DataNotFoundError, DataDamagedError
        As `mnistlab.datasets.drawings.load_drawings`.
    """
    name, drawings = load_drawings("pendigits")
    digits = Digits(name, cached_images(render_at_random, drawings), labels_of(drawings))
    for_testing = np.array([labelled.writer > TRAINING_WRITERS for labelled in drawings])
    return digits.take(np.flatnonzero(~for_testing)), digits.take(np.flatnonzero(for_testing))


def split(digits: Digits, held_out: float, seed: int) -> tuple[Digits, Digits]:
    """Split digits at random into two parts, whole writers where they are known.

    Images whose writer is not known are split with the same proportions of the classes.

    Parameters
    ----------
    digits : Digits
    held_out : float
        Share of the images in the second part, 0 to 1. Whole writers can make it a little larger.
    seed : int

    Returns
    -------
    kept, held_out : Digits
        In random order. No known writer is in both.

    Raises
    ------
    ParameterError
        If there are too few images for every digit to be in both parts.
    """
    known = digits.writers > 0
    if not known.any():
        kept, apart = _stratified(digits.labels, held_out, seed)
        return digits.take(kept), digits.take(apart)
    rng = np.random.default_rng(seed)
    is_apart = np.isin(digits.writers, _some_writers(digits.writers[known], held_out, rng))
    if not known.all():
        unknown = np.flatnonzero(~known)
        is_apart[unknown[_stratified(digits.labels[unknown], held_out, seed)[1]]] = True
    order = rng.permutation(len(digits))
    return digits.take(order[~is_apart[order]]), digits.take(order[is_apart[order]])


def sample(digits: Digits, size: int, seed: int) -> Digits:
    """Return a random sample with the same proportions of the classes.

    Parameters
    ----------
    digits : Digits
    size : int
        Number of digits to return; all of them if 0, or if there are not that many.
    seed : int

    Raises
    ------
    ParameterError
        If the size is negative, or too small for every digit to be in it.
    """
    if size < 0:
        raise ParameterError(f"a sample cannot have {size} images: give a positive number, or 0 for all (train_size)")
    if not 0 < size < len(digits):
        return digits
    return digits.take(_stratified(digits.labels, size, seed)[1])


def _some_writers(writers: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Choose writers at random, one after the other, until they have that share of the images."""
    names, counts = np.unique(writers, return_counts=True)
    order = rng.permutation(len(names))
    return names[order[: 1 + np.searchsorted(np.cumsum(counts[order]), share * len(writers))]]


def _stratified(labels: np.ndarray, held_out: float | int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Split indices at random with the same proportions of the classes; the second part is a share or a number."""
    from sklearn.model_selection import train_test_split  # late: importing it takes a second

    try:
        kept, apart = train_test_split(np.arange(len(labels)), test_size=held_out, stratify=labels, random_state=seed)
    except ValueError:
        share = f"{held_out:.0%}" if isinstance(held_out, float) else f"{held_out}"
        raise ParameterError(
            f"{share} of {len(labels)} images are too few for every digit in both parts: take more images (train_size)"
        ) from None
    return kept, apart
