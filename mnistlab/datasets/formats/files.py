"""What the formats of drawings share: a file of limited size, a point, the error for a damaged file."""

from math import isfinite
from pathlib import Path

from mnistlab.errors import DataDamagedError
from mnistlab.system.files import open_regular

MAX_TEXT = 64_000_000
"""Bytes of the largest file of drawings, and of the largest compressed one."""


def read_limited(path: Path) -> bytes:
    """Read a file of drawings.

    Raises
    ------
    ValueError
        If it is too large for one, or a pipe or a device.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MAX_TEXT + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_TEXT:
        raise ValueError(f"more than {MAX_TEXT // 10**6} MB: not a file of drawings")
    return content


def checked_point(x: float, y: float) -> tuple[float, float]:
    """The point, if its coordinates are numbers."""
    if not (isinstance(x, int | float) and isinstance(y, int | float) and isfinite(x) and isfinite(y)):
        raise ValueError(f"({str(x)[:20]}, {str(y)[:20]}) is no point")
    return x, y


def damaged(path: Path, expected: str, found: str) -> DataDamagedError:
    """Return the error for a damaged file: what was expected, and what was found."""
    return DataDamagedError(f"{path}: expected {expected}, found {found}. Delete it and run 'mnistlab fetch'")
