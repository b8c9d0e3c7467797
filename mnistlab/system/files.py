"""Where the project's folders are, and how files are written whole or not at all."""

import errno
import hashlib
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from mnistlab.errors import RunError, WorkbenchError

RUN_DIR = "MNISTLAB_RUN_DIR"
"""The variable by which a runner tells a kernel its run's folder."""

NAME = re.compile(r"(?!\.+$)[\w.+=@,()~-](?:[\w.+=@,()~ -]*[\w+=@,()~-])?")
"""One part of a path: not only dots, no dot or space at its end, no space at its beginning."""

DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
"""Names that Windows keeps for itself, with any ending."""

LOCK_TIMEOUT = 30
"""Seconds to wait for a lock that is held for a moment."""


def project_dir() -> Path:
    """Return the clone that mnistlab was installed from."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "notebooks").is_dir():
        raise WorkbenchError(
            f"no notebooks beside {Path(__file__).parents[1]}: install from a clone with 'pip install -e .'"
        )
    return root


def reports_dir() -> Path:
    """Return the folder that holds the runs: ``MNISTLAB_REPORTS_DIR``, else ``reports/`` in the clone."""
    chosen = os.environ.get("MNISTLAB_REPORTS_DIR")
    return Path(chosen).absolute() if chosen else project_dir() / "reports"


def reference_dir() -> Path:
    """Return the folder of the committed runs: references, and examples."""
    return project_dir() / "reports" / "reference"


def batch_run_dir() -> Path | None:
    """Return the folder of the run that this kernel works for, None in an open notebook."""
    given = os.environ.get(RUN_DIR)
    return Path(given) if given else None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path to write to that becomes `path` on success and vanishes on failure.

    The temporary name ends as `path` does, because some writers choose their format by it. It is
    always the same, so that what a killed process left behind is overwritten by the next.
    """
    unfinished = path.with_name(f".unfinished-{path.name}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's content, 64 hex digits; errors are those of `open_regular`."""
    if not os.path.lexists(path):
        raise FileNotFoundError(errno.ENOENT, "missing", str(path))
    with open_regular(path) as file:
        return hashlib.sha256(file.read()).hexdigest()


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; nothing if it is not there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def new_folder(path: Path) -> Path:
    """Make a folder of this name, with a number behind it if that is taken, and return it."""
    for number in count(1):
        folder = path if number == 1 else path.with_name(f"{path.name}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
            break
    return folder


def is_there(file: Path) -> bool:
    """Return whether there is a file with something in it; False also where it may not be looked at."""
    try:
        return file.is_file() and file.stat().st_size > 0
    except OSError:
        return False


def next_number(path: Path, lowest: int, known: Callable[[], int]) -> int:
    """Return a number that is higher than the last one, which is kept in a file; no other process gets the same.

    Parameters
    ----------
    path : Path
        The file.
    lowest : int
        The number is this one or higher.
    known : callable
        Returns the last number where the file is missing or damaged.

    Raises
    ------
    WorkbenchError
        If another process keeps the lock of the file.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        with FileLock(lock, timeout=LOCK_TIMEOUT):
            try:
                last = int(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                last = known()
            number = max(lowest, last + 1)
            with replacing(path) as unfinished:
                unfinished.write_text(f"{number}\n", encoding="utf-8")
            return number
    except Timeout:
        raise WorkbenchError(f"another process keeps {lock}: end it, and try again") from None


def inside(folder: Path, name: str) -> Path:
    """Return where a file belongs in a folder, by a name that came from elsewhere.

    Parameters
    ----------
    folder : Path
    name : str
        Relative to the folder, its parts joined by ``/``.

    Raises
    ------
    WorkbenchError
        If it could lead out of the folder, or is no name on Linux, macOS and Windows alike: parts are made of
        letters, digits, inner spaces and ``._+=@-,()~``, do not end with a dot, and name no device of Windows.
    """
    parts = name.split("/")
    if not all(map(_is_file_name, parts)):
        raise WorkbenchError(f"{name!r} is no name that a file in {folder} may have")
    return folder.joinpath(*parts)


def _is_file_name(part: str) -> bool:
    return (
        NAME.fullmatch(part) is not None
        and len(part.encode()) <= 255
        and part.partition(".")[0].rstrip().upper() not in DEVICES
        and unicodedata.is_normalized("NFC", part)
    )


def require_no_link(folder: Path) -> None:
    """Raise RunError if a folder of a run is a symbolic link: what is written or removed there lies elsewhere."""
    if folder.is_symlink():
        raise RunError(f"{folder} is a symbolic link, not a folder: remove the link, or put the folder in its place")


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read its bytes, without ever waiting for one.

    Raises
    ------
    OSError
        If it cannot be opened, or is a folder, a pipe, a socket or a device.
    """
    _require_regular(path.stat())  # before it is opened: opening a device may already do something
    file = path.open("rb") if os.name == "nt" else os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    try:
        _require_regular(os.fstat(file.fileno()))  # it may have been replaced in between
    except OSError:
        file.close()
        raise
    return file


def _require_regular(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "a pipe, a socket or a device, not a file")
