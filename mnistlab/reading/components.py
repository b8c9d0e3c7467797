"""The ink in a picture as pieces of a number: connected components, cut where digits may touch."""

from dataclasses import dataclass
from math import inf

import numpy as np
from PIL import Image

from mnistlab.pictures import find_ink
from mnistlab.reading.cuts import Cut, cut_apart
from mnistlab.reading.ink import Patch, cropped
from mnistlab.reading.pieces import Pieces, digit_height, neighbours

HEIGHT = 120
"""Pixels that higher ink is reduced to: six for each pixel of a digit in its image."""

CONNECTED = 0.25
"""Ink with less than this share of the strongest does not connect: blurred edges of two digits may meet."""

MAX_PARTS = 5
"""Parts of one digit, at most."""

LOG_ODDS, WEIGHTS = 1.1, (-3.0, 1.2, -7.1, -7.3)
"""Of a logistic regression, made as that for strokes: whether parts of different components are the same digit."""

SAME_LOG_ODDS, SAME_WEIGHTS, CROSSING_WEIGHT = 3.5, (4.7, -0.7, -11.5, -5.4), 4.1
"""Of another one, for parts that were cut apart; the last weight is that of the times that a cut enters ink."""


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of a connected component."""

    patch: Patch
    component: int
    position: int  # among the parts of its component
    cuts: list[Cut]  # between the parts of its component


def pieces_of_picture(picture: np.ndarray) -> Pieces:
    """Find the ink in a picture and divide it into parts that belong to one digit each.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)

    Raises
    ------
    ValueError
        As `mnistlab.pictures.find_ink`.
    """
    ink = _reduced(find_ink(picture, several=True))
    parts, height = _parts(ink)
    scale = ink.shape[1] / picture.shape[1]
    return Pieces(tuple(part.patch for part in parts), ((),) * len(parts), _log_odds(parts, height), scale)


def _parts(ink: np.ndarray) -> tuple[list[_Part], float]:
    """All parts from left to right, and the height of a digit."""
    components = _components(ink)
    height = digit_height(np.array([patch.ink.shape[::-1] for patch in components]))
    parts: list[_Part] = []
    for n, component in enumerate(components):
        patches, cuts = cut_apart(component, height)
        parts += [_Part(patch, n, position, cuts) for position, patch in enumerate(patches)]
    return sorted(parts, key=lambda part: part.patch.left + part.patch.right), height


def _reduced(ink: np.ndarray) -> np.ndarray:
    """The ink, no higher than one digit needs."""
    rows = np.flatnonzero(ink.any(axis=1))
    share = HEIGHT / int(rows[-1] - rows[0] + 1)
    if share >= 1:
        return ink
    height, width = (max(1, round(side * share)) for side in ink.shape)
    return np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BOX))


def _components(ink: np.ndarray) -> list[Patch]:
    from scipy import ndimage  # late, as in mnistlab.pictures

    labels, _ = ndimage.label(ink > CONNECTED * ink.max(), structure=np.ones((3, 3)))
    edges = (labels == 0) & (ink > 0)
    labels = np.where(edges, ndimage.grey_dilation(labels, (3, 3)), labels)
    places = ndimage.find_objects(labels)
    return [
        cropped(columns.start, rows.start, np.where(labels[rows, columns] == n, ink[rows, columns], 0))
        for n, (rows, columns) in enumerate(places, start=1)
    ]


def _log_odds(parts: list[_Part], height: float) -> np.ndarray:
    """The log odds that a part and each of the next four belong to the same digit, `(N, 4)`."""
    odds = np.full((len(parts), MAX_PARTS - 1), -inf)
    boxes = np.array([(p.left, p.top, p.right, p.bottom) for p in (part.patch for part in parts)]) / height
    for k in range(min(MAX_PARTS, len(parts)) - 1):
        for n, places in enumerate(neighbours(boxes, k + 1)):
            one, other = parts[n], parts[n + k + 1]
            if one.component == other.component:
                first, last = sorted((one.position, other.position))
                crossings = min(cut.crossings for cut in one.cuts[first:last])
                odds[n, k] = SAME_LOG_ODDS + places @ SAME_WEIGHTS + CROSSING_WEIGHT * crossings
            else:
                odds[n, k] = LOG_ODDS + places @ WEIGHTS
    return odds
