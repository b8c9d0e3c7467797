"""Circles and ellipses that touch what is written in them."""

import cv2
import numpy as np

from mnistlab.pictures.ground.ink import Ink

ROUND = 0.55
"""Shorter axis of a ring, at least, as a share of the longer one."""

ANGLES = 120
"""Directions from the centre in which the ring is looked for."""

RADII = np.arange(0, 1.25, 0.01)
"""Distances from the centre; 1 is on the ellipse."""

NEAR = 0.1
"""The outermost ink is no further from the ellipse."""

CLOSED = 0.75
"""Share of the directions in which it must be seen."""

THIN = 0.2
"""Width of a ring, at most."""

SPARE = 1.4
"""So many times its usual width is taken away: it is drawn by hand."""

LEFT = 0.1
"""Share of the ink that must be left without its ring."""


def ring_around(ink: Ink, shape: np.ndarray) -> np.ndarray | None:
    """Find the ring at the outside of a digit that touches it.

    A zero may have one, too, if a line crosses it: look for it only where the whole is no digit.

    Parameters
    ----------
    ink : Ink
    shape : bool array of shape (H, W)
        Where the digit's ink is certain.

    Returns
    -------
    bool array of shape (H, W) or None
        None if the ink at the outside is not nearly an ellipse, or if there is nothing else.

    References
    ----------
    A. Fitzgibbon, M. Pilu, R. Fisher: Direct least square fitting of ellipses, PAMI 21 (1999).
    """
    outline = cv2.convexHull(cv2.findNonZero(shape.astype(np.uint8)))
    if len(outline) < 5:
        return None
    centre, axes, degrees = cv2.fitEllipseDirect(outline)
    if min(axes) < max(10.0, ROUND * max(axes)):
        return None
    turn = np.radians(degrees)
    half_axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * np.array(axes) / 2
    widths = _widths(shape, np.array(centre), half_axes)
    if np.mean(widths > 0) < CLOSED or (width := SPARE * float(np.median(widths[widths > 0]))) > SPARE * THIN:
        return None
    rows, columns = np.nonzero(ink.strength > 0)
    across, down = np.linalg.solve(half_axes, np.stack([columns, rows]) - np.array(centre)[:, np.newaxis])
    radius = np.hypot(across, down)
    is_ring = (radius > 1 - NEAR / 2 - width) & (radius < 1 + NEAR)
    ring = np.zeros(shape.shape, bool)
    ring[rows[is_ring], columns[is_ring]] = True
    return ring if (shape & ~ring).sum() > LEFT * shape.sum() else None


def _widths(shape: np.ndarray, centre: np.ndarray, half_axes: np.ndarray) -> np.ndarray:
    """The width of the ink at the ellipse in each direction, as a share of its radius; 0 where there is none."""
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    on_circle = np.stack([np.outer(np.cos(angles), RADII), np.outer(np.sin(angles), RADII)])
    places = np.einsum("ij,j...->i...", half_axes, on_circle) + centre[:, np.newaxis, np.newaxis]
    columns, rows = (
        np.clip(np.round(each).astype(int), 0, side - 1) for each, side in zip(places, shape.shape[::-1], strict=True)
    )
    seen = shape[rows, columns]
    outermost = len(RADII) - 1 - seen[:, ::-1].argmax(axis=1)
    is_near = seen.any(axis=1) & (np.abs(RADII[outermost] - 1) <= NEAR)
    beyond = np.where(np.arange(len(RADII)) < outermost[:, np.newaxis], ~seen, False)
    innermost = len(RADII) - 1 - beyond[:, ::-1].argmax(axis=1)
    return np.where(is_near, RADII[outermost] - RADII[np.minimum(innermost, outermost)], 0)
