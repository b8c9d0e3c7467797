"""Lines across a sheet: those of ruled and squared paper, borders, underlines that leave the picture."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.polynomial import Polynomial

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.components import extent

WIDTH = 0.025
"""Width of a line, at most, as a share of the sheet's side along it."""

SEGMENT = 0.12
"""Length from which on a piece of a line is followed across the sheet, as a share of the sheet's width."""

GAP = 0.03
"""Gaps in such a piece, at most: digits cross it there."""

SLOPE = 0.25
"""Largest slope of a line, or of a column of squares against the vertical."""

NEAR = 2.5
"""Pixels between a line and the points that belong to it, at most."""

SHORT = 0.7
"""From this share of the sheet's width on, a piece says itself how a line is bent."""

DEGREES = (1, 2)
"""Shorter ones are continued straight; if there is no line, as they are bent."""

FAR = (0.01, 0.005, 0.002, 0.0)
"""So much further, as shares of the sheet's width, they may be while the line is not known well."""

COVERED = 0.6
"""Share of a line that must be seen."""

REACH = 0.08
"""Its ends are no further from the edges of the sheet than this share of the sheet's width."""

STRONGER = 1.6
"""Where a line is so many times stronger than lines are, there is ink over it."""

BRIDGE = 9
"""Pixels on either side of a line within which there is ink, where a stroke crosses it."""

LEAST_INK = 6
"""Pixels of a piece of ink that is a stroke."""

MOST = 120
"""Pieces of lines that are followed, at most."""


class _Runs(NamedTuple):
    """Where a column enters ink and leaves it again soon."""

    column: np.ndarray
    top: np.ndarray
    bottom: np.ndarray

    @property
    def middle(self) -> np.ndarray:
        return np.asarray((self.top + self.bottom - 1) / 2)


def lines_across(ink: Ink, level_only: bool) -> np.ndarray:
    """Find the lines that cross a sheet from edge to edge, straight or slightly bent, in two directions.

    Parameters
    ----------
    ink : Ink
    level_only : bool
        Whether to look for level lines alone: in a number, an upright line may be a 1.

    Returns
    -------
    bool array of shape (H, W)
        A band along each of them, a little wider than the line.
    """
    strong = ink.strength > max(0.12 * ink.full, 3 * ink.noise, 1e-6)
    level = _level_lines(strong, ink.inside)
    return level if level_only else level | _level_lines(strong.T, ink.inside.T).T


def without_lines(ink: Ink, bands: np.ndarray) -> Ink:
    """Take lines away, but not from strokes that cross them."""
    if not bands.any():
        return ink
    strong = ink.strength > max(0.12 * ink.full, 3 * ink.noise, 1e-6)
    usual = float(np.median(ink.strength[bands & strong])) if (bands & strong).any() else 0.0
    over = bands & strong & (ink.strength > STRONGER * usual)
    strokes = _without_dots((strong & ~bands) | over)
    above, before, below, behind = (_beyond(strokes, quarters) for quarters in range(4))
    bridges = bands & strong & ((above & below) | (before & behind))
    return ink.without(bands & ~(over | bridges))


