"""Pictures of digits: read from a file, and separated into ink and background."""

from pathlib import Path

import numpy as np
from PIL import Image

from mnistlab.picture_files.decoding import BAND, decode_picture

MAX_SIDE = 560
"""Longest side, in pixels, that a larger picture is reduced to: enough for a digit, and noise averages out."""

MAX_PIXELS = 50_000_000
"""Pixels of the largest picture that is read."""

NOISE_LIMIT = 3.0
"""A pixel that differs from the background by less than this many standard deviations of its noise is background."""

MIN_CONTRAST = 12.0
"""Difference between ink and background, in grey levels of 255, below which a picture counts as blank."""

MIN_INK_SHARE = 0.02
"""Connected patches with less than this share of all ink are dirt and left out."""


def read_picture(path: Path | str) -> np.ndarray:
    """Read a picture from a file.

    Parameters
    ----------
    path : Path or str
        A PNG, JPEG, WebP, GIF (its first frame), BMP or TIFF file; HEIC, SVG, or PDF of one page too, if the extra
        ``heic``, ``svg`` or ``pdf`` is installed. A photo is rotated upright as its EXIF data say; 16 bits per pixel
        are scaled to 8; an SVG and a page are drawn with 1,120 pixels on the longest side.

    Returns
    -------
    uint8 array of shape (H, W, 4)
        Red, green, blue and opacity, 0 to 255. A picture with more than 2,240 pixels on its longest side is reduced.

    Raises
    ------
    ValueError
        If the file cannot be read, is not a picture, or is larger than `mnistlab.picture_files.formats.FORMATS` says.
    """
    return decode_picture(Path(path))


def find_ink(picture: np.ndarray, min_ink_share: float = MIN_INK_SHARE) -> np.ndarray:
    """Separate the ink in a picture from its background.

    Ink is what differs most from the background, in brightness or in colour. Specks that are small
    beside the digit are left out.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA, 0 to 255, of any size. The ink may be dark on a light background or light on a
        dark one; the background may be transparent, unevenly lit or noisy.
    min_ink_share : float
        Connected patches with less than this share of all ink, 0 to 1, are left out.

    Returns
    -------
    uint8 array of shape (h, w)
        Light ink (255 at its strongest) on a background of exactly 0. As large as the picture, or
        reduced to 560 pixels on its longest side.

    Raises
    ------
    ValueError
        If the array has another type or shape, or if the picture is blank: nothing in it differs
        enough from the background.
    """
    grey = np.asarray(_grey(_opaque(_reduced(_checked(picture)))), np.float32)
    background, noise = _background(grey)
    difference = grey - background
    box = _box(difference) if noise == 0 else np.s_[:, :]  # without noise, nothing outside the box matters
    lighter, darker = (np.maximum(part[box] - NOISE_LIMIT * noise, 0) for part in (difference, -difference))
    ink = _without_specks(lighter if lighter.sum() > darker.sum() else darker, min_ink_share)
    # Noise lifts the strongest values: the 95th percentile of full ink lies 1.645 standard deviations above its mean.
    full = np.percentile(ink[ink > ink.max() / 2], 95) - 1.645 * noise if ink.any() else 0.0
    if full < max(MIN_CONTRAST, NOISE_LIMIT * noise):
        raise ValueError("the picture is blank: there is no digit in it")
    result = np.zeros(grey.shape, np.uint8)
    result[box] = np.round(np.minimum(ink / full, 1) * 255)
    return result


