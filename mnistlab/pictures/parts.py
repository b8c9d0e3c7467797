"""Which marks are parts of the same digit."""

from mnistlab.pictures.marks.components import Mark
from mnistlab.pictures.marks.edges import touches_edge

CLOSE = 0.05
"""Marks no further from the digit than this share of its size belong to it."""

PARTS = 0.35
"""So far from it may be its small parts, as the bar of a 5."""

SMALL = 0.4
"""Height of a small part, at most, as a share of the digit's size."""

FLAT = 3.0
"""An underline is more than so many times as wide as high, and nearly as wide as the digit or wider."""


def joined(first: Mark, marks: list[Mark], shape: tuple[int, ...]) -> list[Mark]:
    """Return a mark, and all that belong to the same digit."""
    group = [first]
    is_found = True
    while is_found:
        near = [mark for mark in marks if mark not in group and _belongs(mark, group, shape)]
        group, is_found = [*group, *near[:1]], bool(near)
    return group


def _belongs(mark: Mark, group: list[Mark], shape: tuple[int, ...]) -> bool:
    """Whether a mark is a part of the digit that a group is."""
    left, right = min(each.left for each in group), max(each.right for each in group)
    top, bottom = min(each.top for each in group), max(each.bottom for each in group)
    size = max(right - left, bottom - top)
    across, down = max(mark.left - right, left - mark.right), max(mark.top - bottom, top - mark.bottom)
    overlap = -across / min(mark.width, right - left)
    is_low = mark.height < 0.45 * (bottom - top)
    is_underline = (
        down > 0.02 * size and mark.top >= bottom and mark.width > max(FLAT * mark.height, 0.7 * (right - left))
    )
    if is_underline or (touches_edge(mark, shape) and not touches_edge(group[0], shape)):
        return False
    is_close = max(across, down) <= CLOSE * size
    is_over = overlap > 0.5 and (down <= 0.03 * size or (down <= 0.2 * size and is_low))
    return is_close or is_over or (max(across, down) <= PARTS * size and mark.height < SMALL * size)
