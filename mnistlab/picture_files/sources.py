"""Anything that holds a picture, as an array: arrays of other types and shapes, Pillow's images, files, data URLs."""

import binascii
import os
import warnings
from base64 import b64decode
from collections.abc import Callable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np
from PIL import Image

from mnistlab.picture_files.decoding import SIDE, decode_picture, stretched, upright
from mnistlab.picture_files.formats import PictureFileError, reason

PictureSource = np.ndarray | Image.Image | os.PathLike[str] | str | bytes | Sequence[Any]
"""What `as_picture` takes."""

MAX_PIXELS = 50_000_000
"""Pixels of the largest array or image that is read."""

BAND = 4_000_000
"""Numbers that are converted at a time: a copy of a whole array of floats can be larger than the array."""

ROUNDING = 1e-3
"""Floats may be so much outside of 0 to 1: what was computed in half precision is not more exact."""

MAX_CHANNELS = 4
"""Numbers of a pixel, at most: red, green, blue, opacity. A longer last axis holds columns."""

SHOWN = 40
"""Characters of a data URL that are shown."""

NO_PIXELS = "the picture is blank: it has no pixels"


def as_picture(source: PictureSource) -> np.ndarray:
    """Return a picture from anything that holds one.

    Parameters
    ----------
    source : array, PIL.Image.Image, path, bytes, str or sequence
        An array of shape (H, W), (H, W, 1), (H, W, 2) with opacity, (H, W, 3) or (H, W, 4), also with one more axis
        of length 1 before it: uint8 or other integers from 0 to 255; bool; floats from 0 to 1; or uint16, which is
        scaled by its darkest and brightest value, as files with 16 bits are. Integers of only 0 and 1 count as bool.
        Lists of numbers and other packages' arrays that NumPy can read are arrays, too. A Pillow image of any mode.
        A file by its path or by its bytes, as `mnistlab.pictures.read_picture` reads it. A data URL,
        ``data:image/png;base64,...``.

    Returns
    -------
    uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA, 0 to 255.

    Raises
    ------
    ValueError
        If it is anything else; the message says what to do. If a file cannot be read.
    """
    picture = _read(source)
    if picture.shape[:2] == (1, 1):
        raise ValueError("the picture is blank: it is one pixel")
    return picture[..., [0, 0, 0, 1]] if picture.shape[2:] == (2,) else picture


def _read(source: PictureSource) -> np.ndarray:
    if isinstance(source, bytes | bytearray | memoryview):
        return decode_picture(bytes(source))
    if isinstance(source, str) and is_data_url(source):
        return decode_picture(_content(source))
    if isinstance(source, str | os.PathLike):
        return decode_picture(Path(source))
    if isinstance(source, Image.Image):
        return _from_image(source)
    return _in_eight_bits(_one_picture(_as_array(source)))


def is_data_url(text: str) -> bool:
    """Return whether a text is a data URL, RFC 2397."""
    return text[:5].lower() == "data:"


def shown_name(source: str) -> str:
    """Return the name of a file as it is, and of a data URL its first characters."""
    return f"{source[:SHOWN]}…" if is_data_url(source) and len(source) > SHOWN else source


def _content(url: str) -> bytes:
    """The bytes in a data URL."""
    head, comma, data = url.partition(",")
    if not comma:
        raise PictureFileError(f"{shown_name(url)!r} is not a whole data URL: there is no comma in it")
    content = unquote_to_bytes(data)
    if not head.lower().endswith(";base64"):
        return content
    try:
        return b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        raise PictureFileError(f"{shown_name(url)!r} is not a whole data URL: its base64 text is damaged") from None


