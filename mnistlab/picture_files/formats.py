"""The formats of picture files that are read, their limits, and what is looked at before a decoder opens a file."""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

MAX_SCANS = 32
"""Passes over the picture in a progressive JPEG file: each takes as long as a whole picture."""

MAX_MARKERS = 10_000
"""Segments of a JPEG file."""

MAX_HEADER = 16_000_000
"""Bytes before the picture in a JPEG file: Pillow joins the parts of its EXIF data one by one."""

MAX_VALUES = 100_000
"""Numbers in one tag of a TIFF file: Pillow makes a list of them."""

MAX_STRIP = 8_000_000
"""Pixels of one part of a compressed TIFF file: they are decoded as a whole."""


class PictureFileError(ValueError):
    """A picture file is not read; the message says why."""


def reason(error: Exception) -> str:
    """Return what a decoder's error says about the file, in one line."""
    if not isinstance(error, OSError | SyntaxError | ValueError):  # the decoder did not expect it
        return "not enough memory" if isinstance(error, MemoryError) else "the file is damaged"
    return " ".join(str(getattr(error, "strerror", None) or error).split())[:200]


def no_check(file: BinaryIO) -> None:
    """Accept any file."""


def check_jpeg(file: BinaryIO) -> None:
    """Raise PictureFileError if a JPEG file has too many passes over the picture: a small one can have thousands."""
    content, position, scans = file.read(), 2, 0
    marker = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]", re.DOTALL)
    for _ in range(MAX_MARKERS):
        found = marker.search(content, position)
        if found is None or found[0] == b"\xff\xd9":  # the end of the picture; a film may follow
            return
        scans += found[0] == b"\xff\xda"
        if scans > MAX_SCANS or (not scans and found.start() > MAX_HEADER):
            break
        position = found.end() + int.from_bytes(content[found.end() : found.end() + 2])
    raise PictureFileError("its JPEG data are in too many parts: save it as PNG")


def check_tiff(file: BinaryIO) -> None:
    """Raise PictureFileError if the first picture of a TIFF file has too long lists in its tags, or too large parts."""
    order = ">" if file.read(4) == b"MM\0*" else "<"
    file.seek(*struct.unpack(f"{order}I", file.read(4)))
    (count,) = struct.unpack(f"{order}H", file.read(2))
    tags, values = file.read(12 * count), {}
    for tag, kind, length, value in struct.iter_unpack(f"{order}HHI4s", tags[: len(tags) // 12 * 12]):
        if kind not in (1, 2, 6, 7) and length > MAX_VALUES:  # bytes and text are not made into lists
            raise PictureFileError("its TIFF data are in too many parts: save it as PNG")
        values[tag] = struct.unpack(f"{order}H2x" if kind == 3 else f"{order}I", value)[0]
    width, height, is_compressed = values.get(256, 0), values.get(257, 0), values.get(259, 1) != 1
    strip, tile = width * min(height, values.get(278, height)), values.get(322, 0) * values.get(323, 0)
    if is_compressed and max(strip, tile) > MAX_STRIP:
        raise PictureFileError(f"it is compressed in parts of more than {MAX_STRIP:,} pixels: save it as PNG")


@dataclass(frozen=True)
class PictureFormat:
    """A format of pixels that is read. Its limits keep the memory of the whole process below 500 MB."""

    name: str  # as Pillow has it
    start: re.Pattern[bytes]  # the first bytes of a file
    megapixels: int
    megabytes: int  # of the file
    check: Callable[[BinaryIO], None] = no_check  # before a decoder opens it; the file is at its start
    endings: tuple[str, ...] = ()  # of the names of its files
    extra: str = ""  # the optional part of mnistlab that decodes it
    package: str = ""  # what this extra installs


@dataclass(frozen=True)
class PageFormat:
    """A format of lines and shapes: a page is drawn at the size that is needed, by another process."""

    name: str
    start: re.Pattern[bytes]  # the first bytes of a file
    megabytes: int  # of the file
    endings: tuple[str, ...]  # of the names of its files
    extra: str  # the optional part of mnistlab that draws it
    package: str  # what this extra installs


FORMATS = (
    PictureFormat("JPEG", re.compile(rb"\xff\xd8\xff"), 50, 60, check_jpeg, (".jpg", ".jpeg", ".jpe", ".jfif")),
    PictureFormat("PNG", re.compile(rb"\x89PNG\r\n\x1a\n"), 50, 150, endings=(".png",)),
    PictureFormat("GIF", re.compile(rb"GIF8[79]a"), 50, 60, endings=(".gif",)),
    PictureFormat("BMP", re.compile(rb"BM"), 50, 150, endings=(".bmp", ".dib")),
    # Pillow turns it upright as a whole: it is in memory twice.
    PictureFormat("TIFF", re.compile(rb"II\*\0|MM\0\*"), 40, 150, check_tiff, (".tif", ".tiff")),
    # Its decoder needs memory for five pictures.
    PictureFormat("WEBP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL), 16, 30, endings=(".webp",)),
    PictureFormat(
        "HEIF",
        re.compile(rb".{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL),
        50,
        30,
        endings=(".heic", ".heif", ".hif"),
        extra="heic",
        package="pillow_heif",
    ),
)

SVG_START = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml\s|!--|!DOCTYPE svg|([\w-]+:)?svg)")

PAGE_FORMATS = (
    PageFormat("PDF", re.compile(rb"%PDF-"), 50, (".pdf",), "pdf", "pypdfium2"),
    PageFormat("SVG", SVG_START, 10, (".svg", ".svgz"), "svg", "resvg_py"),
)

GZIP = b"\x1f\x8b"
"""The first bytes of a compressed file, as .svgz is."""
