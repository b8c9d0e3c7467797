"""Pictures of any kind, and the ink in them: light on a ground of 0, whatever it was before."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from scipy import ndimage

MAX_SIDE = 560
"""Longest side, in pixels, that a picture is shrunk to: a digit keeps enough, noise averages out."""

NOISE = 3.0
"""What differs from its ground by less than this many standard deviations of the ground is ground."""

FAINTEST = 12.0
"""Grey levels (of 255) by which ink must differ from its ground."""

SPECK = 0.02
"""Patches with less than this share of all the ink are dirt."""


def read_picture(path: Path | str) -> np.ndarray:
    """Read a PNG, JPEG or any other file that Pillow knows, turned as the camera was held.

    Returns
    -------
    uint8 array of shape (H, W, 4)
        Red, green, blue, opacity.

    Raises
    ------
    ValueError
        If the file cannot be read or is no picture.
    """
    try:
        with Image.open(path) as file:
            upright = ImageOps.exif_transpose(file)
            if upright.mode.startswith(("I", "F")):  # 16 bits and more: Pillow would cut off, not scale
                upright = _eight_bits(upright)
            return np.asarray(upright.convert("RGBA"))
    except UnidentifiedImageError:
        raise ValueError("no picture that could be read: give a PNG or JPEG file") from None
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:  # SyntaxError: Pillow's word for a broken PNG
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"cannot be read: {reason}") from error


def find_ink(picture: np.ndarray) -> np.ndarray:
    """Tell the ink in a picture from its ground.

    The ground may be dark or light, transparent, unevenly lit or noisy; ink is what differs from it
    most, in brightness or in colour. Specks that are small beside the digit are left out.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA.

    Returns
    -------
    uint8 array of shape (h, w)
        Light ink (255 at its strongest) on a ground of exactly 0. As large as the picture, or
        shrunk to 560 pixels on its longest side.

    Raises
    ------
    ValueError
        If the array is no picture, or blank.
    """
    grey = _shrunk(_grey(_opaque(_checked(picture))))
    ground, noise = _ground(grey)
    relief = grey - ground
    above, below = (np.maximum(side - NOISE * noise, 0) for side in (relief, -relief))
    ink = _without_specks(above if above.sum() > below.sum() else below)
    # The strongest ink lies this far up in what noise makes of it.
    full = np.percentile(ink[ink > ink.max() / 2], 95) - 1.645 * noise if ink.any() else 0.0
    if full < max(FAINTEST, NOISE * noise):
        raise ValueError("the picture is blank: there is no digit in it")
    return np.round(np.minimum(ink / full, 1) * 255).astype(np.uint8)


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image, float)
    return Image.fromarray(np.round(255 * (values - values.min()) / max(np.ptp(values), 1e-9)).astype(np.uint8))


def _checked(picture: np.ndarray) -> np.ndarray:
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,), (4,)):
        raise ValueError(f"expected uint8 (H, W), (H, W, 3) or (H, W, 4), got {picture.dtype} {picture.shape}")
    if 0 in picture.shape:
        raise ValueError("the picture is blank: it has no pixels")
    return picture


def _opaque(picture: np.ndarray) -> np.ndarray:
    """Lay a transparent picture on a ground that its ink stands out from."""
    if picture.shape[2:] != (4,):
        return picture
    colour, opacity = picture[..., :3].astype(np.float32), picture[..., 3:] / np.float32(255)
    if opacity.min() == 1:
        return picture[..., :3]
    visible = colour[opacity[..., 0] > 0.5]
    beneath = np.full(3, 0 if len(visible) and visible.mean() > 127 else 255, np.float32)
    if 2 * len(visible) > opacity.size:  # a card on nothing: what is around it is more of its ground
        beneath = np.median(visible, axis=0)
    return np.asarray(np.round(colour * opacity + beneath * (1 - opacity)), np.uint8)


def _grey(picture: np.ndarray) -> np.ndarray:
    """The one axis of colour along which a picture differs most from itself; plain grey stays as it is."""
    if picture.ndim == 2:
        return picture
    if (picture == picture[..., :1]).all():
        return picture[..., 0]
    colours = picture.reshape(-1, 3).astype(np.float32)
    axis = np.linalg.eigh(np.cov(colours, rowvar=False))[1][:, -1]
    along = picture @ (axis / np.abs(axis).sum()).astype(np.float32)
    return np.asarray(np.clip(along - along.min(), 0, 255), np.uint8)


def _shrunk(grey: np.ndarray) -> np.ndarray:
    image = Image.fromarray(grey)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(image, np.float32)


def _ground(grey: np.ndarray) -> tuple[np.ndarray | float, float]:
    """What would be seen without the digit, and the standard deviation of the noise on it.

    One value without noise if the margin is even, else a surface bent as light falls.
    """
    margin = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    middle = float(np.median(margin))
    if np.mean(margin == middle) > 0.5:
        return middle, 0.0
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in grey.shape)
    x, y = np.meshgrid(x, y)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    some = tuple(slice(None, None, 1 + side // 64) for side in grey.shape)
    values, at = grey[some].ravel(), terms[some].reshape(-1, 6)
    off = np.abs(values - middle)
    for _ in range(8):  # leave out what stands off, fit the rest, again
        kept = off <= max(2.5 * 1.4826 * float(np.median(off)), 1.0)
        surface = np.linalg.lstsq(at[kept], values[kept], rcond=None)[0]
        off = np.abs(values - at @ surface)
    return np.asarray(terms @ surface), float(np.sqrt(np.mean(off[kept] ** 2)))


def _without_specks(ink: np.ndarray) -> np.ndarray:
    patches, count = ndimage.label(ink, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    weights = np.bincount(patches.ravel(), weights=ink.ravel())
    dirt = weights < SPECK * weights.sum()
    return np.where(dirt[patches], 0, ink)
