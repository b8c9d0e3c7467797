"""How much each pixel of a sheet differs from its ground."""

import cv2
import numpy as np

from mnistlab.pictures.colours import grey
from mnistlab.pictures.ground.closing import STRIDE, inks_on_local_ground
from mnistlab.pictures.ground.ink import DARKEST, Ink
from mnistlab.pictures.ground.sheets import Sheet
from mnistlab.pictures.ground.surface import fitted_surface

BLURRED = 4.0
"""Standard deviation of the noise, in grey levels, from which on it is averaged more."""

NEAR = 8
"""Grey levels that noise differs from the ground by."""


def inks_on(colours: np.ndarray, sheet: Sheet, is_light: bool | None = None) -> list[Ink]:
    """Find the ink on a sheet.

    A morphological closing with a stroke's width fills dark strokes and leaves edges of light, however hard, where
    they are: it is the ground.

    Parameters
    ----------
    colours : uint8 array of shape (H, W, C)
    sheet : Sheet
    is_light : bool, optional
        Whether ink is lighter than the ground; found out if it is not given. If it is, the ground is a local one.

    Returns
    -------
    list of Ink
        One, or two if there may be thick strokes beside thin ones.

    References
    ----------
    J. Serra: Image Analysis and Mathematical Morphology, 1982 (top-hat transform).
    """
    inside = _eroded(sheet.inside)
    levels = grey(colours, inside)
    exact = _exact_ground(levels, inside) if is_light is None else None
    if exact is not None:
        return [_on_exact_ground(levels, exact, inside)]
    noise = _noise(levels, inside)
    if noise > 1:
        levels = np.asarray(cv2.GaussianBlur(levels, (0, 0), 0.7 if noise < BLURRED else 1.5))
    around = _around(levels, sheet.ground & inside)
    if is_light is None:
        difference, limit = (levels - around)[inside], 3 * noise + 4
        lighter, darker = (np.square(part[part > limit]).sum() for part in (difference, -difference))
        is_light = bool(lighter > darker)
    dark_on_light = np.where(inside, levels, np.clip(around, 0, 255).astype(np.uint8))
    return inks_on_local_ground(255 - dark_on_light if is_light else dark_on_light, inside, is_light)


def thick_ink(colours: np.ndarray) -> Ink:
    """Find ink whose strokes are as wide as the gaps between them: the ground is a surface that changes slowly."""
    inside = np.ones(colours.shape[:2], bool)
    levels = grey(colours, inside).astype(np.float32)
    surface, noise = fitted_surface(levels)
    difference = levels - surface
    lighter, darker = (np.maximum(part - 3 * noise, 0).sum() for part in (difference, -difference))
    is_light = bool(lighter > darker)
    ground = np.clip(255 - surface if is_light else surface, 0, 255)
    strength = np.clip((np.abs(difference) - noise) / (ground + DARKEST), 0, 1)
    strength[(difference > 0) != is_light] = 0
    return Ink(strength, noise / max(30.0, float(np.median(ground))), False, is_light, ground.astype(np.uint8), inside)


def _eroded(inside: np.ndarray) -> np.ndarray:
    """A sheet without its edge, where that is not the picture's: it is not sharp."""
    if inside.all():
        return inside
    times = max(2, round(max(inside.shape) / 100))
    kernel, mask = np.ones((3, 3), np.uint8), inside.astype(np.uint8)
    eroded = cv2.erode(mask, kernel, iterations=times, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    return np.asarray(eroded, bool) if eroded.any() else inside


def _exact_ground(levels: np.ndarray, inside: np.ndarray) -> int | None:
    """The one grey level of the ground, if it has one, on a screen: that of most of its edge, or of most of it."""
    kernel = np.ones((3, 3), np.uint8)
    core = cv2.erode(inside.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0).astype(bool)
    values, edge = levels[inside], levels[inside & ~core]
    if not values.size:
        return None
    counts = np.bincount(values, minlength=256)
    edge_level, level = int(np.median(edge)), int(counts.argmax())
    if np.mean(edge == edge_level) > 0.5 and counts[edge_level] > 0.15 * values.size:
        return edge_level if _is_exact(counts, edge_level) else None
    return level if counts[level] > 0.5 * values.size and _is_exact(counts, level) else None


def _is_exact(counts: np.ndarray, level: int) -> bool:
    """Whether few pixels are nearly as light as the ground: on paper, many are."""
    near = counts[max(0, level - NEAR) : level + NEAR + 1].sum() - counts[level]
    return bool(near <= 0.15 * counts.sum())


def _on_exact_ground(levels: np.ndarray, ground: int, inside: np.ndarray) -> Ink:
    difference = np.where(inside, levels.astype(np.float32) - ground, 0)
    is_light = bool(np.maximum(difference, 0).sum() > np.maximum(-difference, 0).sum())
    ground = 255 - ground if is_light else ground
    strength = np.maximum(difference if is_light else -difference, 0) / np.float32(ground + DARKEST)
    return Ink(strength, 0.0, True, is_light, np.full(levels.shape, ground, np.uint8), inside)


def _noise(levels: np.ndarray, inside: np.ndarray) -> float:
    """The standard deviation of the noise, from second differences, which ink seldom has (Immerkær 1996)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    residuals = np.abs(cv2.filter2D(levels.astype(np.float32), -1, kernel))[inside][::STRIDE]
    return 1.4826 * float(np.median(residuals)) / 6 if residuals.size else 0.0


def _around(levels: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """The mean level of the ground around each pixel, float32 (H, W)."""
    deviation = 0.08 * max(levels.shape)
    scale = 1 / max(1, int(deviation / 8))
    parts = []
    size = [max(1, round(scale * side)) for side in levels.shape[::-1]]
    for part in (levels * ground.astype(np.float32), ground.astype(np.float32)):
        small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        parts.append(np.asarray(cv2.GaussianBlur(small, (0, 0), deviation * scale)))
    means = (parts[0] / np.maximum(parts[1], 1e-3)).astype(np.float32)
    return np.asarray(cv2.resize(means, levels.shape[::-1], interpolation=cv2.INTER_LINEAR))
