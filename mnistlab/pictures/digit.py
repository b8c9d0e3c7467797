"""Which marks are the digit, and which are beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.ground.sheets import Sheet, hull_of
from mnistlab.pictures.marks.components import Mark, marks_of, widest
from mnistlab.pictures.marks.edges import consists_of_bars, crosses_rim, is_sliver, lies_along_edge, touches_edge
from mnistlab.pictures.parts import joined
from mnistlab.pictures.shades import is_shade

MIN_INK_SHARE = 0.02
"""Marks with less than this share of all ink are dirt: they are left out."""

MIN_NUMBER_SHARE = 0.005
"""The same in a number of several digits."""

MIN_CONTRAST = 0.05
"""Strength of ink, at least."""

MIN_SIZE = 0.04
"""Longest side of a digit, at least, as a share of the picture's."""

SOME_SIZE = 0.08
"""That of something that is preferred to marks at the edge."""

CERTAIN = 0.4
"""Share of the strongest ink from which on a pixel counts to the digit's shape."""

BLOCK = 0.75
"""Share of the outline of a rectangle that must have ink, if it is a block: a canvas, a desk."""

FILLED = 0.8
"""Share of its convex hull that must have ink, if it is a block with a ragged outline."""

LONG = 2.5
"""A block is less than so many times as long as it is wide."""

THICK = 0.42
"""Width of a stroke, as a share of the digit's size, from which on it is none."""


@dataclass(frozen=True, eq=False)
class Found:
    """The digit that seems to be on a sheet.

    Attributes
    ----------
    ink : Ink
        Without frames, lines and edges.
    marks : tuple of Mark
        Those of the digit; of all digits, if there may be several.
    beside : tuple of Mark
        Other marks of some weight.
    shape : bool array of shape (H, W)
        Where the digit's ink is certain.
    is_whole : bool
        Whether the sheet is all of the picture.
    several : bool
        Whether there may be several digits.
    """

    ink: Ink
    marks: tuple[Mark, ...]
    beside: tuple[Mark, ...]
    shape: np.ndarray
    is_whole: bool
    several: bool

    @property
    def thickness(self) -> float:
        """Width of its thickest stroke, as a share of its size."""
        return self._widest / self._size

    @cached_property
    def is_block(self) -> bool:
        """Whether it is a solid piece, perhaps with something cut out: what seemed to be ink is a sheet."""
        part = self._part
        is_compact = not self.several and max(part.shape) < LONG * min(part.shape)
        return self.is_rectangle or (is_compact and bool(part.sum() > FILLED * hull_of(part).sum()))

    @cached_property
    def is_rectangle(self) -> bool:
        """Whether its outline is a rectangle: a canvas, a desk."""
        part = self._part
        edge = max(1, round(0.02 * max(part.shape)))
        strips = [strip.any(axis=0) for strip in (part[:edge], part[-edge:])]
        strips += [strip.any(axis=1) for strip in (part[:, :edge], part[:, -edge:])]
        return max(part.shape) < LONG * min(part.shape) and bool(np.concatenate(strips).mean() > BLOCK)

    @cached_property
    def score(self) -> float:
        """How likely it is to be a digit: its length in full ink, times its share of the ink on the sheet."""
        weight = sum(mark.weight for mark in self.marks)
        share = weight / (weight + sum(mark.weight for mark in self.beside))
        is_none = self.is_block or self.thickness > THICK
        return weight * share / (self._widest + 1) * (0.001 if is_none else 1.0)

    @cached_property
    def is_shade(self) -> bool:
        """Whether it is the edge of a shadow."""
        return not self.ink.is_clean and is_shade(self.ink, self.shape, self._widest)

    @cached_property
    def _part(self) -> np.ndarray:
        """Its shape in the box around it."""
        rows, columns = np.flatnonzero(self.shape.any(axis=1)), np.flatnonzero(self.shape.any(axis=0))
        return self.shape[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    @cached_property
    def _widest(self) -> float:
        return widest(self.shape)

    @property
    def _size(self) -> int:
        """The longer side of the box around all its marks."""
        left, right = min(mark.left for mark in self.marks), max(mark.right for mark in self.marks)
        top, bottom = min(mark.top for mark in self.marks), max(mark.bottom for mark in self.marks)
        return max(right - left, bottom - top)


def find_digit(ink: Ink, sheet: Sheet, several: bool) -> Found | None:
    """Choose the marks that are the digit, or the digits of a number.

    Parameters
    ----------
    ink : Ink
        Without frames and lines.
    sheet : Sheet
    several : bool
        Whether there may be several digits.

    Returns
    -------
    Found or None
        None if there is nothing on the sheet that can be a digit.
    """
    shape = ink.strength.shape
    marks = [mark for mark in marks_of(ink) if not is_sliver(mark, shape)]
    if not several:  # a bar may be a 1
        marks = [mark for mark in marks if not consists_of_bars(mark, ink.inside)] or marks
    if not (sheet.is_whole or (sheet.is_canvas and ink.is_clean)):  # the edge of a canvas on a screen is sharp
        marks = [mark for mark in marks if not crosses_rim(mark, ink)]
    inner = [mark for mark in marks if not lies_along_edge(mark, shape)]
    marks = inner if any(mark.size > SOME_SIZE * max(shape) for mark in inner) else marks
    least = (MIN_NUMBER_SHARE if several else MIN_INK_SHARE) * sum(mark.weight for mark in marks)
    heavy = [mark for mark in marks if mark.weight >= least]
    if ink.full < MIN_CONTRAST or not any(mark.size >= MIN_SIZE * max(shape) for mark in heavy):
        return None
    group = heavy if several else joined(_strongest(heavy, marks, shape), heavy, shape)
    beside = tuple(mark for mark in heavy if mark not in group)
    strength = np.where(_mask(group, shape), ink.strength, 0)
    return Found(ink, tuple(group), beside, strength > CERTAIN * strength.max(), sheet.is_whole, several)


def _mask(marks: Iterable[Mark], shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    for mark in marks:
        mask[mark.box] |= mark.mask
    return mask


def _strongest(heavy: list[Mark], marks: list[Mark], shape: tuple[int, ...]) -> Mark:
    """The heaviest mark, or one that does not touch the edge of the picture."""
    strongest = heavy[0]
    if touches_edge(strongest, shape):
        for mark in marks:
            is_some = mark.weight > 0.01 * strongest.weight and mark.height > SOME_SIZE * max(shape)
            if is_some and not touches_edge(mark, shape):
                return mark
    return strongest
