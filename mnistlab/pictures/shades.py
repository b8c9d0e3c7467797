"""Ink told from shades and corners: on both sides of a stroke there is ground."""

import numpy as np

from mnistlab.pictures.ground.ink import DARKEST, Ink

POINTS = 300
"""Points of the ink that are looked at, about."""

FAR = 1.5
"""Ground is looked for as far as so many times the width of the stroke."""

FARTHEST = 60
"""In pixels, at most."""

ENOUGH = 0.9
"""Share of the ink's strength that it must have against both sides."""

MOST = 0.75
"""Share of the points of which this must hold."""

SOLID = 0.25
"""Width, as a share of its size, from which on something may be the corner of a sheet: it has ground around it."""

OPEN = 0.65
"""Share of the directions in which there must be ground near a stroke so wide."""

_DIRECTIONS = np.array([(0, 1), (1, 0), (1, 1), (1, -1)])


def is_shade(ink: Ink, shape: np.ndarray, width: float) -> bool:
    """Return whether what seems to be ink is the edge of a shadow, or the corner of a sheet.

    Parameters
    ----------
    ink : Ink
    shape : bool array of shape (H, W)
        Where the digit's ink is certain.
    width : float
        That of its widest stroke, in pixels.
    """
    points = np.argwhere(shape)
    points = points[:: max(1, len(points) // POINTS)]
    steps = np.arange(1, min(FARTHEST, max(4, int(FAR * width))) + 1)
    ways = np.stack([_DIRECTIONS, -_DIRECTIONS])[:, :, np.newaxis] * steps[:, np.newaxis]  # (2, 4, steps, 2)
    places = np.clip(points[:, np.newaxis, np.newaxis, np.newaxis] + ways, 0, np.array(shape.shape) - 1)
    rows, columns = places[..., 0], places[..., 1]
    lightest = _levels(ink, rows, columns).max(axis=-1)  # (points, 2, 4): in each direction
    levels, strength = (each[:, np.newaxis, np.newaxis] for each in (_levels(ink, *points.T), ink.strength[*points.T]))
    has_ground = (lightest - levels) / (lightest + DARKEST) >= ENOUGH * strength
    is_solid = width > SOLID * (np.ptp(points, axis=0).max() + 1) and has_ground.mean() < OPEN
    return bool(is_solid or has_ground.all(axis=1).any(axis=1).mean() < MOST)


def _levels(ink: Ink, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The grey levels of some pixels, upside down for light ink."""
    ground = ink.ground[rows, columns].astype(np.float32)
    return np.asarray(ground - ink.strength[rows, columns] * (ground + DARKEST))
