"""Damaged picture files, made at random from good ones, and arrays of any type, shape and content."""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pillow_heif
from page_files import drawn_pdf, drawn_svg
from PIL import Image

from mnistlab.strokes import Drawing

WAYS = {
    "png": {"format": "PNG"},
    "deep.png": {"format": "PNG"},
    "palette.png": {"format": "PNG"},
    "jpg": {"format": "JPEG", "quality": 90},
    "progressive.jpg": {"format": "JPEG", "progressive": True, "subsampling": 0},
    "gif": {"format": "GIF"},
    "bmp": {"format": "BMP"},
    "tif": {"format": "TIFF"},
    "lzw.tif": {"format": "TIFF", "compression": "tiff_lzw"},
    "deflate.tif": {"format": "TIFF", "compression": "tiff_adobe_deflate"},
    "jpeg.tif": {"format": "TIFF", "compression": "jpeg"},
    "webp": {"format": "WEBP"},
    "lossless.webp": {"format": "WEBP", "lossless": True},
    "heic": {"format": "HEIF"},
}
"""How a picture is saved, by the end of its file's name."""

MODES = {"palette.png": "P", "gif": "P"}
"""Modes of pixels other than RGB; that of ``deep.png`` has 16 bits."""

HUGE = (0, 1, 0x7FFF, 0xFFFF, 0x00FFFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
"""Values that replace sizes, counts and offsets."""


def good_pictures(grey: np.ndarray) -> dict[str, bytes]:
    """Return the bytes of a picture's file in every way, by the end of its name."""
    pillow_heif.register_heif_opener()
    return {name: _saved(Image.fromarray(grey), name) for name in WAYS}


def _saved(picture: Image.Image, name: str) -> bytes:
    content, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    deep = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    picture = deep if name == "deep.png" else picture.convert(MODES.get(name, "RGB"))
    extra = {} if name in ("gif", "bmp") else {"exif": exif}
    picture.save(content, **WAYS[name], **extra)
    return content.getvalue()


def good_pages(drawing: Drawing) -> dict[str, bytes]:
    """Return the bytes of a drawing's file in every format of pages."""
    return {"svg": drawn_svg(drawing), "pdf": drawn_pdf(drawing)}


def damaged(good: Mapping[str, bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of damaged files, made of each good one in turn."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        name = list(good)[number % len(good)]
        damage = DAMAGES[rng.integers(len(DAMAGES))]
        yield f"{number}.{name}", damage(bytearray(good[name]), rng)


def _flip_bits(content: bytearray, rng: np.random.Generator) -> bytes:
    for place in rng.integers(len(content), size=rng.integers(1, 20)):
        content[place] ^= 1 << rng.integers(8)
    return bytes(content)


def _cut(content: bytearray, rng: np.random.Generator) -> bytes:
    return bytes(content[: rng.integers(len(content))])


def _edit_header(content: bytearray, rng: np.random.Generator) -> bytes:
    """Put extreme numbers into the first bytes, and make a PNG's checksums right again."""
    for _ in range(rng.integers(1, 4)):
        order = rng.choice(["<", ">"])
        size = rng.choice(["H", "I"])
        number = int(rng.choice(HUGE)) & (0xFFFF if size == "H" else 0xFFFFFFFF)
        struct.pack_into(f"{order}{size}", content, rng.integers(4, min(220, len(content) - 4)), number)
    return _with_right_checksums(content)


def _edit_end(content: bytearray, rng: np.random.Generator) -> bytes:
    """Put an extreme number near the end, where TIFF files have their tags."""
    struct.pack_into("<I", content, len(content) - 4 - rng.integers(min(300, len(content) - 4)), int(rng.choice(HUGE)))
    return bytes(content)


def _repeat(content: bytearray, rng: np.random.Generator) -> bytes:
    """Repeat a piece many times."""
    start, end = sorted(rng.integers(len(content), size=2))
    end = min(end, start + 2000)
    return bytes(content[:end] + content[start:end] * rng.integers(1, 200) + content[end:])


def _overwrite(content: bytearray, rng: np.random.Generator) -> bytes:
    start = rng.integers(len(content))
    piece = rng.bytes(rng.integers(1, 200))
    content[start : start + len(piece)] = piece
    return bytes(content)


def _with_right_checksums(content: bytearray) -> bytes:
    place = 8
    while content.startswith(b"\x89PNG") and place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        end = place + 8 + length
        if end + 4 > len(content):
            break
        struct.pack_into(">I", content, end, zlib.crc32(content[place + 4 : end]))
        place = end + 4
    return bytes(content)


DAMAGES = (_flip_bits, _cut, _edit_header, _edit_header, _edit_end, _repeat, _overwrite)
"""Ways to damage a file, by chance."""

SIDES = (0, 1, 1, 2, 3, 4, 5, 9, 11)
"""Lengths of an array's axes."""

AXES = (0, 1, 2, 2, 2, 3, 3, 3, 4, 5)
"""Numbers of them."""

KINDS = (
    *("?", "u1", "i1", "u2", ">u2", "i2", "u4", "i4", ">i4", "u8", "i8", "f2", "f4", ">f4", "f8", "longdouble"),
    *("c8", "O", "U3", "S2", "M8[s]", "m8[D]", "V4", [("red", "u1"), ("green", "u1")]),
)
"""Types of their values."""


def odd_arrays(count: int, seed: int) -> Iterator[np.ndarray]:
    """Yield arrays of which some are pictures and most are not."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        dtype: Any = np.dtype(KINDS[rng.integers(len(KINDS))])
        shape = tuple(rng.choice(SIDES, rng.choice(AXES)))
        if rng.random() < 0.2:  # any bits at all
            values = np.frombuffer(rng.bytes(8 * int(np.prod(shape))), np.float64).reshape(shape)
        else:
            low, high = sorted(rng.choice([-1, 0, 0, 0.5, 1, 1, 200, 255, 256, 65535, 1e9], 2))
            values = rng.uniform(low, high, shape)
        with np.errstate(all="ignore"):
            array = values.astype(np.int64).astype(dtype) if dtype.kind in "MmV" else values.astype(dtype)
        yield array[::-1].T if array.ndim and rng.random() < 0.3 else array