def _from_image(image: Image.Image) -> np.ndarray:
    if not image.width * image.height:
        raise PictureFileError(NO_PIXELS)
    if image.width * image.height > MAX_PIXELS:
        raise PictureFileError(_too_large((image.height, image.width)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return upright(image, SIDE)
    except PictureFileError:
        raise
    except Exception as error:  # one that was opened from a file is decoded only now
        raise PictureFileError(f"cannot be read: {reason(error)}") from error


def _as_array(source: object) -> np.ndarray:
    if not isinstance(source, np.ndarray | list | tuple) and not hasattr(source, "__array__"):
        name = type(source).__name__
        raise ValueError(f"expected an array, a Pillow image, a path, bytes or a data URL of a picture, got {name}")
    try:
        return np.asarray(source)
    except Exception as error:  # rows of different lengths; another package's array, for reasons of its own
        text = " ".join(str(error).split())[:200]
        raise ValueError(f"{type(source).__name__} cannot be made an array of numbers: {text}") from None


def _one_picture(array: np.ndarray) -> np.ndarray:
    """The array without axes of length 1: `(H, W)` or `(H, W, 2 to 4)`."""
    shape = array.shape
    while array.ndim > 2 and len(array) == 1 and (array.ndim > 3 or array.shape[2] > MAX_CHANNELS):
        array = array[0]
    if array.shape[2:] == (1,):
        array = array[..., 0]
    if array.ndim == 3 and len(array) == 3 and array.shape[2] > MAX_CHANNELS:
        raise ValueError(f"expected the colours last, got {shape}: np.moveaxis(picture, 0, -1) moves them")
    if array.ndim > 3 or array.shape[2:] > (MAX_CHANNELS,):
        raise ValueError(f"expected one picture, got an array of shape {shape}: give one at a time")
    if array.ndim < 2:
        raise ValueError(f"expected a picture of shape (H, W), (H, W, 3) or (H, W, 4), got {shape}")
    if not array.size:
        raise ValueError(NO_PIXELS)
    if array.shape[0] * array.shape[1] > MAX_PIXELS:
        raise ValueError(_too_large(array.shape[:2]))
    return array


def _too_large(shape: tuple[int, ...]) -> str:
    return f"the picture is too large: {shape}, at most {MAX_PIXELS:,} pixels are read"


def _in_eight_bits(array: np.ndarray) -> np.ndarray:
    kind = array.dtype.kind
    if kind not in "biuf":
        raise ValueError(f"expected an array of numbers, got one of {str(array.dtype)[:SHOWN]}")
    lowest, highest = array.min(), array.max()
    if kind == "f":
        _require_shares(float(lowest), float(highest))
        return _converted(array, lambda band: np.rint(np.clip(band, 0, 1) * np.float32(255)))
    if kind == "u" and array.itemsize == 2:
        return _from_sixteen_bits(array)
    if lowest < 0 or highest > 255:
        raise ValueError(f"integers from {lowest} to {highest}: expected 0 to 255, or uint16 for 16 bits")
    if highest == 1:
        return array.astype(np.uint8) * np.uint8(255)
    return array.astype(np.uint8, copy=False)


def _require_shares(lowest: float, highest: float) -> None:
    if not (isfinite(lowest) and isfinite(highest)):
        raise ValueError("some values are NaN or infinite: replace them, for example by np.nan_to_num")
    if lowest < -ROUNDING or highest > 1 + ROUNDING:
        remedy = "divide them by 255" if lowest >= 0 and highest <= 255 else "scale them to that"
        raise ValueError(f"floats from {lowest:.6g} to {highest:.6g}: expected 0 to 1, {remedy}")


def _from_sixteen_bits(array: np.ndarray) -> np.ndarray:
    if array.shape[2:] in ((2,), (4,)):  # opacity has a scale of its own
        return np.dstack([_from_sixteen_bits(array[..., :-1]), (array[..., -1] >> 8).astype(np.uint8)])
    darkest, brightest = int(array.min()), int(array.max())
    return _converted(array, lambda band: stretched(np.asarray(band, np.float32), darkest, brightest))


def _converted(array: np.ndarray, convert: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The array as uint8, converted some rows at a time."""
    result = np.empty(array.shape, np.uint8)
    rows = max(1, BAND // array[0].size)
    for top in range(0, len(array), rows):
        result[top : top + rows] = convert(array[top : top + rows])
    return result