def _box(difference: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns of the smallest box around all that is not 0; all of them if nothing is."""
    present = difference != 0
    rows, columns = (np.flatnonzero(present.any(axis=axis)) for axis in (1, 0))
    return np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else np.s_[:, :]


def _checked(picture: np.ndarray) -> np.ndarray:
    if not isinstance(picture, np.ndarray):
        raise ValueError(f"expected an array of uint8, got {type(picture).__name__}")
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,), (4,)):
        raise ValueError(f"expected uint8 (H, W), (H, W, 3) or (H, W, 4), got {picture.dtype} {picture.shape}")
    if 0 in picture.shape:
        raise ValueError("the picture is blank: it has no pixels")
    if picture.shape[0] * picture.shape[1] > MAX_PIXELS:
        raise ValueError(f"the picture is too large: {picture.shape[:2]}, at most {MAX_PIXELS:,} pixels are read")
    return picture


def _opaque(picture: np.ndarray) -> np.ndarray:
    """Put a transparent picture on a background that its ink stands out from."""
    if picture.shape[2:] != (4,):
        return picture
    colour, opacity = picture[..., :3].astype(np.float32), picture[..., 3:] / np.float32(255)
    if opacity.min() == 1:
        return picture[..., :3]
    visible = colour[opacity[..., 0] > 0.5]
    background = np.full(3, 0 if len(visible) and visible.mean() > 127 else 255, np.float32)
    if 2 * len(visible) > opacity.size:  # mostly opaque, as a card with transparent edges: extend its background
        background = np.median(visible, axis=0)
    return np.asarray(np.round(colour * opacity + background * (1 - opacity)), np.uint8)


def _grey(picture: np.ndarray) -> np.ndarray:
    """The picture along its first principal component of colour; grey stays as it is."""
    if picture.ndim == 2:
        return picture
    if (picture == picture[..., :1]).all():
        return picture[..., 0]
    colours = picture.reshape(-1, 3).astype(np.float32)
    axis = np.linalg.eigh(np.cov(colours, rowvar=False))[1][:, -1]
    component = picture @ (axis / np.abs(axis).sum()).astype(np.float32)
    return np.asarray(np.clip(component - component.min(), 0, 255), np.uint8)


def _reduced(picture: np.ndarray) -> np.ndarray:
    """The picture with at most 560 pixels on its longest side; a large one is first reduced some rows at a time."""
    factor = max(picture.shape[:2]) // (2 * MAX_SIDE)
    if factor > 1:  # in one piece, the copies would take more memory than the picture
        rows = factor * max(1, BAND // (picture.shape[1] * factor))
        bands = [Image.fromarray(picture[top : top + rows]).reduce(factor) for top in range(0, len(picture), rows)]
        picture = np.concatenate([np.asarray(band) for band in bands])
    if max(picture.shape[:2]) <= MAX_SIDE:
        return picture
    image = Image.fromarray(picture)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(image)


def _background(grey: np.ndarray) -> tuple[np.ndarray | float, float]:
    """The background's grey level at each pixel, and the standard deviation of its noise.

    One value without noise if most of the border has the same grey level; else a quadratic surface, for uneven light.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    median = float(np.median(border))
    if np.mean(border == median) > 0.5:
        return median, 0.0
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in grey.shape)
    x, y = np.meshgrid(x, y)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    subset = tuple(slice(None, None, 1 + side // 64) for side in grey.shape)
    values, subset_terms = grey[subset].ravel(), terms[subset].reshape(-1, 6)
    residuals = np.abs(values - median)
    for _ in range(8):  # leave out the outliers, fit the rest, repeat
        inliers = residuals <= max(2.5 * 1.4826 * float(np.median(residuals)), 1.0)
        coefficients = np.linalg.lstsq(subset_terms[inliers], values[inliers], rcond=None)[0]
        residuals = np.abs(values - subset_terms @ coefficients)
    return np.asarray(terms @ coefficients), float(np.sqrt(np.mean(residuals[inliers] ** 2)))


def _without_specks(ink: np.ndarray, min_ink_share: float) -> np.ndarray:
    from scipy import ndimage  # late: it takes longer to import than all else here

    patches, count = ndimage.label(ink, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    ink_in_patch = np.bincount(patches.ravel(), weights=ink.ravel())
    is_speck = ink_in_patch < min_ink_share * ink_in_patch.sum()
    return np.where(is_speck[patches], 0, ink)
