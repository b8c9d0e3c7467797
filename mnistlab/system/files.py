"""Where the project's folders are, and how files are written whole or not at all."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's content, 64 hex digits; OSError if it is no regular file or cannot be read."""
    if not path.is_file():  # opening a named pipe would wait without end
        raise OSError(errno.EINVAL, "not a file" if os.path.lexists(path) else "missing", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; nothing if it is not there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
