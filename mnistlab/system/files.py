"""Where the project's folders are, and how files are written whole or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mnistlab.errors import WorkbenchError

RUN_DIR = "MNISTLAB_RUN_DIR"
"""The variable by which a runner tells a kernel its run's folder."""


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
