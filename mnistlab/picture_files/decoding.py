"""From a picture file to an array, within limits of memory and time."""

import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from mnistlab.picture_files.formats import FORMATS, PictureFileError, PictureFormat
from mnistlab.system.files import open_regular
from mnistlab.system.stderr import native_stderr_discarded

MAX_SIDE = 30_000
"""Longest side of a picture that is read, in pixels."""

MAX_READS = 500_000
"""Times that a decoder may read from a file: one of tiny parts takes it many steps of some microseconds."""

BAND = 2_000_000
"""Pixels that are converted at a time: a copy of the whole picture can be larger than the picture."""


class _Metered:
    """A file for a decoder, which may read only so often and so much of it."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._reads_left, self._bytes_left = file, MAX_READS, 3 * size + 1_000_000
        self.seek, self.tell, self.fileno, self.close = file.seek, file.tell, file.fileno, file.close

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._reads_left, self._bytes_left = self._reads_left - 1, self._bytes_left - len(content)
        if self._reads_left < 0 or self._bytes_left < 0:
            raise PictureFileError("it is in too many parts for a picture")
        return content


def decode_picture(path: Path, side: int) -> np.ndarray:
    """Decode a picture, and reduce it if it is much larger than is needed.

    Whatever a decoder raises is an error of the file. A pipe or a device is never waited for.

    Parameters
    ----------
    path : Path
    side : int
        Pixels of the longest side that are enough.

    Returns
    -------
    uint8 array of shape (H, W, 4)
        Red, green, blue and opacity, upright. The longest side is less than twice `side`, or as in the file.

    Raises
    ------
    PictureFileError
        If the file cannot be read, is not a picture, or is larger than `FORMATS` allows.
    """
    try:
        with open_regular(path) as file, native_stderr_discarded(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as libtiff's messages: about parts that nobody needs, or before an error
            return _decoded(file, side)
    except PictureFileError:
        raise
    except Exception as error:  # decoders raise almost anything for a damaged file
        raise PictureFileError(f"cannot be read: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    if not isinstance(error, OSError | SyntaxError | ValueError):  # the decoder did not expect it
        return "not enough memory" if isinstance(error, MemoryError) else "the file is damaged"
    return " ".join(str(getattr(error, "strerror", None) or error).split())[:200]


def _decoded(file: BinaryIO, side: int) -> np.ndarray:
    start, size = file.read(16), file.seek(0, 2)
    form = next((one for one in FORMATS if one.start.match(start)), None)
    if form is None:
        raise PictureFileError("not a picture that can be read: give a PNG or JPEG file")
    if size > 1_000_000 * form.megabytes:
        raise PictureFileError(f"too large: {size / 1e6:,.0f} MB, a {form.name} file may have {form.megabytes} MB")
    if form.name == "HEIF":
        _enable_heif()
    file.seek(0)
    form.check(file)
    file.seek(0)
    with _opened(file, size, form) as image:
        longest = max(image.size)
        if image.width * image.height > 1_000_000 * form.megapixels or longest > MAX_SIDE:
            raise PictureFileError(f"too large: {image.width:,} x {image.height:,} pixels, {_allowed(form)}")
        image.draft(None, (max(1, side * image.width // longest), max(1, side * image.height // longest)))
        image.load()
        return _upright(_reduced(image, side), image.getexif().get(ExifTags.Base.Orientation))


def _opened(file: BinaryIO, size: int, form: PictureFormat) -> Image.Image:
    metered: Any = _Metered(file, size)
    try:
        return Image.open(metered, formats=[form.name])
    except Image.DecompressionBombError:
        raise PictureFileError(f"too large: {_allowed(form)}") from None
    except UnidentifiedImageError:  # the message would show the file as an object
        raise PictureFileError(f"cannot be read: a damaged {form.name} file") from None


def _allowed(form: PictureFormat) -> str:
    return f"a {form.name} file may have {form.megapixels:,} megapixels, and {MAX_SIDE:,} pixels on a side"


def _enable_heif() -> None:
    if find_spec("pillow_heif") is None:
        raise PictureFileError("a HEIC picture: install pillow-heif to read it, or save it as JPEG")
    import pillow_heif

    pillow_heif.register_heif_opener()


def _reduced(image: Image.Image, side: int) -> np.ndarray:
    """The picture in RGBA; blocks of pixels become one if its longest side has twice those that are enough."""
    return np.concatenate([np.asarray(band) for band in _bands(image, max(1, max(image.size) // side))])


def _bands(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    """The reduced picture in RGBA, some rows at a time."""
    rows = factor * max(1, BAND // (image.width * factor))
    is_deep = image.mode.startswith(("I", "F"))  # 16 bits and more: Pillow would clip, not scale
    extremes: Any = image.getextrema() if is_deep else (0, 255)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield (_eight_bits(band, *extremes) if is_deep else band).convert("RGBA").reduce(factor)


def _eight_bits(band: Image.Image, darkest: float, brightest: float) -> Image.Image:
    if not (isfinite(darkest) and isfinite(brightest)):
        raise PictureFileError("cannot be read: its pixels are not numbers")
    values = np.nan_to_num(np.asarray(band, float), nan=darkest)
    return Image.fromarray(np.round(255 * (values - darkest) / max(brightest - darkest, 1e-9)).astype(np.uint8))


def _upright(picture: np.ndarray, orientation: object) -> np.ndarray:
    """The picture as its EXIF orientation says: 2 to 8 are mirrored, rotated or both."""
    if orientation not in range(2, 9):
        return picture
    if orientation in (5, 6, 7, 8):
        picture = picture.transpose(1, 0, 2)
    rows, columns = (-1 if orientation in flipped else 1 for flipped in ((3, 4, 7, 8), (2, 3, 6, 7)))
    return np.ascontiguousarray(picture[::rows, ::columns])
