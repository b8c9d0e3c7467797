"""Marks at the edges of a picture or a sheet that are no digits: bars of a table, slivers, desks, gutters."""

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.components import Mark, extent

ACROSS = 0.85
"""A bar goes across this share of the sheet, at least."""

PIECE = 0.2
"""Length of the straight pieces that a bar is made of, as a share of the sheet's side."""

BARS = 0.8
"""Share of a mark that straight pieces must cover, if it consists of bars."""

ALONG = 0.5
"""Share of a side of the picture along which a mark lies that is no digit."""

SLIVER = 0.05
"""Share of the picture's width or height that a sliver at its edge has, at most."""

MIN_PICTURE = 64
"""Longest side, in pixels, of a picture from which on there may be something else at its edges than the digit."""


def consists_of_bars(mark: Mark, inside: np.ndarray) -> bool:
    """Return whether a mark consists of straight bars across the sheet, as in a table, thicker than lines."""
    height, width = extent(inside)
    covered = np.zeros(mark.mask.shape, bool)
    if mark.width >= ACROSS * width:
        covered |= _straight(mark.mask, int(PIECE * width))
    if mark.height >= ACROSS * height:
        covered |= _straight(mark.mask.T, int(PIECE * height)).T
    return bool(covered.sum() >= BARS * mark.mask.sum())


def touches_edge(mark: Mark, shape: tuple[int, ...]) -> bool:
    """Return whether a mark comes to an edge of the picture, so that it may belong to what is outside."""
    height, width = shape
    is_near = mark.left <= 1 or mark.top <= 1 or mark.right >= width - 1 or mark.bottom >= height - 1
    return is_near and max(shape) >= MIN_PICTURE


def is_sliver(mark: Mark, shape: tuple[int, ...]) -> bool:
    """Return whether a mark is a narrow piece at an edge of the picture, along it: of a line outside, or of a desk."""
    height, width = shape
    if max(shape) < MIN_PICTURE:
        return False
    is_upright = mark.width < SLIVER * width and mark.height > 2 * mark.width
    is_level = mark.height < SLIVER * height and mark.width > 2 * mark.height
    beside, beyond = mark.left <= 1 or mark.right >= width - 1, mark.top <= 1 or mark.bottom >= height - 1
    return (is_upright and beside) or (is_level and beyond)


def lies_along_edge(mark: Mark, shape: tuple[int, ...]) -> bool:
    """Return whether a mark lies along half of a side of the picture, or more."""
    return longest_contact(mark.on(shape), shape) > ALONG


def longest_contact(mask: np.ndarray, shape: tuple[int, ...]) -> float:
    """Return the largest share of a side of the picture along which a mask, bool (H, W), lies."""
    strips = mask[:3].any(axis=0), mask[-3:].any(axis=0), mask[:, :3].any(axis=1), mask[:, -3:].any(axis=1)
    return max(float(strip.mean()) for strip in strips)


def crosses_rim(mark: Mark, ink: Ink) -> bool:
    """Return whether certain ink of a mark lies at the rim of the sheet, where that is not the picture's edge."""
    kernel, inside = np.ones((5, 5), np.uint8), ink.inside.astype(np.uint8)
    core = cv2.erode(inside, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1).astype(bool)
    rim = (ink.inside & ~core)[mark.box]
    return bool((rim & mark.mask & (ink.strength[mark.box] > ink.certain)).any())


def _straight(mask: np.ndarray, length: int) -> np.ndarray:
    """The pixels of level runs of this length, which may go on beyond the edges."""
    length = max(3, length)
    padded = np.pad(mask.astype(np.uint8), ((0, 0), (length, length)), mode="edge")
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    return np.asarray(opened[:, length:-length], bool)
