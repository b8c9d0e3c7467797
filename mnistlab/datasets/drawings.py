"""Sets of labelled drawings by name, split by writers, and the images that are rendered from them."""

import hashlib
import inspect
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pooch
from tqdm import tqdm

from mnistlab.datasets.cache import cached_digits
from mnistlab.datasets.digits import Digits
from mnistlab.datasets.download import fetch
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.pendigits import read_compressed, read_pendigits
from mnistlab.datasets.formats.uji import read_uji
from mnistlab.datasets.formats.unipen import read_unipen_digits
from mnistlab.datasets.sources import PENDIGITS, UJI, UNIPEN, Source
from mnistlab.errors import DataDamagedError, DataNotFoundError, UnknownNameError

SOURCES: dict[str, tuple[Source, Callable[[Path], list[LabelledDrawing]]]] = {
    "pendigits": (PENDIGITS, lambda path: read_pendigits(read_compressed(path))),
    "uji": (UJI, read_uji),
    "unipen": (UNIPEN, read_unipen_digits),
}
"""Sets of drawings by name: their files, and how these are read."""

HELD_OUT: dict[str, Callable[[int], bool]] = {
    "pendigits": lambda writer: writer > 24,  # of 30
    "uji": lambda writer: writer > 40,  # of 60: those that the set's authors test with
    "unipen": lambda writer: writer % 5 == 0,
}
"""Whether a writer is held out: nobody is trained on, and nothing chosen with, what these have drawn."""

DRAWINGS = ("auto", "all", *SOURCES, "examples")
"""Names that `load_drawings` takes."""

log = logging.getLogger("mnistlab")


@dataclass(frozen=True, eq=False)
class DrawingSet:
    """Labelled drawings that are read only when somebody needs them: their rendered images are in the cache.

    Parameters
    ----------
    name : str
    key : str
        What decides the drawings: the sha256 of a file, the seed of a generator.
    read : callable
        Returns the drawings.
    """

    name: str
    key: str
    read: Callable[[], Sequence[LabelledDrawing]]

    @cached_property
    def drawings(self) -> Sequence[LabelledDrawing]:
        return self.read()

    @property
    def training(self) -> "DrawingSet":
        """Those whose writers are not held out, see `HELD_OUT`, and whose labels are not known to be wrong."""
        return self._part(held_out=False)

    @property
    def held_out(self) -> "DrawingSet":
        """Those whose writers are held out; all of a set that nobody trains on."""
        return self._part(held_out=True) if self.name in HELD_OUT else self

    def rendered(self, render: Callable[..., np.ndarray], *arguments: Any, copies: int = 1) -> Digits:
        """Return the images of all drawings, from the user's cache if they are there.

        Parameters
        ----------
        render : callable
            From the drawings, which it goes through once, and the arguments to images, uint8 `(N, 28, 28)`: a
            function of a module whose result depends on them and on the code that renders, and on nothing else.
        *arguments
            The same for two calls if their ``repr`` is the same.
        copies : int
            How often each drawing is rendered.
        """

        def make() -> Digits:
            drawings = [*self.drawings] * copies
            writers = np.array([labelled.writer for labelled in drawings], np.int32)
            with tqdm(drawings, desc=f"rendering {self.name}, once", leave=False, disable=None) as shown:
                images = render(shown, *arguments)
            return Digits(self.name, images, labels_of(drawings), writers)

        key = self.key, render.__name__, repr(arguments), str(copies)
        return cached_digits(self.name, key, make, Path(str(inspect.getsourcefile(render))))

    def _part(self, held_out: bool) -> "DrawingSet":
        is_held_out = HELD_OUT[self.name]

        def read() -> list[LabelledDrawing]:
            part = [labelled for labelled in self.drawings if is_held_out(labelled.writer) == held_out]
            return part if held_out else [labelled for labelled in part if not labelled.is_wrong]

        return replace(self, key=f"{self.key} {'held out' if held_out else 'training'}", read=read)


def load_drawings(name: str) -> tuple[str, list[DrawingSet]]:
    """Load labelled drawings by name.

    Parameters
    ----------
    name : {"pendigits", "uji", "unipen", "all", "examples", "auto"}
        ``"pendigits"``: 7,494 digits of 30 writers. ``"uji"``: 1,200 digits of 60 writers. ``"unipen"``: 10,323
        digits of 137 writers. ``"all"``: these three. ``"examples"``: the twelve that come with mnistlab.
        ``"auto"``: UJI if it is on this machine or can be downloaded, else the examples, with a warning in
        the log.

    Returns
    -------
    name : str
        What ``"auto"`` stands for, or the name as given.
    sets : list of DrawingSet

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
    if name == "auto":
        try:
            return load_drawings("uji")
        except DataNotFoundError as error:
            log.warning("Using the %d example drawings instead of UJI's: %s", len(EXAMPLES), error)
            return load_drawings("examples")
    if name == "examples":
        text = json.dumps(EXAMPLES)
        return name, [DrawingSet(name, hashlib.sha256(text.encode()).hexdigest(), lambda: EXAMPLES)]
    return name, [_load(each) for each in (SOURCES if name == "all" else [name])]


def _load(name: str) -> DrawingSet:
    source, read_file = SOURCES[name]
    (path,) = fetch(source)

    def read() -> list[LabelledDrawing]:
        try:
            return read_file(path)
        except ValueError as error:
            raise DataDamagedError(f"{path}: {error}") from error

    return DrawingSet(name, pooch.file_hash(path), read)


def labels_of(drawings: Sequence[LabelledDrawing]) -> np.ndarray:
    """Return the labels, uint8 `(N,)`."""
    return np.array([labelled.label for labelled in drawings], np.uint8)
