"""Where a drawing pad keeps drawings."""

import os
from dataclasses import dataclass
from pathlib import Path

from mnistlab.keeping.file import KeptDrawings

KEEP = "MNISTLAB_KEEP"
"""Set by the web app for its kernels: the file for drawings, or empty if nothing may be kept."""


@dataclass(frozen=True)
class KeepingPlace:
    """Where a drawing pad keeps drawings.

    Attributes
    ----------
    file : KeptDrawings or None
        None if nothing may be kept.
    is_own : bool
        Whether the file belongs to who uses the pad: in a web app it belongs to who runs it.
    """

    file: KeptDrawings | None
    is_own: bool

    @classmethod
    def here(cls) -> "KeepingPlace":
        """Return the user's own file; in a web app, the file that it was told, or none."""
        told = os.environ.get(KEEP)
        if told is None:
            return cls(KeptDrawings(), is_own=True)
        return cls(KeptDrawings(Path(told)) if told else None, is_own=False)
