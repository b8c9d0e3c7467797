"""Patches of ink on a common ground."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle with ink in it.

    Attributes
    ----------
    left, top : int
        Column and row of its first pixel on the common ground.
    ink : uint8 array of shape (H, W)
        Light ink (up to 255) on a dark background (0).
    """

    left: int
    top: int
    ink: np.ndarray

    @property
    def right(self) -> int:
        """The column after the last one."""
        return self.left + self.ink.shape[1]

    @property
    def bottom(self) -> int:
        """The row after the last one."""
        return self.top + self.ink.shape[0]


def cropped(left: int, top: int, ink: np.ndarray) -> Patch:
    """Return a patch without the empty rows and columns around its ink; there must be some ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return Patch(left + int(columns[0]), top + int(rows[0]), ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def joined(patches: Iterable[Patch]) -> Patch:
    """Return the smallest patch that has the ink of all."""
    first, *others = patches
    if not others:
        return first
    parts = [first, *others]
    left, top = min(part.left for part in parts), min(part.top for part in parts)
    right, bottom = max(part.right for part in parts), max(part.bottom for part in parts)
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for part in parts:
        rows, columns = part.top - top, part.left - left
        under = ink[rows : rows + part.ink.shape[0], columns : columns + part.ink.shape[1]]
        np.maximum(under, part.ink, out=under)
    return Patch(left, top, ink)
