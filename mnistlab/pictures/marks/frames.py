"""Frames around what is written: boxes and circles, printed or drawn."""

from collections.abc import Sequence

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.boxes import OUTSIDE, touching_boxes
from mnistlab.pictures.marks.components import Mark, marks_of, widest

PASSES = 5
"""Frames within frames, at most."""

HEAVIEST = 8
"""Marks that may be a frame, the heaviest."""

MIN_SIZE = 0.08
"""Longest side, as a share of the picture's, of something that may have a frame."""

MIN_WEIGHT = 0.002
"""Its weight, as a share of the frame's."""

SOLID = 0.1
"""Width of a solid frame, as of the page around a canvas, at least, as a share of its size."""

MAX_HOLES = 3
"""Holes of a frame, at most: squared paper has more."""

HOLE = 0.001
"""Area of a hole, at least, as a share of the box around a mark."""

DOT = 0.3
"""Smaller things in a ring, as shares of its height and width, are dots: a 0 may have one."""

THROUGH = 0.04
"""Share of the box around what is written that a frame may enter."""

SIDE = 0.7
"""Share of the height or the width of what is written along which a side of its frame must be seen."""

FLAT = 0.2
"""Extent across, at most, of a separate side of a frame, as a share of the size of what is written."""

WITHIN = 0.2
"""Share of a frame's ink, at most, that is further from its outline."""


def without_frames(ink: Ink) -> tuple[Ink, np.ndarray]:
    """Take frames away.

    A mark is a frame if it surrounds another one on three sides at least, and does not enter the box around it. Marks
    that are thin lines on all four sides of another one are a frame, too; so are three straight sides of a box at the
    outside of a mark, which are taken away from what they touch.

    Returns
    -------
    ink : Ink
        The rest.
    frames : bool array of shape (H, W)
    """
    shape = ink.strength.shape
    frames = np.zeros(shape, bool)
    for _ in range(PASSES):
        marks = marks_of(ink)
        simple = [mark for mark in marks[:HEAVIEST] if _holes(mark) <= MAX_HOLES]
        hollow = [mark for mark in simple if _is_hollow(mark, ink)]
        around = [mark for mark in hollow if any(_surrounds(mark, other, shape) for other in marks)]
        around += _separate_sides(simple, shape)
        found = [mark.on(shape) for mark in around] or [*touching_boxes(ink, simple)]
        if not found:
            break
        for mask in found:
            frames |= mask
        ink = ink.without(frames)
    return ink, frames


def _surrounds(frame: Mark, mark: Mark, shape: tuple[int, ...]) -> bool:
    margin = 0.01 * max(shape)
    is_within = (
        frame.left <= mark.left + margin
        and frame.top <= mark.top + margin
        and frame.right >= mark.right - margin
        and frame.bottom >= mark.bottom - margin
    )
    is_small = mark.size <= MIN_SIZE * max(shape) or mark.weight <= MIN_WEIGHT * frame.weight
    is_dot = mark.height < DOT * frame.height and mark.width < DOT * frame.width
    if frame is mark or not is_within or is_small or is_dot:
        return False
    left, right = max(0, mark.left - frame.left), min(frame.width, mark.right - frame.left)
    top, bottom = max(0, mark.top - frame.top), min(frame.height, mark.bottom - frame.top)
    inner = frame.mask[top:bottom, left:right]
    if not inner.size or inner.mean() >= THROUGH:
        return False
    row, column = (top + bottom) // 2, (left + right) // 2
    beside, beyond = frame.mask[top:bottom], frame.mask[:, left:right]
    sides = [half.any(axis=1) for half in (beside[:, :column], beside[:, column:])]
    sides += [half.any(axis=0) for half in (beyond[:row], beyond[row:])]
    return sum(side.mean() > SIDE for side in sides) >= 3


def _separate_sides(marks: Sequence[Mark], shape: tuple[int, ...]) -> list[Mark]:
    """The strokes of a box that do not touch each other: one at each side of something."""
    for mark in marks:
        if mark.size > MIN_SIZE * max(shape):
            sides = {other: _thin_sides(other, mark) for other in marks if other is not mark}
            if np.any([*sides.values()], axis=0).all():
                return [other for other, covered in sides.items() if covered.any()]
    return []


def _thin_sides(frame: Mark, mark: Mark) -> np.ndarray:
    """On which sides of a mark, left, right, above and below, another one is a thin line along it: bool (4,)."""
    rows, columns = np.nonzero(frame.mask)
    rows, columns = rows + frame.top, columns + frame.left
    beside, beyond = (mark.top <= rows) & (rows < mark.bottom), (mark.left <= columns) & (columns < mark.right)
    if (beside & beyond).sum() >= THROUGH * mark.mask.size:
        return np.zeros(4, bool)
    sides = [
        (rows, columns, beside & (columns < mark.left), mark.height),
        (rows, columns, beside & (columns >= mark.right), mark.height),
        (columns, rows, beyond & (rows < mark.top), mark.width),
        (columns, rows, beyond & (rows >= mark.bottom), mark.width),
    ]
    return np.array(
        [
            len(np.unique(along[where])) > SIDE * length and np.ptp(across[where]) < FLAT * mark.size
            for along, across, where, length in sides
        ]
    )


def _is_hollow(mark: Mark, ink: Ink) -> bool:
    """Whether the ink of a mark is at its outside, or solid: lines with a digit on them are no frame."""
    if widest(mark.mask) > SOLID * mark.size:
        return True
    down, right = (max(2, int(OUTSIDE * side)) for side in mark.mask.shape)
    inner = np.where(mark.mask, ink.strength[mark.box], 0)[down:-down, right:-right]
    return bool(inner.sum() <= WITHIN * mark.weight)


def _holes(mark: Mark) -> int:
    """How many holes a mark has; very small ones do not count."""
    empty = np.pad(~mark.mask, 1, constant_values=True).astype(np.uint8)
    _, _, statistics, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    return int((statistics[1:, cv2.CC_STAT_AREA] > HOLE * mark.width * mark.height).sum()) - 1
