"""Rendered images, kept in the user's cache: rendering a thousand takes two seconds."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import numpy as np
import PIL
import pooch
import scipy
from filelock import FileLock

from mnistlab import pictures, preprocessing, strokes
from mnistlab.datasets.digits import Digits
from mnistlab.system.files import open_regular, replacing

LOCK_TIMEOUT = 300
"""Seconds to wait while another process renders the same images."""

MAX_ARRAY = 1_000_000_000
"""Bytes of the largest array of an entry: images of a million drawings."""

ARRAYS = ("images", "labels", "writers")


def cached_digits(name: str, key: Sequence[str], render: Callable[[], Digits], code: Path) -> Digits:
    """Return what ``render()`` returns, which is called only if that is not in the user's cache.

    An entry is used only if the code that renders is still the same. One that is damaged or was made by
    other code is replaced. Several processes may ask for the same images: one renders, the others wait.
    Without a cache that can be written, the images are rendered every time.

    Parameters
    ----------
    name : str
        Of the digits; it begins the entry's name.
    key : sequence of str
        What decides the images: the data's sha256, the parameters.
    render : callable
        Its result depends on the key and on the code that renders, and on nothing else.
    code : Path
        The module that renders. The code that reads, draws and normalises drawings counts in any case.

    Returns
    -------
    Digits
    """
    version = _code_sha256(code)
    what = hashlib.sha256(json.dumps([name, *key]).encode()).hexdigest()
    path = Path(pooch.os_cache("mnistlab")) / "rendered" / f"{name}-{what[:16]}.npz"
    with _locked(path):
        digits = _read(path, name, version)
        if digits is None:
            digits = render()
            with suppress(OSError), replacing(path) as unfinished:
                np.savez(unfinished, code=version, **{array: getattr(digits, array) for array in ARRAYS})
    return digits


def remembered(name: str, path: Path, compute: Callable[[Path], str]) -> str:
    """Return what ``compute(path)`` returns, which is called only once for the same content and code.

    Parameters
    ----------
    name : str
        Begins the entry's name.
    path : Path
    compute : callable
        Its result depends on the file's content alone. Its errors are passed on, and not remembered.
    """
    what = hashlib.sha256(f"{pooch.file_hash(path)} {_code_sha256(Path(__file__))}".encode()).hexdigest()
    entry = Path(pooch.os_cache("mnistlab")) / "verified" / f"{name}-{what[:32]}.txt"
    with suppress(OSError, ValueError):
        return entry.read_text(encoding="utf-8")
    result = compute(path)
    with suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        with replacing(entry) as unfinished:
            unfinished.write_text(result, encoding="utf-8")
    return result


@cache
def _code_sha256(code: Path) -> str:
    """Return the sha256 of the modules that render, and of the versions of the libraries that they use."""
    modules = [Path(str(module.__file__)) for module in (strokes, pictures, preprocessing)]
    digest = hashlib.sha256(f"{PIL.__version__} {np.__version__} {scipy.__version__}".encode())
    for file in [*modules, *sorted(Path(__file__).parent.rglob("*.py")), code]:
        digest.update(file.read_bytes())
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


def _read(path: Path, name: str, version: str) -> Digits | None:
    """Return the digits of an entry, None if there is none, it is damaged, or other code made it."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as entry:
            if str(_read_array(entry, "code")) != version:
                return None
            return Digits(name, *(_read_array(entry, array) for array in ARRAYS))
    except Exception:  # an archive can be damaged in any place: whatever it raises, it is made anew
        return None


def _read_array(entry: zipfile.ZipFile, name: str) -> np.ndarray:
    """One of the arrays that `numpy.savez` wrote; its checksum is verified."""
    with entry.open(f"{name}.npy") as file:
        content = file.read(MAX_ARRAY + 1)
    if len(content) > MAX_ARRAY:
        raise ValueError(f"{name} is too large")
    return np.load(io.BytesIO(content))
