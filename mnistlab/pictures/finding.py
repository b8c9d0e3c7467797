"""The ink of a digit in a picture: on which sheet it is, what belongs to it, and what does not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, overload

import numpy as np

from mnistlab.pictures.colours import prepared
from mnistlab.pictures.digit import Found, find_digit
from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.ground.sheets import Sheet, block, sheets_in
from mnistlab.pictures.ground.strength import inks_on, thick_ink
from mnistlab.pictures.marks.erasing import without_lines
from mnistlab.pictures.marks.frames import without_frames
from mnistlab.pictures.marks.lines import lines_across
from mnistlab.pictures.marks.rings import ring_around
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
    first = next(inks_in(picture, several))
    return first if steps else first.ink


def inks_in(picture: np.ndarray, several: bool = False) -> Iterator[InkSteps]:
    """What may be the ink of a digit in a picture, the likeliest first; parameters and errors are `find_ink`'s.

    Yields
    ------
    InkSteps
        One at least.
    """
    colours = prepared(picture)
    sheets, is_narrow = sheets_in(colours)
    candidates = _candidates(colours, sheets, is_narrow, several)
    if not candidates:
        raise ValueError("the picture is blank: there is no digit in it")
    first, *others = candidates
    yield _steps(colours, first, several)
    for candidate in [*_in_ring(first, several), *others]:
        yield _steps(colours, candidate, several)


@dataclass(frozen=True, eq=False)
class _Candidate:
    """What may be the digit on a sheet, the sheet's ink, and the lines and frames in it."""

    found: Found
    sheet: Sheet
    ink: Ink
    removed: np.ndarray


def _candidates(colours: np.ndarray, sheets: list[Sheet], is_narrow: bool, several: bool) -> list[_Candidate]:
    """What may be the digit, the likeliest first.

    On each sheet, that is the first; of two on different sheets that are alike, that on the smaller one.
    """
    dominant = [sheet.inside for sheet in sheets if sheet.is_dominant]
    is_tight = is_narrow and not dominant and max(colours.shape) >= MIN_THICK_PICTURE
    sheets = [*sheets]
    best: list[_Candidate] = []
    for sheet in islice(sheets, MAX_SHEETS):
        found = _on_sheet(colours, sheet, is_tight and sheet.is_whole, several)
        for digit in (candidate.found for candidate in found[:1]):
            if digit.is_block and (inner := block(digit.shape, digit.is_rectangle)).inside.mean() > MIN_BLOCK:
                sheets.append(inner)  # its turn will come
        strokes = [each for each in found if not (each.found.is_shade or _is_on_a_desk(each.found, dominant))]
        best = _preferred(best, strokes, BETTER)
    return [*best[:1], *sorted(best[1:], key=lambda candidate: -candidate.found.score)]


def _is_on_a_desk(found: Found, sheets: list[np.ndarray]) -> bool:
    """Whether something lies outside a sheet that is most of the picture."""
    return found.is_whole and any(found.shape[inside].sum() < 0.3 * found.shape.sum() for inside in sheets)


def _on_sheet(colours: np.ndarray, sheet: Sheet, is_tight: bool, several: bool) -> list[_Candidate]:
    """What may be the digit on one sheet, the likeliest first.

    It is dark or light, of thin strokes or, if the picture may be cut tight, of thick ones.
    """
    inks = inks_on(colours, sheet)
    found = _in_inks(inks, sheet, several)
    if inks[0].is_clean:  # or seems to be: a photo may have steps instead of shades
        return [*found, *_in_inks(inks_on(colours, sheet, inks[0].is_light), sheet, several)]
    if not found or found[0].found.thickness >= SLENDER or found[0].found.is_shade:
        found = _preferred(found, _in_inks(inks_on(colours, sheet, not inks[0].is_light), sheet, several), MUCH_BETTER)
    if is_tight and (thick := _in_inks([thick_ink(colours)], sheet, several)):
        is_digit = not thick[0].found.is_block and thick[0].found.thickness < STOUT
        found = _preferred(found, thick if is_digit else [], BETTER)
    return found


def _preferred(ones: list[_Candidate], others: list[_Candidate], factor: float) -> list[_Candidate]:
    """Both, the others first if the best of them scores so many times as much."""
    is_other = others and (not ones or others[0].found.score > factor * ones[0].found.score)
    return [*others, *ones] if is_other else [*ones, *others]


def _in_inks(inks: list[Ink], sheet: Sheet, several: bool) -> list[_Candidate]:
    """What may be the digit in each ink, the likeliest first; lines in one are lines in the others."""
    candidates, lines = [], np.zeros(sheet.inside.shape, np.float32)
    for ink in inks:
        unframed, frames = without_frames(ink)
        lines = np.maximum(lines, lines_across(unframed, level_only=several))
        rest, more_frames = without_frames(without_lines(unframed, lines))
        if found := find_digit(rest, sheet, several):
            candidates.append(_Candidate(found, sheet, ink, frames | (lines > 0) | more_frames))
    return sorted(candidates, key=lambda candidate: -candidate.found.score)


def _in_ring(candidate: _Candidate, several: bool) -> list[_Candidate]:
    """What is left of something without the circle at its outside, if there is one."""
    ink, shape = candidate.found.ink, candidate.found.shape
    if (ring := ring_around(ink, shape)) is None:
        return []
    found = find_digit(ink.without(ring), candidate.sheet, several)
    return [replace(candidate, found=found, removed=candidate.removed | ring)] if found else []


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