def _level_lines(strong: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Bands along the lines that are rather level."""
    bands = np.zeros(strong.shape, bool)
    width = extent(inside)[1]
    runs = _thin_runs(strong, round(WIDTH * width))
    if not len(runs.column):
        return bands
    pieces = _pieces(runs, strong.shape, width)
    is_free = np.ones(len(runs.column), bool)
    sizes = np.bincount(pieces)
    for piece in np.argsort(-sizes)[:MOST]:
        start = (pieces == piece) & is_free
        if start.sum() < SEGMENT * width:
            continue
        for degree in DEGREES:
            found = _line(runs, start, is_free, inside, degree)
            if found is not None:
                points, rows, on_sheet = found
                is_free &= ~points
                half = float(np.median((runs.bottom - runs.top)[points])) / 2 + 2
                bands |= (np.abs(np.arange(len(strong))[:, np.newaxis] - rows) <= half) & on_sheet
                break
    return bands


def _thin_runs(strong: np.ndarray, thickest: int) -> _Runs:
    changes = np.diff(np.pad(strong.astype(np.int8), ((1, 1), (0, 0))), axis=0).T
    starts, ends = np.argwhere(changes == 1), np.argwhere(changes == -1)
    is_thin = ends[:, 1] - starts[:, 1] <= thickest
    return _Runs(starts[is_thin, 0], starts[is_thin, 1], ends[is_thin, 1])


def _pieces(runs: _Runs, shape: tuple[int, ...], width: int) -> np.ndarray:
    """For each run the number of the connected piece that it belongs to."""
    rows = np.round(runs.middle).astype(int)
    points = np.zeros(shape, np.uint8)
    points[rows, runs.column] = 1
    _, pieces = cv2.connectedComponents(cv2.dilate(points, np.ones((3, max(5, int(GAP * width)) | 1), np.uint8)))
    return np.asarray(pieces)[rows, runs.column]


def _line(
    runs: _Runs, start: np.ndarray, is_free: np.ndarray, inside: np.ndarray, degree: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Continue a piece of a line across the sheet.

    Returns the runs that lie on it, its row in each column, and in which columns it is on the sheet; None if it is no
    line across the sheet.
    """
    width = extent(inside)[1]
    count = np.bincount(runs.column[start], minlength=int(runs.column.max()) + 1)
    points = start & (count[runs.column] == 1)  # where there are two, one is a digit's
    for n in range(len(FAR)):
        if len(np.unique(runs.column[points])) < max(10, 0.1 * width):
            return None
        is_short = np.ptp(runs.column[points]) < SHORT * width
        curve = Polynomial.fit(runs.column[points], runs.middle[points], degree if is_short else 2)
        near = np.abs(runs.middle - curve(runs.column)) <= NEAR + FAR[n] * width
        points = near & (start if n < 2 else is_free)
    rows = np.asarray(curve(np.arange(inside.shape[1])))
    on_sheet = _on_sheet(rows, inside)
    is_level = abs(curve.deriv()(width / 2)) <= SLOPE
    return (points, rows, on_sheet) if is_level and _crosses(on_sheet, runs.column[points], width) else None


def _on_sheet(rows: np.ndarray, inside: np.ndarray) -> np.ndarray:
    nearest = np.clip(np.round(rows).astype(int), 0, len(inside) - 1)
    return np.asarray(inside[nearest, np.arange(len(rows))] & (rows >= 0) & (rows < len(inside)))


def _crosses(on_sheet: np.ndarray, columns: np.ndarray, width: int) -> bool:
    """Whether a line with these points goes from edge to edge of the sheet."""
    seen = np.zeros(on_sheet.shape, bool)
    seen[columns] = True
    all_columns, seen_columns = np.flatnonzero(on_sheet), np.flatnonzero(seen & on_sheet)
    if len(all_columns) < SEGMENT * width or len(seen_columns) < max(10, COVERED * len(all_columns)):
        return False
    gaps = seen_columns[0] - all_columns[0], all_columns[-1] - seen_columns[-1]
    return bool(max(gaps) <= REACH * width)


def _without_dots(strokes: np.ndarray) -> np.ndarray:
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    return np.asarray(strokes & (statistics[labels, cv2.CC_STAT_AREA] >= LEAST_INK))


def _beyond(strokes: np.ndarray, quarters: int) -> np.ndarray:
    """Where there is a stroke within some pixels above, or some quarters of a turn to the left of that."""
    kernel = np.zeros((2 * BRIDGE + 1, 2 * BRIDGE + 1), np.uint8)
    kernel[:BRIDGE, BRIDGE - 1 : BRIDGE + 2] = 1
    turned = np.ascontiguousarray(np.rot90(kernel, quarters))
    return np.asarray(cv2.dilate(strokes.astype(np.uint8), turned), bool)
