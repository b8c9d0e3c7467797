"""The file that holds the drawings that people keep."""

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import platformdirs
from filelock import FileLock, Timeout

from mnistlab.datasets.download import own_data_dir
from mnistlab.errors import WorkbenchError
from mnistlab.keeping.drawing import KeptDrawing
from mnistlab.keeping.limits import MAX_FILE
from mnistlab.system.files import LOCK_TIMEOUT, open_regular, replacing

FILE = "drawings.jsonl"

OWNER_ONLY = 0o600
"""Mode of the file: other accounts of the machine neither read nor change it."""


def default_path() -> Path:
    """Return the user's file of kept drawings: in ``MNISTLAB_DATA_DIR`` if that is set, else in the data folder.

    Not in the cache, which can be deleted at any time.

    Raises
    ------
    DataDamagedError
        If ``MNISTLAB_DATA_DIR`` is not a folder.
    """
    return (own_data_dir() or platformdirs.user_data_path("mnistlab", appauthor=False)) / FILE


@dataclass(frozen=True)
class Contents:
    """What is in a file of kept drawings."""

    drawings: list[KeptDrawing]  # in the order in which each was first kept
    damaged: dict[int, str]  # why a line cannot be read, by its number from 1

    def find(self, ids: Collection[str], writer: str | None = None) -> list[KeptDrawing]:
        """Return the drawings with one of these ids, and all of one writer if that is given."""
        return [drawing for drawing in self.drawings if drawing.id in ids or drawing.writer == writer]


class KeptDrawings:
    """A file of kept drawings: one line of JSON for each, added at its end.

    Several processes may use the same file. Who adds or removes holds a lock, the file ``<name>.lock`` beside it
    (flock on Linux and macOS, which ends with its process); who reads needs none: a line is written at once, and a
    file that is written anew takes the place of the other as a whole.

    Parameters
    ----------
    path : Path, optional
        The file; it is made, for its owner only, when the first drawing is added. See `default_path`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @cached_property
    def path(self) -> Path:
        """The file; DataDamagedError as `default_path` if it is not named."""
        return (default_path() if self._path is None else self._path).resolve()

    def add(self, drawing: KeptDrawing) -> None:
        """Keep a drawing; kept again, perhaps with another label, it takes the place of the earlier one.

        Raises
        ------
        ValueError
            If its line would be too long.
        OSError
            If it cannot be written: the disk is full, or the file belongs to somebody else.
        WorkbenchError
            If another process keeps the lock.
        """
        line = drawing.line()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(), open(self.path, "a+b", buffering=0, opener=_for_owner) as file:
            whole = line if _ends_whole(file) else b"\n" + line
            if file.write(whole) < len(whole):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    def read(self) -> Contents:
        """Return the drawings, and which lines are damaged; an unfinished last line is one of these.

        A file that is not there has none.

        Raises
        ------
        WorkbenchError
            If the file cannot be read, or is too large for one of drawings.
        """
        drawings: dict[str, KeptDrawing] = {}
        damaged: dict[int, str] = {}
        for number, line in enumerate(self._lines(), 1):
            if line.isspace():
                continue
            try:
                drawing = KeptDrawing.parse(line)
            except ValueError as error:
                damaged[number] = str(error) if line.endswith(b"\n") else "it was not written to its end"
            else:
                drawings[drawing.id] = drawing
        return Contents([*drawings.values()], damaged)

    def remove(self, ids: Collection[str]) -> None:
        """Remove the drawings with these ids; all other lines stay as they are, the damaged ones too.

        The file is written anew beside the old one and then takes its place. Ids that are not in it do not matter.

        Raises
        ------
        OSError, WorkbenchError
            As `add` and `read`. The file is then as it was.
        """
        if not self.path.exists():
            return
        with self._locked(), replacing(self.path) as unfinished:
            with open(unfinished, "wb", opener=_for_owner) as file:
                file.writelines(line for line in self._lines() if _id_of(line) not in ids)
            shutil.copymode(self.path, unfinished)

    def _lines(self) -> Iterator[bytes]:
        """The file's lines; none if there is no file."""
        try:
            with open_regular(self.path) as file:
                if (size := os.fstat(file.fileno()).st_size) > MAX_FILE:
                    raise WorkbenchError(f"{self.path} has {size:,} bytes, more than {MAX_FILE:,}: no file of drawings")
                yield from file
        except FileNotFoundError:
            return
        except OSError as error:
            raise WorkbenchError(f"{self.path} cannot be read: {error.strerror}") from None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            with FileLock(lock, timeout=LOCK_TIMEOUT):
                yield
        except Timeout:
            raise WorkbenchError(f"another process keeps {lock}: end it, and try again") from None


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)


def _ends_whole(file: BinaryIO) -> bool:
    """Whether a file is empty or ends with a whole line: a process can be killed, or the disk full, within one."""
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _id_of(line: bytes) -> str | None:
    """The id of the drawing in a line, None if it is damaged."""
    try:
        return KeptDrawing.parse(line).id
    except ValueError:
        return None
