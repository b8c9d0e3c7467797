"""From a picture file to an array, within limits of memory and time."""

import io
import warnings
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from mnistlab.errors import WorkbenchError, require_extra
from mnistlab.picture_files.formats import (
    FORMATS,
    GZIP,
    PAGE_FORMATS,
    PageFormat,
    PictureFileError,
    PictureFormat,
    reason,
)
from mnistlab.picture_files.pages import draw_page
from mnistlab.system.files import open_regular
from mnistlab.system.stderr import native_stderr_discarded

SIDE = 1_120
"""Pixels of a picture's longest side that are enough to find a digit anywhere in it, and a number."""

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


def decode_picture(source: Path | bytes, side: int = SIDE) -> np.ndarray:
    """Decode a picture, and reduce it if it is much larger than is needed.

    Whatever a decoder raises is an error of the file. A pipe or a device is never waited for.

    Parameters
    ----------
    source : Path or bytes
        Where the file is, or what is in it.
    side : int
        Pixels of the longest side that are enough.

    Returns
    -------
    uint8 array of shape (H, W, 4)
        Red, green, blue and opacity, upright. The longest side is less than twice `side`, or as in the file; of a
        page it is `side`.

    Raises
    ------
    PictureFileError
        If the file cannot be read, is not a picture, or is larger than `FORMATS` allows.
    """
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else open_regular(source) as file:
            form = _format_of(file)
            if isinstance(form, PageFormat):
                return decode_picture(draw_page(form, file.read(), side), side)
            with native_stderr_discarded(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # as libtiff's: about parts that nobody needs, or before an error
                return _decoded(file, form, side)
    except PictureFileError:
        raise
    except Exception as error:  # decoders raise almost anything for a damaged file
        raise PictureFileError(f"cannot be read: {reason(error)}") from error


def _format_of(file: BinaryIO) -> PictureFormat | PageFormat:
    """The format of a file that may be decoded; it is at its start again."""
    start, size = file.read(200), file.seek(0, 2)
    file.seek(0)
    form = next((one for one in (*FORMATS, *PAGE_FORMATS) if one.start.match(start)), None)
    if form is None:
        packed = start.startswith(GZIP)
        advice = "unpack it first, it is compressed (.svgz, .gz)" if packed else "give a PNG or JPEG file"
        raise PictureFileError(f"not a picture that can be read: {advice}")
    if size > 1_000_000 * form.megabytes:
        raise PictureFileError(f"too large: {size / 1e6:,.0f} MB, a {form.name} file may have {form.megabytes} MB")
    if form.extra:
        try:
            require_extra(form.extra, form.package)
        except WorkbenchError as error:
            raise PictureFileError(f"a {form.name} file, but {error}, or save it as PNG") from None
    return form


def _decoded(file: BinaryIO, form: PictureFormat, side: int) -> np.ndarray:
    if form.name == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    form.check(file)
    with _opened(file, form) as image:
        longest = max(image.size)
        if image.width * image.height > 1_000_000 * form.megapixels or longest > MAX_SIDE:
            raise PictureFileError(f"too large: {image.width:,} x {image.height:,} pixels, {_allowed(form)}")
        image.draft(None, (max(1, side * image.width // longest), max(1, side * image.height // longest)))
        image.load()
        return upright(image, side)


def _opened(file: BinaryIO, form: PictureFormat) -> Image.Image:
    metered: Any = _Metered(file, file.seek(0, 2))
    file.seek(0)
    try:
        return Image.open(metered, formats=[form.name])
    except Image.DecompressionBombError:
        raise PictureFileError(f"too large: {_allowed(form)}") from None
    except UnidentifiedImageError:  # the message would show the file as an object
        raise PictureFileError(f"cannot be read: a damaged {form.name} file") from None


def _allowed(form: PictureFormat) -> str:
    return f"a {form.name} file may have {form.megapixels:,} megapixels, and {MAX_SIDE:,} pixels on a side"


def upright(image: Image.Image, side: int) -> np.ndarray:
    """Return a picture in RGBA as `decode_picture` does, turned as its EXIF orientation says."""
    return _turned(_reduced(image, side), image.getexif().get(ExifTags.Base.Orientation))


def _reduced(image: Image.Image, side: int) -> np.ndarray:
    """The picture in RGBA; blocks of pixels become one if its longest side has twice those that are enough."""
    return np.concatenate([np.asarray(band) for band in _bands(image, max(1, max(image.size) // side))])


def _bands(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    """The reduced picture in RGBA, some rows at a time."""
    rows = factor * max(1, BAND // (image.width * factor))
    if image.mode in ("I;16B", "I;16L", "I;16N"):  # Pillow does not find the extremes of these
        image = image.convert("I")
    is_deep = image.mode.startswith(("I", "F"))  # 16 bits and more: Pillow would clip, not scale
    extremes: Any = image.getextrema() if is_deep else (0, 255)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        band = _eight_bits(band, *extremes) if is_deep else band
        yield (band.convert("LA") if band.mode == "La" else band).convert("RGBA").reduce(factor)


def _eight_bits(band: Image.Image, darkest: float, brightest: float) -> Image.Image:
    if not (isfinite(darkest) and isfinite(brightest)):
        raise PictureFileError("cannot be read: its pixels are not numbers")
    return Image.fromarray(stretched(np.nan_to_num(np.asarray(band, float), nan=darkest), darkest, brightest))


def stretched(values: np.ndarray, darkest: float, brightest: float) -> np.ndarray:
    """Return numbers of any kind as uint8: 0 for the darkest, 255 for the brightest."""
    return np.round(255 * (values - darkest) / max(brightest - darkest, 1e-9)).astype(np.uint8)


def _turned(picture: np.ndarray, orientation: object) -> np.ndarray:
    """The picture as its EXIF orientation says: 2 to 8 are mirrored, rotated or both."""
    if orientation not in range(2, 9):
        return picture
    if orientation in (5, 6, 7, 8):
        picture = picture.transpose(1, 0, 2)
    rows, columns = (-1 if orientation in flipped else 1 for flipped in ((3, 4, 7, 8), (2, 3, 6, 7)))
    return np.ascontiguousarray(picture[::rows, ::columns])
