"""Images rendered from drawings, kept in the user's cache: rendering a thousand takes two seconds."""

import hashlib
import inspect
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import pooch
import scipy
from filelock import FileLock

from mnistlab import pictures, preprocessing, strokes
from mnistlab.datasets.formats import LabelledDrawing
from mnistlab.preprocessing import SIDE
from mnistlab.system.files import open_regular, replacing

LOCK_TIMEOUT = 300
"""Seconds to wait while another process renders the same images."""


def cached_images(
    render: Callable[..., np.ndarray], drawings: Sequence[LabelledDrawing], *arguments: Any
) -> np.ndarray:
    """Return ``render(drawings, *arguments)``, which is computed only if it is not in the user's cache.

    An entry is used only if the code that renders is still the same. One that is damaged or was made by
    other code is replaced. Several processes may ask for the same images: one renders, the others wait.
    Without a cache that can be written, the images are rendered every time.

    Parameters
    ----------
    render : callable
        A function of a module whose result depends on its arguments and on the code that renders, and on
        nothing else.
    drawings : sequence of LabelledDrawing
    *arguments
        The same for two calls if their ``repr`` is the same.

    Returns
    -------
    uint8 array of shape (N, 28, 28)
    """
    code = _code_sha256(render)
    what = hashlib.sha256(json.dumps([drawings, repr(arguments)]).encode()).hexdigest()
    path = Path(pooch.os_cache("mnistlab")) / "rendered" / f"{render.__name__}-{what[:16]}.npz"
    with _locked(path):
        images = _read(path, code, len(drawings))
        if images is None:
            images = render(drawings, *arguments)
            with suppress(OSError), replacing(path) as unfinished:
                np.savez(unfinished, images=images, code=code)
    return images


def _code_sha256(render: Callable[..., np.ndarray]) -> str:
    """Return the sha256 of the modules that render, and of the versions of the libraries that they use."""
    files = [module.__file__ for module in (strokes, pictures, preprocessing)] + [inspect.getsourcefile(render)]
    digest = hashlib.sha256(f"{PIL.__version__} {np.__version__} {scipy.__version__}".encode())
    for file in files:
        digest.update(Path(str(file)).read_bytes())
    return digest.hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of an entry; where it cannot be had, go on without."""
    lock = FileLock(path.with_suffix(".lock"), timeout=LOCK_TIMEOUT)
    with suppress(OSError):  # no folder can be made, no file written, or the other process takes too long
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _read(path: Path, code: str, count: int) -> np.ndarray | None:
    """Return the images of an entry, None if there is none, it is damaged, or other code made it."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as entry:
            made_by, images = (
                _read_array(entry, name, size) for name, size in (("code", 1000), ("images", 784 * count))
            )
    except Exception:  # an archive can be damaged in any place: whatever it raises, it is made anew
        return None
    fits = images.dtype == np.uint8 and images.shape == (count, SIDE, SIDE)
    return images if fits and str(made_by) == code else None


def _read_array(entry: zipfile.ZipFile, name: str, size: int) -> np.ndarray:
    """One of the arrays that `numpy.savez` wrote; no more is decompressed than it should have."""
    with entry.open(f"{name}.npy") as file:
        return np.load(io.BytesIO(file.read(size + 1000)))
