"""Frames around what is written: boxes and circles, printed or drawn."""

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.components import Mark, marks_of

PASSES = 5
"""Frames within frames, at most."""

HEAVIEST = 8
"""Marks that may be a frame, the heaviest."""

MIN_SIZE = 0.08
"""Longest side, as a share of the picture's, of something that may have a frame."""

MIN_WEIGHT = 0.002
"""Its weight, as a share of the frame's."""

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

MIN_BOX = 0.2
"""Longest side of a box that touches what is written in it, as a share of the picture's."""

OUTSIDE = 0.15
"""The sides of such a box lie within this share of its height or width from its outline."""

SEEN = 0.8
"""Share of the length of such a side that must be seen."""

THIN = 0.12
"""Width of such a side, at most, as a share of the shorter side of the box."""

LEFT = 0.05
"""Share of a mark that must be left without its box."""


def without_frames(ink: Ink) -> tuple[Ink, np.ndarray]:
    """Take frames away.

    A mark is a frame if it surrounds another one on three sides at least, and does not enter the box around it; also
    if it has three straight sides of a box at its outside, which are then taken away from what they touch.

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
        around = [mark for mark in simple if any(_surrounds(mark, other, shape) for other in marks)]
        found = [mark.on(shape) for mark in around] or [*_boxes(ink, simple)]
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


def _holes(mark: Mark) -> int:
    """How many holes a mark has; very small ones do not count."""
    empty = np.pad(~mark.mask, 1, constant_values=True).astype(np.uint8)
    _, _, statistics, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    return int((statistics[1:, cv2.CC_STAT_AREA] > HOLE * mark.width * mark.height).sum()) - 1


def _boxes(ink: Ink, marks: list[Mark]) -> list[np.ndarray]:
    """The sides of boxes that touch what is written in them."""
    found = []
    for mark in marks:
        if mark.size < MIN_BOX * max(ink.strength.shape):
            continue
        strong = mark.mask & (ink.strength[mark.box] > ink.certain)
        sides = _box_sides(strong)
        if sides is None:
            continue
        edge = 1 if ink.is_clean else 2  # of less ink
        wide = cv2.dilate(sides.astype(np.uint8), np.ones((2 * edge + 1, 2 * edge + 1), np.uint8)).astype(bool)
        if ink.strength[mark.box][mark.mask & ~wide].sum() >= LEFT * mark.weight:
            mask = np.zeros(ink.strength.shape, bool)
            mask[mark.box] = wide & mark.mask
            found.append(mask)
    return found


def _box_sides(mask: np.ndarray) -> np.ndarray | None:
    """The sides of a box at the outside of a mark; None if there are fewer than three."""
    if min(mask.shape) < 20:
        return None
    sides = np.zeros(mask.shape, bool)
    turned = [(np.rot90(mask, turns), np.rot90(sides, turns)) for turns in range(4)]
    missing = [pair for pair in turned if not _mark_upper_side(*pair, min(mask.shape))]
    if len(missing) > 1:
        return None
    for part, side in missing:  # drawn by hand, it may be open or bent
        edge = max(2, int(0.5 * OUTSIDE * len(part)))
        side[:edge] |= part[:edge]
    return sides


def _mark_upper_side(mask: np.ndarray, sides: np.ndarray, shorter: int) -> bool:
    """Mark the pixels of a straight side at the top of a mark, if there is one."""
    band = max(3, int(OUTSIDE * len(mask)))
    columns = np.flatnonzero(mask[:band].any(axis=0))
    if len(columns) < SEEN * mask.shape[1]:
        return False
    tops = mask[:band, columns].argmax(axis=0)
    rows = np.arange(len(mask))[:, np.newaxis]
    empty = ~mask[:, columns] & (rows >= tops)
    bottoms = np.where(empty.any(axis=0), empty.argmax(axis=0), len(mask))
    width = float(np.median(bottoms - tops))
    slope = np.polyfit(columns, tops, 1)
    if width > THIN * shorter or np.median(np.abs(tops - np.polyval(slope, columns))) > max(2, 0.02 * max(mask.shape)):
        return False
    is_side = bottoms - tops <= 2.5 * width + 2  # else ink goes on from it
    ends = np.where(is_side, bottoms, tops + round(width))
    sides[:, columns] |= (rows >= tops) & (rows < ends)
    return True
