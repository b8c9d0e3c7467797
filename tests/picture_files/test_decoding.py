import io
import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from images import differ
from picture_fuzz import damaged, good_pictures
from PIL import Image
from processes import Processes, wait_until

from mnistlab import errors
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.picture_files import decoding
from mnistlab.picture_files.decoding import decode_picture
from mnistlab.picture_files.formats import FORMATS, PictureFileError, PictureFormat
from mnistlab.pictures import find_ink, read_picture
from mnistlab.preprocessing import normalize_digit
from mnistlab.strokes import rasterize

SCREEN = struct.pack("<HH", 65535, 65535)

GIF = b"GIF89a" + SCREEN + b"\0\0\0," + bytes(4) + SCREEN + b"\0\2\1\0\0;"
"""A few bytes that stand for four thousand megapixels."""


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """An empty picture in grey."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def tiff(*tags: tuple[int, int, int, int]) -> bytes:
    """A TIFF file of tags only: number, type, count, value."""
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)


def saved(form: str, **how: object) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(content, form, **how)
    return content.getvalue()


def many_scans() -> bytes:
    jpeg = saved("JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + 40 * jpeg[last:-2] + b"\xff\xd9"


TEXT = b"key\0\0" + zlib.compress(bytes(20_000_000), 9)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (GIF, "too large: a GIF file may have 50 megapixels"),
        (png(8000, 8000), "too large: 8,000 x 8,000 pixels"),
        (png(31_000, 3), "too large: 31,000 x 3 pixels"),
        (png(9, 9, chunk(b"zTXt", TEXT)), "cannot be read: Decompressed data too large"),
        (many_scans(), "its JPEG data are in too many parts"),
        (saved("JPEG")[:2] + 300 * (b"\xff\xe1\xff\xffExif\0\0" + bytes(65527)) + saved("JPEG")[2:], "too many parts"),
        (tiff((256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 10_000_000, 8)), "its TIFF data are in too many parts"),
        (tiff((259, 3, 1, 8), (322, 4, 1, 30_000), (323, 4, 1, 30_000)), "compressed in parts of more than 8,000,000"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n", "not a picture that can be read"),
        (saved("ICO"), "not a picture that can be read"),
        (saved("PPM"), "not a picture that can be read"),
        (b"", "not a picture that can be read"),
    ],
    ids=[
        *["GIF of a few bytes", "64 megapixels", "long side", "text that grows", "passes", "EXIF in parts"],
        *["long list", "large tile", "PostScript", "icon", "PPM", "empty"],
    ],
)
def test_what_would_take_long_or_much_memory_or_another_program_is_refused(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(PictureFileError, match=complaint):
        read_picture(path)


def test_a_file_larger_than_its_format_may_be_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = PictureFormat("PNG", FORMATS[1].start, 50, 0)
    monkeypatch.setattr(decoding, "FORMATS", [small])
    (tmp_path / "picture.png").write_bytes(saved("PNG"))
    with pytest.raises(PictureFileError, match="too large: 0 MB, a PNG file may have 0 MB"):
        read_picture(tmp_path / "picture.png")


def test_a_file_of_very_many_parts_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_READS", 1000)
    (tmp_path / "picture.png").write_bytes(png(9, 9, 1000 * chunk(b"prVt", b"")))
    with pytest.raises(PictureFileError, match="it is in too many parts for a picture"):
        read_picture(tmp_path / "picture.png")


def test_a_film_behind_the_picture_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "motion.jpg").write_bytes(saved("JPEG") + 1000 * b"\xff\xda\0\2")
    assert read_picture(tmp_path / "motion.jpg").shape == (48, 64, 4)


def test_a_heic_picture_needs_a_package_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "find_spec", lambda name: None)
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(30))
    with pytest.raises(PictureFileError, match=r"pillow_heif is not installed: pip install 'mnistlab\[heic\]'"):
        read_picture(tmp_path / "photo.heic")


def test_a_heic_picture_is_read() -> None:
    content, picture = io.BytesIO(), 255 - rasterize(EXAMPLES[6].drawing)
    pillow_heif.from_pillow(Image.fromarray(picture)).save(content, quality=95)
    assert differ(normalize_digit(content.getvalue()), normalize_digit(picture)) < 2


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bits_in_either_byte_order_are_read(order: str) -> None:
    numbers = np.array([[1000, 1510], [1020, 1002]], f"{order}u2")
    shorts = {256: 2, 257: 2, 258: 16, 259: 1, 262: 1, 273: 200, 277: 1, 278: 2, 279: 8}
    tags = b"".join(struct.pack(f"{order}HHIHxx", tag, 3, 1, value) for tag, value in shorts.items())
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(shorts))
    file = (head + tags + bytes(4)).ljust(200, b"\0") + numbers.tobytes()
    assert decode_picture(file)[..., 0].tolist() == [[0, 255], [10, 1]]


@pytest.mark.parametrize(
    "error", [MemoryError(), RecursionError("deep"), struct.error("short"), OverflowError("large"), KeyError(7)]
)
def test_whatever_a_decoder_raises_is_an_error_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(decoding.Image, "open", fail)
    (tmp_path / "picture.png").write_bytes(saved("PNG"))
    with pytest.raises(PictureFileError, match=r"cannot be read: (the file is damaged|not enough memory)"):
        read_picture(tmp_path / "picture.png")


def test_libtiff_says_nothing_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = bytearray(saved("TIFF", compression="tiff_lzw"))
    content[8:20] = bytes(12)
    (tmp_path / "scan.tif").write_bytes(content)
    with pytest.raises(PictureFileError):
        read_picture(tmp_path / "scan.tif")
    assert capfd.readouterr() == ("", "")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "photo.png")
    for path in (tmp_path / "photo.png", Path("/dev/zero"), tmp_path):
        with pytest.raises(PictureFileError, match=r"cannot be read: (a pipe, a socket or a device|Is a directory)"):
            read_picture(path)


def test_numbers_that_are_none_are_an_error_or_dark(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    Image.fromarray(np.array([[np.inf, 1], [2, 3]], np.float32)).save(path)
    with pytest.raises(PictureFileError, match="its pixels are not numbers"):
        read_picture(path)
    Image.fromarray(np.array([[1, np.nan], [2, 3]], np.float32)).save(path)
    assert read_picture(path)[..., 0].tolist() == [[0, 0], [128, 255]]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "I;16"])
def test_a_large_picture_is_reduced_in_parts_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    rng = np.random.default_rng(0)
    grey = Image.fromarray(rng.integers(0, 256, (331, 240), np.uint8))
    deep = Image.fromarray(rng.integers(0, 60_000, (331, 240), np.uint16))
    (deep if mode == "I;16" else grey.convert(mode)).save(tmp_path / "picture.png")
    whole = decode_picture(tmp_path / "picture.png", 100)
    monkeypatch.setattr(decoding, "BAND", 1000)
    np.testing.assert_array_equal(decode_picture(tmp_path / "picture.png", 100), whole)
    assert whole.shape == (111, 80, 4)


MEASURED = """
import re, sys
from pathlib import Path
from mnistlab.pictures import read_picture
from mnistlab.prediction import Predictor
Predictor.pretrained().predict_picture(read_picture(Path(sys.argv[1])))
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say what a process has used")
@pytest.mark.parametrize("end", ["jpg", "png"])
def test_a_photo_of_48_megapixels_is_read_within_500_mb(tmp_path: Path, processes: Processes, end: str) -> None:
    five = Image.fromarray(255 - rasterize(EXAMPLES[6].drawing)).resize((8000, 6000)).convert("RGB")
    how = {"progressive": True, "subsampling": 0} if end == "jpg" else {"compress_level": 1}
    five.save(tmp_path / f"photo.{end}", **how)
    process = processes.start("-c", MEASURED, str(tmp_path / f"photo.{end}"))
    wait_until(lambda: process.poll() is not None)
    assert int(process.output()) < 500


def test_200_damaged_pictures_give_a_picture_or_the_documented_error(tmp_path: Path) -> None:
    picture = 255 - rasterize(EXAMPLES[9].drawing)
    read = 0
    for name, content in damaged(good_pictures(picture), 200, seed=0):
        path = tmp_path / name
        path.write_bytes(content)
        with suppress(ValueError):
            find_ink(read_picture(path))
            read += 1
    assert 20 < read < 180
