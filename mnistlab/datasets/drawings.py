"""Sets of labelled drawings by name, and the images that are rendered from them for training."""

import logging
from collections.abc import Sequence

import numpy as np

from mnistlab.datasets.download import PENDIGITS, UJI, fetch
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats import LabelledDrawing, read_compressed, read_unipen
from mnistlab.datasets.uji import read_uji
from mnistlab.errors import DataDamagedError, DataNotFoundError, UnknownNameError
from mnistlab.preprocessing import image_from_drawing
from mnistlab.strokes import place

DRAWINGS = ("auto", "uji", "pendigits", "examples")
"""Names that `load_drawings` takes."""

SIZES = (60, 240)
"""Smallest and largest longest side in training, in canvas pixels."""

PENS = (0.03, 0.28)
"""Thinnest and thickest pen in training, as a share of the digit's longest side."""

TILT = 20
"""Largest tilt in training, in degrees to either side."""

log = logging.getLogger("mnistlab")


def load_drawings(name: str) -> tuple[str, list[LabelledDrawing]]:
    """Load labelled drawings by name.

    Parameters
    ----------
    name : {"uji", "pendigits", "examples", "auto"}
        ``"uji"``: 1,200 digits of 60 writers, for measuring only, never trained on. ``"pendigits"``:
        7,494 digits of 30 writers. ``"examples"``: the twelve that come with mnistlab. ``"auto"``: UJI
        if it is on this machine or can be downloaded, else the examples, with a warning in the log.

    Returns
    -------
    name : str
        The name of the set that was loaded.
    drawings : list of LabelledDrawing

    Raises
    ------
    DataNotFoundError, DataDamagedError
        As `mnistlab.datasets.download.fetch`.
    UnknownNameError
        If there is no such set.

    References
    ----------
    F. Alimoglu, E. Alpaydin: Methods of combining multiple classifiers based on different
    representations for pen-based handwritten digit recognition, TAINN 1996. CC BY 4.0.
    """
    if name not in DRAWINGS:
        raise UnknownNameError("set of drawings", name, DRAWINGS)
    if name == "examples":
        return name, EXAMPLES
    if name == "auto":
        try:
            return load_drawings("uji")
        except DataNotFoundError as error:
            log.warning("Using the %d example drawings instead of UJI's: %s", len(EXAMPLES), error)
            return load_drawings("examples")
    (path,) = fetch(UJI if name == "uji" else PENDIGITS)
    try:
        return name, read_uji(path) if name == "uji" else read_unipen(read_compressed(path))
    except ValueError as error:
        raise DataDamagedError(f"{path}: {error}") from error


def labels_of(drawings: Sequence[LabelledDrawing]) -> np.ndarray:
    """Return the labels, uint8 `(N,)`."""
    return np.array([labelled.label for labelled in drawings], np.uint8)


def render_at_random(drawings: Sequence[LabelledDrawing], seed: int = 0) -> np.ndarray:
    """Draw each digit in the middle of a canvas with a random pen, size and tilt, and normalise it.

    Parameters
    ----------
    drawings : sequence of LabelledDrawing
        In any unit: they are scaled.
    seed : int

    Returns
    -------
    uint8 array of shape (N, 28, 28)
    """
    rng = np.random.default_rng(seed)
    images = []
    for labelled in drawings:
        size, tilt = rng.uniform(*SIZES), rng.uniform(-TILT, TILT)
        pen_width = size * rng.uniform(*PENS)
        images.append(image_from_drawing(place(labelled.drawing, size, tilt=tilt), pen_width))
    return np.stack(images)
