"""Connected marks of ink."""

from dataclasses import dataclass

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink


@dataclass(frozen=True, eq=False)
class Mark:
    """A connected component of the ink.

    Attributes
    ----------
    left, top, right, bottom : int
        The box around it: first column and row, and those after the last.
    mask : bool array of shape (bottom - top, right - left)
        Its pixels in the box.
    weight : float
        The sum of their strengths.
    """

    left: int
    top: int
    right: int
    bottom: int
    mask: np.ndarray
    weight: float

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def size(self) -> int:
        """The longer side of the box."""
        return max(self.width, self.height)

    @property
    def box(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return np.s_[self.top : self.bottom, self.left : self.right]

    def on(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return its pixels on a ground, bool (H, W)."""
        mask = np.zeros(shape, bool)
        mask[self.box] = self.mask
        return mask


def marks_of(ink: Ink) -> list[Mark]:
    """Return the connected components of the ink in which some ink is certain, the heaviest first."""
    from scipy import ndimage  # late: it takes longer to import than all else here

    labels, _ = ndimage.label(ink.strength > ink.least, structure=np.ones((3, 3)))
    weights = np.bincount(labels.ravel(), weights=ink.strength.ravel())
    places = ndimage.find_objects(labels)
    marks = []
    for label in np.unique(labels[ink.strength > max(ink.certain, ink.least)]):
        rows, columns = places[label - 1]
        mask = labels[rows, columns] == label
        marks.append(Mark(columns.start, rows.start, columns.stop, rows.stop, mask, float(weights[label])))
    return sorted(marks, key=lambda mark: -mark.weight)


def extent(inside: np.ndarray) -> tuple[int, int]:
    """Return the height and the width of the box around a sheet."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1


def widest(mask: np.ndarray) -> float:
    """Return the width, in pixels, of the widest stroke in a mask, bool (H, W)."""
    return 2 * float(cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3).max())
