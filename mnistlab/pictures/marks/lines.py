"""Lines across a sheet: those of ruled and squared paper, borders, underlines that leave the picture."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.polynomial import Polynomial

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.components import extent
from mnistlab.pictures.marks.regular import missing_lines

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

GLIMPSED = 0.25
"""Share of three of its quarters that must be seen of a line where one should be."""

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


class _Line(NamedTuple):
    """A line across the sheet."""

    points: np.ndarray  # which runs lie on it
    rows: np.ndarray  # its row in each column
    on_sheet: np.ndarray  # in which columns it is on the sheet


def lines_across(ink: Ink, level_only: bool) -> np.ndarray:
    """Find the lines that cross a sheet from edge to edge, straight or slightly bent, in two directions.

    Parameters
    ----------
    ink : Ink
    level_only : bool
        Whether to look for level lines alone: in a number, an upright line may be a 1.

    Returns
    -------
    float32 array of shape (H, W)
        On a band along each of them, a little wider than the line, the strength of its ink; elsewhere 0.
    """
    level = _level_lines(ink.strength, ink.seen, ink.inside)
    return level if level_only else np.maximum(level, _level_lines(ink.strength.T, ink.seen.T, ink.inside.T).T)


def _level_lines(strength: np.ndarray, strong: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Bands along the lines that are rather level, with their strengths."""
    bands = np.zeros(strength.shape, np.float32)
    width = extent(inside)[1]
    runs = _thin_runs(strong, round(WIDTH * width))
    if not len(runs.column):
        return bands
    is_free, lines = np.ones(len(runs.column), bool), []

    def take(line: _Line) -> None:
        nonlocal is_free, bands
        is_free &= ~line.points
        lines.append(line.rows)
        half = float(np.median((runs.bottom - runs.top)[line.points])) / 2 + 2
        is_near = (np.abs(np.arange(len(strength))[:, np.newaxis] - line.rows) <= half) & line.on_sheet
        middles = strength[np.round(runs.middle[line.points]).astype(int), runs.column[line.points]]
        bands = np.maximum(bands, np.where(is_near, np.median(middles), 0))

    pieces = _pieces(runs, strong.shape, width)
    for piece in np.argsort(-np.bincount(pieces))[:MOST]:
        start = (pieces == piece) & is_free
        if start.sum() >= SEGMENT * width:
            tried = (_line(runs, start, is_free, inside, degree) for degree in DEGREES)
            if line := next((line for line in tried if line), None):
                take(line)
    is_more = True
    while is_more:
        more = [line for rows in missing_lines(lines) if (line := _line_near(runs, rows, is_free, inside))]
        for line in more:
            take(line)
        is_more = bool(more)
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


def _line(runs: _Runs, start: np.ndarray, is_free: np.ndarray, inside: np.ndarray, degree: int) -> _Line | None:
    """Continue a piece of a line across the sheet; None if it is no line across it."""
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
    return _Line(points, rows, on_sheet) if is_level and _crosses(on_sheet, runs.column[points], width) else None


def _line_near(runs: _Runs, rows: np.ndarray, is_free: np.ndarray, inside: np.ndarray) -> _Line | None:
    """The line that may be near some rows; None if too little of it is seen."""
    offsets = runs.middle - rows[runs.column]
    points = is_free & (np.abs(offsets) <= NEAR + FAR[0] * extent(inside)[1])
    if len(np.unique(runs.column[points])) < 10:
        return None
    offsets -= np.median(offsets[points])
    rows = rows + np.median((runs.middle - rows[runs.column])[points])
    points = is_free & (np.abs(offsets) <= NEAR)
    on_sheet = _on_sheet(rows, inside)
    seen = np.zeros(on_sheet.shape, bool)
    seen[runs.column[points]] = True
    quarters = np.array_split(seen[on_sheet], 4)
    is_seen = on_sheet.any() and sorted(part.mean() for part in quarters)[1] >= GLIMPSED
    return _Line(points, rows, on_sheet) if is_seen else None


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
