"""The ink of a digit in a picture: on which sheet it is, what belongs to it, and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np

from mnistlab.pictures.colours import prepared
from mnistlab.pictures.digit import Found, find_digit
from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.ground.sheets import Sheet, block, sheets_in
from mnistlab.pictures.ground.strength import ink_on, thick_ink
from mnistlab.pictures.marks.frames import without_frames
from mnistlab.pictures.marks.lines import lines_across, without_lines
from mnistlab.pictures.pen import widened
from mnistlab.pictures.steps import InkSteps

BETTER = 1.15
"""A larger sheet is chosen if what is on it scores so many times as much."""

MUCH_BETTER = 2.0
"""Ink of the other kind, light or dark, is chosen if it scores so many times as much."""

SLENDER = 0.2
"""Strokes thinner than this share of the digit's size are strokes for sure."""

STOUT = 0.36
"""Those of ink as wide as its gaps are at most so thick."""

MIN_THICK_PICTURE = 64
"""Longest side, in pixels, from which on a picture may have noise."""

MIN_BLOCK = 0.02
"""Share of the picture, at least, of a block that is taken for a sheet."""

MAX_SHEETS = 12
"""Sheets that are tried, at most."""


@overload
def find_ink(picture: np.ndarray, several: bool = False, steps: Literal[False] = False) -> np.ndarray: ...
@overload
def find_ink(picture: np.ndarray, several: bool = False, *, steps: Literal[True]) -> InkSteps: ...
def find_ink(picture: np.ndarray, several: bool = False, steps: bool = False) -> np.ndarray | InkSteps:
    """Separate the ink of a digit from all else in a picture.

    The sheet is found: paper on a desk, a canvas in a window. Its ground follows the light. What differs from it is
    ink, but for lines, boxes and circles. Of the rest, the strongest connected ink and what belongs to it is the digit.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA, 0 to 255, of any size. The ink may be dark on a light background or light on a
        dark one; the background may be transparent, unevenly lit, ruled or noisy.
    several : bool
        Whether it shows a number of several digits: all ink is returned, which is not widened.
    steps : bool
        Whether to return what was found on the way, too.

    Returns
    -------
    uint8 array of shape (h, w) or InkSteps
        Light ink (255 at its strongest) on a background of exactly 0; the strokes of a single digit are wide enough
        for an image. As large as the picture, or reduced to 560 pixels on its longest side.

    Raises
    ------
    ValueError
        If the array has another type or shape, or if the picture is blank: there is nothing on it that may be a digit.
    """
    colours = prepared(picture)
    sheets, is_narrow = sheets_in(colours)
    best: _Candidate | None = None
    for candidate in _candidates(colours, sheets, is_narrow, several):
        if best is None or candidate.found.score > BETTER * best.found.score:
            best = candidate
    if best is None:
        raise ValueError("the picture is blank: there is no digit in it")
    result = _steps(colours, best, several)
    return result if steps else result.ink


@dataclass(frozen=True, eq=False)
class _Candidate:
    """What may be the digit on a sheet, the sheet's ink, and the lines and frames in it."""

    found: Found
    ink: Ink
    removed: np.ndarray


def _candidates(colours: np.ndarray, sheets: list[Sheet], is_narrow: bool, several: bool) -> Iterator[_Candidate]:
    """What may be the digit, on each sheet, the smallest first."""
    dominant = [sheet.inside for sheet in sheets if sheet.is_dominant]
    is_tight = is_narrow and not dominant and max(colours.shape) >= MIN_THICK_PICTURE
    waiting, tried = [*sheets], 0
    while waiting and tried < MAX_SHEETS:
        sheet, tried = waiting.pop(0), tried + 1
        candidate = _on_sheet(colours, sheet, is_tight and sheet.is_whole, several)
        if candidate is None:
            continue
        found = candidate.found
        if found.is_block and (inner := block(found.shape, found.is_rectangle)).inside.mean() > MIN_BLOCK:
            waiting.append(inner)
        if found.is_whole and any(_lies_outside(found, inside) for inside in dominant):
            continue  # on the desk around a sheet
        yield candidate


def _lies_outside(found: Found, inside: np.ndarray) -> bool:
    return bool(found.shape[inside].sum() < 0.3 * found.shape.sum())


def _on_sheet(colours: np.ndarray, sheet: Sheet, is_tight: bool, several: bool) -> _Candidate | None:
    """The digit on one sheet: dark or light, of thin strokes or, if the picture may be cut tight, of thick ones."""
    ink = ink_on(colours, sheet)
    best = _in_ink(ink, sheet, several)
    if ink.is_clean:
        return best
    if best is None or best.found.thickness >= SLENDER:
        other = _in_ink(ink_on(colours, sheet, not ink.is_light), sheet, several)
        if other and (best is None or other.found.score > MUCH_BETTER * best.found.score):
            best = other
    if is_tight:
        thick = _in_ink(thick_ink(colours), sheet, several)
        is_digit = thick and not thick.found.is_block and thick.found.thickness < STOUT
        if thick and is_digit and (best is None or thick.found.score > BETTER * best.found.score):
            best = thick
    return best


def _in_ink(ink: Ink, sheet: Sheet, several: bool) -> _Candidate | None:
    unframed, frames = without_frames(ink)
    lines = lines_across(unframed, level_only=several)
    rest, more_frames = without_frames(without_lines(unframed, lines))
    found = find_digit(rest, sheet, several)
    return _Candidate(found, ink, frames | lines | more_frames) if found else None


def _steps(colours: np.ndarray, candidate: _Candidate, several: bool) -> InkSteps:
    found, strength = candidate.found, candidate.found.ink.strength
    digit = np.zeros(strength.shape, np.float32)
    for mark in found.marks:
        digit[mark.box] += np.where(mark.mask, strength[mark.box], 0)
    full = float(np.percentile(digit[digit > digit.max() / 2], 90))

    def scaled(values: np.ndarray) -> np.ndarray:
        return np.round(255 * np.minimum(values / full, 1)).astype(np.uint8)

    ink = scaled(digit)
    return InkSteps(
        picture=colours,
        sheet=candidate.ink.inside,
        ground=candidate.ink.ground,
        marks=scaled(candidate.ink.strength),
        removed=candidate.removed,
        ink=ink if several else widened(ink),
        beside=tuple(scaled(np.where(mark.on(strength.shape), strength, 0)) for mark in found.beside),
    )
