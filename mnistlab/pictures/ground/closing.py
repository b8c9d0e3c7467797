"""The ground as a morphological closing: it fills strokes, and leaves edges of light where they are.

J. Serra: Image Analysis and Mathematical Morphology, 1982. The difference to the picture is its top-hat transform.
"""

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import DARKEST, Ink

SIZES = (0.03, 0.06, 0.12, 0.2, 0.3)
"""Widths of strokes, at most, as shares of the sheet's shorter side: the smallest that has room for the ink is used."""

GROWTH = 1.25
"""A width has room for the ink if the next one finds less than so many times as much."""

WEAK = 0.3
"""It has no room if the strongest that it finds is less than this share of the strongest of all."""

MARGIN = 0.08
"""Share of a sheet at each side that does not decide about the width: gutters and desks are there."""

CONTACT = 0.85
"""Share of a side of the picture along which there is ink, if it is none: the ground goes on beyond that side."""

STRIDE = 5
"""One pixel of so many is enough for the median of all."""

_CROSS = np.asarray(cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))


class _Found(NamedTuple):
    """What one width found."""

    strength: np.ndarray
    ground: np.ndarray
    noise: float
    strongest: float  # away from the margins
    amount: float


def inks_on_local_ground(levels: np.ndarray, inside: np.ndarray, is_light: bool) -> list[Ink]:
    """Find dark ink with a closing that is just wide enough for its strokes.

    There are two answers if a wider one finds much more: thick strokes beside thin lines, or else a shadow.

    Parameters
    ----------
    levels : uint8 array of shape (H, W)
        The grey levels, upside down for light ink.
    inside : bool array of shape (H, W)
        The sheet.
    is_light : bool
        Whether they are upside down.
    """
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    height, width = int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
    down, right = int(MARGIN * (height - 1)), int(MARGIN * (width - 1))
    middle = np.s_[rows[0] + down : rows[-1] + 1 - down, columns[0] + right : columns[-1] + 1 - right]
    widths = [max(3.0, share * min(height, width)) for share in SIZES]
    sides = np.zeros(4, bool)
    found = [_found(levels, inside, middle, each, sides) for each in widths]
    sides = _sides_without_ground(found[-1])
    if sides.any():
        found = [_found(levels, inside, middle, each, sides) for each in widths]
    return [_ink(found, widths, chosen, inside, is_light) for chosen in _with_room(found)]


def _ink(found: list[_Found], widths: list[float], chosen: int, inside: np.ndarray, is_light: bool) -> Ink:
    strength = found[chosen].strength
    if chosen + 1 < len(found):  # where strokes meet, they are wider
        wider = found[min(chosen + 2, len(found) - 1)]
        strong = strength > max(0.25 * float(strength.max()), 4 * found[chosen].noise)
        side = int(widths[chosen]) // 2 | 1
        near = cv2.dilate(strong.astype(np.uint8), np.ones((side, side), np.uint8)).astype(bool)
        strength = np.where(near, wider.strength, strength)
    return Ink(strength, found[chosen].noise, False, is_light, found[chosen].ground, inside)


def _found(
    levels: np.ndarray, inside: np.ndarray, middle: tuple[slice, slice], width: float, sides: np.ndarray
) -> _Found:
    top, bottom, left, right = (int(width) * int(side) for side in sides)
    padded = cv2.copyMakeBorder(levels, top, bottom, left, right, cv2.BORDER_REPLICATE)
    ground = _closed(np.asarray(padded), width)[top : top + levels.shape[0], left : left + levels.shape[1]]
    strength = np.where(inside, (ground.astype(np.float32) - levels) / (ground + np.float32(DARKEST)), 0)
    values = strength[inside][::STRIDE]
    if np.mean(values == 0) > 0.5:
        bias, noise = 0.0, 0.0
    else:  # the closing goes along the lightest of the noise
        bias = float(np.median(values))
        noise = 1.4826 * float(np.median(np.abs(values - bias)))
    strength = np.where(inside, np.maximum(strength - (bias + noise), 0), 0).astype(np.float32)
    strongest = float(np.percentile(strength[middle][::2, ::2], 99.9))
    strong = strength[middle] > max(0.25 * strongest, 4 * noise)
    return _Found(strength, ground, noise, strongest, float(strength[middle][strong].sum()))


def _closed(levels: np.ndarray, width: float) -> np.ndarray:
    """The closing with an octagon of this width: of a square and a diamond, which are fast."""
    square, steps = np.ones((max(1, int(0.41 * width)) | 1,) * 2, np.uint8), max(1, int(0.29 * width))
    dilated = cv2.dilate(cv2.dilate(levels, square), _CROSS, iterations=steps)
    return np.asarray(cv2.erode(cv2.erode(dilated, _CROSS, iterations=steps), square))


def _sides_without_ground(widest: _Found) -> np.ndarray:
    """Which sides of the picture, top, bottom, left and right, have ink along all of them: a gutter or a desk."""
    ink = widest.strength > max(0.12 * widest.strongest, 3 * widest.noise)
    strips = ink[:2].any(axis=0), ink[-2:].any(axis=0), ink[:, :2].any(axis=1), ink[:, -2:].any(axis=1)
    return np.array([strip.mean() > CONTACT for strip in strips])


def _with_room(found: list[_Found]) -> list[int]:
    """The smallest width that has room for the ink, and the next one that has room for much more."""
    strongest = max(each.strongest for each in found)
    have_room = [
        n
        for n, (one, wider) in enumerate(pairwise(found))
        if wider.amount <= GROWTH * one.amount and one.strongest >= WEAK * strongest
    ]
    first, *others = [*have_room, len(found) - 1]
    return [first, *[n for n in others if found[n].amount > GROWTH * found[first].amount][:1]]
