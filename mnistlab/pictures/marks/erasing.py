"""Lines taken away, but not the strokes that cross them."""

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink

STRONGER = 1.6
"""Where a line is so many times stronger than lines are, there is ink over it."""

BRIDGE = 9
"""Pixels on either side of a line within which there is ink, where a stroke crosses it."""

LEAST_INK = 6
"""Pixels of a piece of ink that is a stroke."""


def without_lines(ink: Ink, bands: np.ndarray) -> Ink:
    """Take lines away, but not from strokes that cross them.

    Parameters
    ----------
    ink : Ink
    bands : float32 array of shape (H, W)
        As `mnistlab.pictures.marks.lines.lines_across` returns.
    """
    strong, usual, bands = ink.seen, bands, bands > 0
    stronger = (ink.strength > STRONGER * usual).astype(np.uint8)
    over = bands & strong & cv2.morphologyEx(stronger, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).astype(bool)
    strokes = _without_dots((strong & ~bands) | over)
    above, before, below, behind = (_beyond(strokes, quarters) for quarters in range(4))
    bridges = bands & strong & ((above & below) | (before & behind))
    return ink.without(bands & ~(over | bridges))


def _without_dots(strokes: np.ndarray) -> np.ndarray:
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    return np.asarray(strokes & (statistics[labels, cv2.CC_STAT_AREA] >= LEAST_INK))


def _beyond(strokes: np.ndarray, quarters: int) -> np.ndarray:
    """Where there is a stroke within some pixels above, or some quarters of a turn to the left of that."""
    kernel = np.zeros((2 * BRIDGE + 1, 2 * BRIDGE + 1), np.uint8)
    kernel[:BRIDGE, BRIDGE - 1 : BRIDGE + 2] = 1
    turned = np.ascontiguousarray(np.rot90(kernel, quarters))
    return np.asarray(cv2.dilate(strokes.astype(np.uint8), turned), bool)
