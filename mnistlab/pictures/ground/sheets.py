"""Where in a picture there may be a sheet of paper, a canvas or a board: regions of one colour, light apart."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from mnistlab.pictures.colours import grey

FLAT_SIDE = 128
"""Longest side, in pixels, at which regions are looked for."""

WINDOW = 0.15
"""Side of the window of the median that removes what is thin, as a share of the longest side."""

STEP = 10
"""Neighbouring pixels of a region differ by so many grey levels at most: soft shades stay in one region."""

MIN_SHARE = 0.04
"""Share of the picture that a region must have."""

FULL = 0.995
"""A region with this share of the picture, or more, is all of it."""

SOLID = 0.5
"""Share of its shape that a region must fill: what is written on it takes the rest."""

RECTANGULAR = 0.85
"""Share of the smallest rectangle around it that a rectangle must fill: paper seen from the side is none quite."""

TWO_TONES = 25
"""Grey levels between the lightest and the darkest place if a picture shows more than one thing."""

SHARP = 20
"""Grey levels between both sides of the edge of a sheet."""

DOMINANT = 0.45
"""Share of the picture from which on a rectangular region is taken for a sheet, even if nothing is written on it."""

NARROW = 0.6
"""If no region has this share, the strokes are nearly as wide as the gaps between them."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A part of a picture that may be what a digit is written on.

    Attributes
    ----------
    ground : bool array of shape (H, W)
        The pixels of its own colour.
    inside : bool array of shape (H, W)
        All pixels within its outline, with what is written on it.
    is_canvas : bool
        Whether it is a rectangle that was first taken for ink: its edge is known exactly.
    """

    ground: np.ndarray
    inside: np.ndarray
    is_canvas: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the picture."""
        return bool(self.inside.all())

    @property
    def is_dominant(self) -> bool:
        """Whether it is rectangular and most of the picture, but not all of it."""
        return not self.is_whole and self.ground.mean() >= DOMINANT and _is_rectangular(self.inside)


def sheets_in(colours: np.ndarray) -> tuple[list[Sheet], bool]:
    """Find what may be the sheet in a picture.

    What is thin is removed by a median; the regions of similar colour that are left, and the lighter and the darker
    part, are sheets if they are large and convex enough.

    Parameters
    ----------
    colours : uint8 array of shape (H, W, C)

    Returns
    -------
    sheets : list of Sheet
        The smallest first; the last is the whole picture.
    is_narrow : bool
        Whether no region dominates: the digit fills its picture.
    """
    flat = _flat(colours)
    regions = [region for region in _regions(flat) if region.mean() >= MIN_SHARE]
    found = [(region, shape) for region in regions if region.sum() >= SOLID * (shape := _shape(region, flat)).sum()]
    for part in _tones(flat):
        shape = _shape(part, flat)
        is_sheet = part.sum() >= RECTANGULAR * shape.sum() and _is_rectangular(shape) and _has_sharp_edge(part, flat)
        if is_sheet and all((shape ^ other).sum() >= 0.05 * shape.sum() for _, other in found):
            found.append((part, shape))
    found = sorted((pair for pair in found if pair[1].mean() < FULL), key=lambda pair: int(pair[1].sum()))
    height, width = colours.shape[:2]
    sheets = [Sheet(_enlarged(ground, width, height), _enlarged(inside, width, height)) for ground, inside in found]
    whole = np.ones((height, width), bool)
    return [*sheets, Sheet(whole, whole)], all(region.mean() < NARROW for region in regions)


def block(mask: np.ndarray, is_rectangle: bool) -> Sheet:
    """Return a solid piece of what seemed to be ink as a sheet, with all within its outline."""
    return Sheet(mask, hull_of(mask), is_canvas=is_rectangle)


def _flat(colours: np.ndarray) -> np.ndarray:
    """The picture at a small size, without what is thin."""
    height, width = colours.shape[:2]
    scale = min(1.0, FLAT_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    window = max(3, int(WINDOW * max(size))) | 1
    flat = cv2.medianBlur(cv2.resize(colours, size, interpolation=cv2.INTER_AREA), window)
    return np.asarray(flat).reshape(size[1], size[0], -1)


def _regions(flat: np.ndarray) -> Iterable[np.ndarray]:
    """The connected pixels whose neighbours differ little."""
    from scipy import sparse  # late: it takes longer to import than all else here
    from scipy.sparse.csgraph import connected_components

    height, width = flat.shape[:2]
    levels, places = flat.astype(int), np.arange(height * width).reshape(height, width)
    right = np.abs(levels[:, 1:] - levels[:, :-1]).max(axis=-1) <= STEP
    down = np.abs(levels[1:] - levels[:-1]).max(axis=-1) <= STEP
    one = np.concatenate([places[:, :-1][right], places[:-1][down]])
    other = np.concatenate([places[:, 1:][right], places[1:][down]])
    graph = sparse.coo_matrix((np.ones(len(one)), (one, other)), (places.size, places.size))
    count, labels = connected_components(graph, directed=False)
    return _large(labels.reshape(height, width), count)


def _tones(flat: np.ndarray) -> Iterable[np.ndarray]:
    """The connected parts that are lighter, and those that are darker, than Otsu's threshold."""
    tones = grey(flat, np.ones(flat.shape[:2], bool))
    if int(tones.max()) - int(tones.min()) < TWO_TONES:
        return
    threshold, _ = cv2.threshold(tones, 0, 255, cv2.THRESH_OTSU)
    for part in (tones > threshold, tones <= threshold):
        count, labels = cv2.connectedComponents(part.astype(np.uint8), connectivity=4)
        yield from _large(np.where(part, labels, count), count)


def _large(labels: np.ndarray, count: int) -> Iterable[np.ndarray]:
    sizes = np.bincount(labels.ravel(), minlength=count)[:count]
    return (labels == label for label in np.flatnonzero(sizes >= MIN_SHARE * labels.size))


def _shape(region: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """The outline of a region, filled: of a canvas, which has one colour, the rectangle; else the convex hull."""
    hull = hull_of(region)
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    colours = flat[region].astype(int)
    has_one_colour = (np.abs(colours - np.median(colours, axis=0)).max(axis=1) <= 2).mean() > RECTANGULAR
    if has_one_colour and hull.sum() > RECTANGULAR * hull[box].size:
        hull[box] = True
    return hull


def hull_of(mask: np.ndarray) -> np.ndarray:
    """The convex hull of a region, filled."""
    filled = np.zeros(mask.shape, np.uint8)
    cv2.fillConvexPoly(filled, _corners(mask), 1)
    return filled.astype(bool)


def _corners(mask: np.ndarray) -> np.ndarray:
    """The corners of the convex hull."""
    return np.asarray(cv2.convexHull(cv2.findNonZero(mask.astype(np.uint8))))


def _is_rectangular(shape: np.ndarray) -> bool:
    _, (width, height), _ = cv2.minAreaRect(_corners(shape))
    return bool(shape.sum() > RECTANGULAR * (width + 1) * (height + 1))


def _has_sharp_edge(part: np.ndarray, flat: np.ndarray) -> bool:
    """Whether the colours on both sides of its outline differ: it is no shade."""
    kernel, mask = np.ones((5, 5), np.uint8), part.astype(np.uint8)
    core = cv2.erode(mask, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1).astype(bool)
    around = cv2.dilate(mask, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0).astype(bool)
    one, other = (np.median(flat[band], axis=0) for band in (part & ~core, around & ~part))
    return bool(np.abs(one - other).max() >= SHARP)


def _enlarged(mask: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.asarray(cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST), bool)
