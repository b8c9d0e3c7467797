"""Boxes that touch what is written in them: three straight sides at the outside of a mark, or four."""

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.components import Mark

OUTSIDE = 0.15
"""The sides of a box lie within this share of its height or width from its outline."""

MIN_BOX = 0.2
"""Longest side of a box that touches what is written in it, as a share of the picture's."""

SEEN = 0.8
"""Share of the length of such a side that must be seen."""

THIN = 0.12
"""Width of such a side, at most, as a share of the shorter side of the box."""

LEFT = 0.05
"""Share of a mark that must be left without its box."""


def touching_boxes(ink: Ink, marks: list[Mark]) -> list[np.ndarray]:
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
