"""Where the project's folders are, and how files are written whole or not at all."""

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnistlab.errors import WorkbenchError

RUN_DIR = "MNISTLAB_RUN_DIR"
"""The variable by which a runner tells a kernel its run's folder."""

NAME = re.compile(r"(?!\.+$)[\w.+=@,()~-](?:[\w.+=@,()~ -]*[\w+=@,()~-])?")
"""One part of a path: not only dots, no dot or space at its end, no space at its beginning."""

DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
"""Names that Windows keeps for itself, with any ending."""


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
