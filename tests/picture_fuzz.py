"""Damaged picture files, made at random from good ones."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

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
}
"""How a picture is saved, by the end of its file's name."""

MODES = {"palette.png": "P", "gif": "P"}
"""Modes of pixels other than RGB; that of ``deep.png`` has 16 bits."""

HUGE = (0, 1, 0x7FFF, 0xFFFF, 0x00FFFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
"""Values that replace sizes, counts and offsets."""


def good_pictures(grey: np.ndarray) -> dict[str, bytes]:
    """Return the bytes of a picture's file in every way."""
    return {name: _saved(Image.fromarray(grey), name) for name in WAYS}


def _saved(picture: Image.Image, name: str) -> bytes:
    content, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    deep = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    picture = deep if name == "deep.png" else picture.convert(MODES.get(name, "RGB"))
    extra = {} if name in ("gif", "bmp") else {"exif": exif}
    picture.save(content, **WAYS[name], **extra)
    return content.getvalue()


def damaged_pictures(grey: np.ndarray, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of damaged files, each format in turn."""
    rng = np.random.default_rng(seed)
    good = list(good_pictures(grey).items())
    for number in range(count):
        name, content = good[number % len(good)]
        damage = DAMAGES[rng.integers(len(DAMAGES))]
        yield f"{number}.{name}", damage(bytearray(content), rng)


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
