"""A picture of any form at the size and in the colours in which ink is looked for."""

import numpy as np
from PIL import Image

from mnistlab.picture_files.decoding import BAND
from mnistlab.picture_files.sources import MAX_PIXELS, NO_PIXELS

MAX_SIDE = 560
"""Longest side, in pixels, that a larger picture is reduced to: enough for a digit, and noise averages out."""


def prepared(picture: np.ndarray) -> np.ndarray:
    """Return a picture without opacity, with at most 560 pixels on its longest side.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)

    Returns
    -------
    uint8 array of shape (h, w, 1) or (h, w, 3)
        One channel if all are the same.

    Raises
    ------
    ValueError
        If the array has another type or shape, or too many pixels, or none.
    """
    opaque = _opaque(_reduced(_checked(picture)))
    is_grey = opaque.ndim == 2 or bool((opaque == opaque[..., :1]).all())
    return np.ascontiguousarray(opaque.reshape(*opaque.shape[:2], -1)[..., : 1 if is_grey else 3])


def grey(colours: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Return a picture along the first principal component of the colours in a part of it.

    Parameters
    ----------
    colours : uint8 array of shape (H, W, 1) or (H, W, 3)
    where : bool array of shape (H, W)

    Returns
    -------
    uint8 array of shape (H, W)
        Lighter where the colours are lighter. One channel stays as it is.
    """
    if colours.shape[2] == 1:
        return colours[..., 0]
    some = colours[where][::4].astype(np.float32)
    axis = np.linalg.eigh(np.cov(some, rowvar=False))[1][:, -1] if len(some) > 1 else np.ones(3)
    axis = axis / np.abs(axis).sum() * (-1 if axis.sum() < 0 else 1)
    component = colours @ axis.astype(np.float32)
    return np.asarray(np.clip(component - min(0.0, float(component.min())), 0, 255), np.uint8)


def _checked(picture: np.ndarray) -> np.ndarray:
    if not isinstance(picture, np.ndarray):
        raise ValueError(f"expected an array of uint8, got {type(picture).__name__}")
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,), (4,)):
        raise ValueError(f"expected uint8 (H, W), (H, W, 3) or (H, W, 4), got {picture.dtype} {picture.shape}")
    if 0 in picture.shape:
        raise ValueError(NO_PIXELS)
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
