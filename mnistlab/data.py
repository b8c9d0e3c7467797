"""Datasets of handwritten digits by name, and how they are split."""

import logging

import numpy as np

from mnistlab.datasets.digits import Digits, concatenate, read_bundled, some_writers, stratified
from mnistlab.datasets.download import fetch
from mnistlab.datasets.drawings import SOURCES, load_drawings
from mnistlab.datasets.formats.idx import read_idx
from mnistlab.datasets.formats.labelled import GENERATOR
from mnistlab.datasets.rendering import render_at_random
from mnistlab.datasets.sources import MNIST
from mnistlab.datasets.synthetic.styles import synthetic_digits
from mnistlab.errors import DataNotFoundError, ParameterError, UnknownNameError

STROKES = (*SOURCES, "synthetic")
"""Datasets of drawings that are rendered; ``"strokes"`` stands for all of them."""

DATASETS = ("auto", "mnist", "digits", *STROKES, "strokes")
"""Names that `load_dataset` takes; all but ``"auto"`` may be joined by a plus."""

RENDERINGS = {"pendigits": 2, "uji": 4, "unipen": 3}
"""How often each drawing is rendered for training: more often where the hands differ more."""

log = logging.getLogger("mnistlab")


def load_dataset(name: str) -> tuple[Digits, Digits]:
    """Load a dataset by name.

    Parameters
    ----------
    name : str
        One of `DATASETS`, or several joined by ``+``: training digits of all, test digits of the first.
        ``"mnist"``: 60,000 and 10,000 digits. ``"digits"``: the 1,797 that come with scikit-learn.
        ``"pendigits"``, ``"uji"``, ``"unipen"``: pen drawings, rendered; those of the writers in
        `mnistlab.datasets.drawings.HELD_OUT` are the test digits. ``"synthetic"``: drawn by a generator.
        ``"strokes"``: the last four together. ``"auto"``: MNIST if it is on this machine or can be
        downloaded, else ``"digits"``, with a warning in the log.

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
    if name == "auto":
        try:
            return load_mnist()
        except DataNotFoundError as error:
            log.warning("Using the bundled 8x8 digits instead of MNIST: %s", error)
            return load_digits()
    first, *others = parts = name.split("+")
    single = [each for part in parts for each in (STROKES if part == "strokes" else [part])]
    if not {*single} <= {"mnist", "digits", *STROKES} or len({*single}) < len(single):
        raise UnknownNameError("dataset", name, DATASETS)
    train, test = _load(first)
    return (concatenate(name, train, *map(_load_training, others)) if others else train), test


def _load(name: str) -> tuple[Digits, Digits]:
    if name == "mnist":
        return load_mnist()
    if name == "digits":
        return load_digits()
    return load_strokes(name, for_training=True), load_strokes(name, for_training=False)


def _load_training(name: str) -> Digits:
    """The training digits alone: nothing is rendered that nobody tests with."""
    return load_strokes(name, for_training=True) if name in (*STROKES, "strokes") else _load(name)[0]


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


def load_strokes(name: str, for_training: bool) -> Digits:
    """Load drawings, rendered with random pens, sizes and tilts and prepared as MNIST's digits were.

    Parameters
    ----------
    name : {"pendigits", "uji", "unipen", "synthetic", "strokes"}
    for_training : bool
        Whether those of the training writers, each rendered as often as `RENDERINGS` says; else those of the
        writers held out, rendered once.

    Returns
    -------
    Digits
        They are kept in the user's cache.

    Raises
    ------
    DataNotFoundError, DataDamagedError
        As `mnistlab.datasets.drawings.load_drawings`.
    """
    if name == "strokes":
        return concatenate(name, *(load_strokes(each, for_training) for each in STROKES))
    if name == "synthetic":
        return synthetic_digits(for_training)
    (drawings,) = load_drawings(name)[1]
    part, copies = (drawings.training, RENDERINGS[name]) if for_training else (drawings.held_out, 1)
    return part.rendered(render_at_random, copies=copies)


def split(digits: Digits, held_out: float, seed: int) -> tuple[Digits, Digits]:
    """Split digits at random into two parts, whole writers where they are known.

    Where the writer is not known, both parts get the same proportions of the classes. A generator's stay in the first.

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
    if {*np.unique(digits.writers)} in ({0}, {GENERATOR}):  # nobody's writer is known
        kept, apart = stratified(digits.labels, held_out, seed)
        return digits.take(kept), digits.take(apart)
    rng = np.random.default_rng(seed)
    known, unknown = digits.writers[digits.writers > 0], np.flatnonzero(digits.writers == 0)
    is_apart = np.isin(digits.writers, some_writers(known, held_out, rng) if len(known) else [])
    if len(unknown):
        is_apart[unknown[stratified(digits.labels[unknown], held_out, seed)[1]]] = True
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
    return digits.take(stratified(digits.labels, size, seed)[1])
