"""Connected ink cut where digits may touch: along paths from top to bottom that cross as little ink as they can."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from mnistlab.reading.ink import Patch, cropped

SIDEWAYS = 0.6
"""What a step to the left or to the right costs a path, in pixels of ink."""

MAX_LENGTH = 0.8
"""Ink on a path, at most, in heights of a digit."""

LEAST_SHARE = 0.06
"""Share of the ink on either side of a path, at least."""

DEEP = 2.0
"""Ink is deep where its distance from the background is more than this many times the median.

Lines are not; where two lines touch along their length, the deep ink lies between them.
"""

DEEP_COST = 0.25
"""What a pixel of deep ink costs a path: it should follow it."""

NOTCH = 0.95
"""Ink is low where its extent from top to bottom is at most this share of the largest on either side."""

MIN_WIDTH = 0.35
"""Narrower ink is not cut, nor lower ink, in heights of a digit."""

MIN_DISTANCE = 0.12
"""Between two paths halfway up, in heights of a digit."""

CUTS_IN_A_HEIGHT = 3
"""Cuts, at most, in ink as wide as a digit is high: with these, a digit falls into no more parts than are joined."""


@dataclass(frozen=True, eq=False)
class Cut:
    """A path from top to bottom through ink."""

    length: float  # of the path within ink, in heights of a digit
    crossings: int  # how often the path enters ink
    middle: int  # the path's column halfway up
    left: np.ndarray  # bool, as the ink: what lies to the left of the path


def cut_apart(patch: Patch, height: float) -> tuple[list[Patch], list[Cut]]:
    """Cut connected ink into parts that lie side by side.

    Parameters
    ----------
    patch : Patch
    height : float
        Height of a digit, in pixels.

    Returns
    -------
    parts : list of Patch
        From left to right; the patch itself if it is too small to be cut.
    cuts : list of Cut
        Between each two neighbours.
    """
    rows, columns = patch.ink.shape
    if min(rows, columns) < MIN_WIDTH * height:
        return [patch], []
    cuts: list[Cut] = []
    for cut in sorted(_cuts(patch.ink, height), key=lambda cut: (cut.crossings, cut.length)):
        if all(abs(cut.middle - other.middle) >= MIN_DISTANCE * height / 2 for other in cuts):
            cuts.append(cut)
    cuts = sorted(cuts[: round(CUTS_IN_A_HEIGHT * columns / height)], key=lambda cut: cut.middle)
    parts, made, rest = [], [], patch.ink
    for cut in cuts:
        ink, remaining = np.where(cut.left, rest, 0), np.where(cut.left, 0, rest)
        if ink.any() and remaining.any():
            parts.append(cropped(patch.left, patch.top, ink))
            made.append(cut)
            rest = remaining
    return [*parts, cropped(patch.left, patch.top, rest)], made


def _cuts(ink: np.ndarray, height: float) -> list[Cut]:
    """All places where to cut, at half the resolution: by the cheapest paths, and straight down where ink is low."""
    rows, columns = ink.shape
    ink_on = np.asarray(Image.fromarray(ink).reduce(2), np.float32) * (2 / 255)
    ink_on = np.pad(ink_on, ((0, len(ink_on) % 2), (1, 1)))  # a path may also pass beside the ink
    has_ink = ink_on > ink_on.max() / 2
    found = []
    for path in [*_cheap_paths(ink_on, has_ink, height), *_straight_paths(has_ink, height)]:
        left = np.arange(columns) < 2 * np.repeat(path - 1, 2)[:rows, np.newaxis]
        share = ink[left].sum(dtype=float) / ink.sum(dtype=float)
        if LEAST_SHARE <= share <= 1 - LEAST_SHARE:
            on_path = np.pad(has_ink[np.arange(len(path)), path], 1)
            crossings = int(np.count_nonzero(on_path[1:] & ~on_path[:-1]))
            found.append(Cut(2 * int(on_path.sum()) / height, crossings, int(path[len(path) // 2]), left))
    return found


def _cheap_paths(ink_on: np.ndarray, has_ink: np.ndarray, height: float) -> list[np.ndarray]:
    """The cheapest path through each place halfway up where it is cheaper than those beside it."""
    from scipy import ndimage  # late, as in mnistlab.pictures

    depth = ndimage.distance_transform_edt(has_ink)
    deep = depth > DEEP * np.median(depth[has_ink])
    cost = np.where(deep, DEEP_COST * ink_on, ink_on)
    middle = len(cost) // 2
    costs, steps = _cheapest(np.stack([cost[:middle], cost[middle:][::-1]], axis=1))
    places = _lowest(costs.sum(axis=0), MAX_LENGTH * height, height)
    return [np.concatenate([_trace(steps[:, 0], place), _trace(steps[:, 1], place)[::-1]]) for place in places]


def _straight_paths(has_ink: np.ndarray, height: float) -> list[np.ndarray]:
    """Straight down where the ink is lower than on both sides: between two round digits that share a wall."""
    rows = np.arange(len(has_ink))[:, np.newaxis]
    low, high = np.where(has_ink, rows, len(rows)).min(axis=0), np.where(has_ink, rows, -1).max(axis=0)
    extent = np.maximum(high - low + 1, 0)
    lower_side = np.minimum(np.maximum.accumulate(extent), np.maximum.accumulate(extent[::-1])[::-1])
    places = _lowest(np.where(extent < NOTCH * lower_side, extent, np.inf), height, height)
    return [np.full(len(has_ink), place) for place in places]


def _lowest(values: np.ndarray, limit: float, height: float) -> list[int]:
    """Where values are no larger than any near them, and than a limit."""
    from scipy import ndimage

    near = 2 * max(1, round(MIN_DISTANCE * height / 4)) + 1
    runs, count = ndimage.label((ndimage.minimum_filter1d(values, near) == values) & (values <= limit))
    return [int(np.median(np.flatnonzero(runs == run))) for run in range(1, count + 1)]


def _cheapest(halves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each place in the last row of both halves, the cost of the cheapest path to it, and the steps on all paths.

    Halves are `(H, 2, W)`: costs `(2, W)`, steps `(H, 2, W)`, -1, 0 or 1: where the path comes from in the row before.
    """
    steps = np.zeros(halves.shape, int)
    costs = np.pad(halves[0], ((0, 0), (1, 1)), constant_values=np.inf)
    for row, step in zip(halves[1:], steps[1:], strict=True):
        before = np.stack([costs[:, :-2] + SIDEWAYS, costs[:, 1:-1], costs[:, 2:] + SIDEWAYS])
        step[:] = before.argmin(axis=0) - 1
        costs[:, 1:-1] = before.min(axis=0) + row
    return costs[:, 1:-1], steps


def _trace(steps: np.ndarray, middle: int) -> np.ndarray:
    """The columns of the path that ends in this one, from the first row to the last."""
    path = [middle]
    for row in steps[:0:-1]:
        path.append(path[-1] + int(row[path[-1]]))
    return np.array(path[::-1])
