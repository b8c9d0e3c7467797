"""Names of files and folders that others chose."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from mnistlab.errors import RunError
from mnistlab.system.formatting import printable

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""


def is_plain_name(name: str) -> bool:
    """Return whether a text names a file or folder in a folder, on every system, and nothing else."""
    return (
        name not in ("", ".", "..")
        and len(name.encode("utf-8", "replace")) <= 255
        and not set(name) & set('/\\:*?"<>|')
        and not any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
        and name[-1] not in ". "
        and not _RESERVED.fullmatch(name)
    )


def path_within(folder: Path, name: str) -> Path:
    """Return the path of a file in a folder, given its name in a store: parts with slashes between them.

    Raises
    ------
    RunError
        If a part is no plain name, or the path would leave the folder through a symbolic link.
    """
    parts: Sequence[str] = name.split("/")
    if not all(map(is_plain_name, parts)):
        raise RunError(f"{printable(name)} is no name for a file of a run: nothing was copied into {folder}")
    path = folder.joinpath(*parts)
    require_no_link(folder)
    for parent in list(path.parents)[: len(parts) - 1]:
        require_no_link(parent)
    return path


def require_no_link(folder: Path) -> None:
    """Raise RunError if a folder of a run is a symbolic link: what is written or removed there lies elsewhere."""
    if folder.is_symlink():
        raise RunError(f"{folder} is a symbolic link, not a folder: remove the link, or put the folder in its place")
