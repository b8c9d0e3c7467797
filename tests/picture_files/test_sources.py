import base64
import io
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from images import differ
from page_files import drawn_svg
from picture_fuzz import odd_arrays
from PIL import Image

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.picture_files import sources
from mnistlab.picture_files.formats import PictureFileError
from mnistlab.picture_files.sources import as_picture, shown_name
from mnistlab.pictures import find_ink
from mnistlab.preprocessing import normalize_digit
from mnistlab.strokes import rasterize

FIVE = EXAMPLES[6].drawing
GREY = 255 - rasterize(FIVE)
RGBA = np.dstack([GREY // 2, GREY // 3, GREY, 255 - GREY])


def png(picture: np.ndarray = GREY) -> bytes:
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def data_url(content: bytes = png()) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("picture", [GREY, RGBA[..., :3], RGBA], ids=["grey", "RGB", "RGBA"])
def test_an_array_in_eight_bits_is_the_picture_itself(picture: np.ndarray) -> None:
    assert as_picture(picture) is picture


@pytest.mark.parametrize("picture", [GREY, RGBA[..., :3], RGBA], ids=["grey", "RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["i2", "i4", "i8", "u4", ">i4", "f4", "f8", ">f8", "longdouble"])
def test_an_array_of_another_type_is_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, picture: np.ndarray, kind: str
) -> None:
    monkeypatch.setattr(sources, "BAND", 5000)  # so that there are several
    dtype = np.dtype(kind)
    found = as_picture((picture / dtype.type(255)).astype(dtype) if dtype.kind == "f" else picture.astype(dtype))
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, picture)


def test_half_precision_is_exact_enough() -> None:
    np.testing.assert_allclose(as_picture((GREY / 255).astype(np.float16)).astype(int), GREY, atol=1)
    np.testing.assert_array_equal(as_picture(GREY / 255 * 1.0005), as_picture(GREY / 255))


@pytest.mark.parametrize("kind", ["?", "u1", "u2", "i8", "f8"])
def test_of_two_values_one_is_black_and_one_white(kind: str) -> None:
    np.testing.assert_array_equal(as_picture((GREY > 127).astype(kind)), 255 * (GREY > 127))


@pytest.mark.parametrize("kind", ["<u2", ">u2"])
def test_sixteen_bits_are_scaled_by_the_darkest_and_brightest_value(kind: str) -> None:
    np.testing.assert_array_equal(as_picture((1000 + 3 * GREY.astype(int)).astype(kind)), GREY)
    deep = np.dstack([3 * RGBA[..., :3].astype(int), 257 * RGBA[..., 3].astype(int)]).astype(kind)
    np.testing.assert_array_equal(as_picture(deep), RGBA)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *[((30, 28, 1), (30, 28)), ((1, 30, 28), (30, 28)), ((1, 30, 28, 1), (30, 28)), ((1, 1, 30, 28), (30, 28))],
        *[((1, 30, 28, 3), (30, 28, 3)), ((30, 28, 2), (30, 28, 4)), ((1, 30, 28, 4), (30, 28, 4))],
        *[((1, 30), (1, 30)), ((1, 30, 3), (1, 30, 3)), ((30, 1, 1), (30, 1))],
    ],
)
def test_axes_of_length_1_are_left_out(given: tuple[int, ...], expected: tuple[int, ...]) -> None:
    array = np.arange(np.prod(given)).reshape(given).astype(np.uint8)
    found = as_picture(array)
    assert found.shape == expected
    if expected[2:] != (4,):
        np.testing.assert_array_equal(found.ravel(), array.ravel())


def test_grey_with_opacity_becomes_rgb_with_opacity() -> None:
    found = as_picture(np.dstack([GREY, 255 - GREY]))
    np.testing.assert_array_equal(found, np.dstack([GREY, GREY, GREY, 255 - GREY]))


@pytest.mark.parametrize(
    ("array", "complaint"),
    [
        (255.0 * np.eye(9), "floats from 0 to 255: expected 0 to 1, divide them by 255"),
        (np.eye(9) * 300, "floats from 0 to 300: expected 0 to 1, scale them to that"),
        (2 * np.eye(9) - 1, "floats from -1 to 1: expected 0 to 1, scale them to that"),
        (np.where(np.eye(9), np.nan, 0), "some values are NaN or infinite: replace them"),
        (np.where(np.eye(9), np.inf, 0), "some values are NaN or infinite: replace them"),
        (-np.eye(9, dtype=int), "integers from -1 to 0: expected 0 to 255, or uint16 for 16 bits"),
        (256 * np.eye(9, dtype=int), "integers from 0 to 256: expected 0 to 255, or uint16 for 16 bits"),
        (np.eye(9) * 1j, "expected an array of numbers, got one of complex128"),
        (np.full((9, 9), "7"), "expected an array of numbers, got one of <U1"),
        (np.full((9, 9), None), "expected an array of numbers, got one of object"),
        (np.zeros(784, np.uint8), r"expected a picture of shape \(H, W\), .* got \(784,\)"),
        (np.uint8(7), r"expected a picture of shape \(H, W\), .* got \(\)"),
        (np.zeros((5, 28, 28), np.uint8), r"expected one picture, got an array of shape \(5, 28, 28\): give one"),
        (np.zeros((5, 28, 28, 1), np.uint8), r"expected one picture, got an array of shape \(5, 28, 28, 1\)"),
        (np.zeros((3, 28, 28), np.uint8), r"expected the colours last, got \(3, 28, 28\): np.moveaxis"),
        (np.zeros((0, 28), np.uint8), "the picture is blank: it has no pixels"),
        (np.zeros((1, 1, 3), np.uint8), "the picture is blank: it is one pixel"),
        (np.broadcast_to(np.uint8(7), (1_000_000, 1_000_000)), "the picture is too large"),
        ([[1, 2], [3]], "list cannot be made an array of numbers: "),
        ([["a", "b"]], "expected an array of numbers, got one of <U1"),
        *[(other, "expected an array, a Pillow image, a path, bytes or a data URL") for other in (None, 7, {}, {7})],
    ],
)
def test_an_array_that_holds_no_picture_is_an_error_that_says_what_to_do(array: np.ndarray, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as error:
        as_picture(array)
    assert "\n" not in str(error.value)


def test_lists_of_numbers_are_arrays() -> None:
    assert as_picture([[0, 255], [7, 3]]).tolist() == [[0, 255], [7, 3]]
    assert as_picture(((0.0, 1.0), (0.5, 0.2))).tolist() == [[0, 255], [128, 51]]


def test_what_numpy_can_read_is_an_array() -> None:
    class Tensor:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            return GREY

    class Refusing:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            raise RuntimeError("it is\non another device")

    np.testing.assert_array_equal(as_picture(Tensor()), GREY)
    with pytest.raises(ValueError, match="Refusing cannot be made an array of numbers: it is on another device"):
        as_picture(Refusing())


MODES = ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "LA", "PA", "RGBX", "RGBa", "I", "F", "I;16"]


@pytest.mark.parametrize("mode", MODES)
def test_a_pillow_image_of_any_mode_is_a_picture(mode: str) -> None:
    image = Image.fromarray(GREY.astype(np.uint16) * 257) if mode == "I;16" else _in_mode(mode)
    before = image.tobytes()
    assert differ(normalize_digit(image), normalize_digit(GREY)) <= (1.5 if mode == "1" else 0.5)
    assert (image.mode, image.tobytes()) == (mode, before), "it is left as it is"


def _in_mode(mode: str) -> Image.Image:
    image = Image.fromarray(GREY)
    via = {"HSV": "RGB", "LAB": "RGB", "RGBa": "RGBA", "PA": "P"}.get(mode)
    return (image.convert(via) if via else image).convert(mode)


@pytest.mark.parametrize("mode", ["I;16B", "I;16L", "La"])
def test_a_pillow_image_of_a_mode_that_is_seldom_used_can_be_read(mode: str) -> None:
    assert as_picture(Image.new(mode, (7, 5))).shape == (5, 7, 4)


def test_a_pillow_image_is_upright_and_not_too_large(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (40, 30)).save(tmp_path / "photo.jpg", exif=exif)
    assert as_picture(Image.open(tmp_path / "photo.jpg")).shape == (40, 30, 4)
    assert as_picture(Image.new("1", (5000, 4000))).shape == (1000, 1250, 4)
    with pytest.raises(ValueError, match="the picture is too large"):
        as_picture(Image.new("1", (10_000, 6_000)))
    with pytest.raises(ValueError, match="it has no pixels"):
        as_picture(Image.new("L", (0, 5)))


def test_a_pillow_image_that_cannot_be_decoded_is_an_error() -> None:
    with pytest.raises(PictureFileError, match="cannot be read: "):
        as_picture(Image.open(io.BytesIO(png()[:300])))
    closed = Image.new("L", (5, 5))
    closed.close()
    with pytest.raises(PictureFileError, match="cannot be read: Operation on closed image"):
        as_picture(closed)


def test_a_file_is_given_by_its_path_its_bytes_or_a_data_url(tmp_path: Path) -> None:
    path = tmp_path / "five.png"
    path.write_bytes(png())
    url = data_url()
    folded = url[:60] + "\n" + url[60:]
    every = [
        path,
        str(path),
        png(),
        bytearray(png()),
        memoryview(png()),
        url,
        url.upper()[:5] + url[5:],
        folded,
        url.replace("+", "%2B"),
    ]
    for source in every:
        np.testing.assert_array_equal(as_picture(source)[..., 0], GREY)


def test_a_data_url_may_be_text() -> None:
    svg = drawn_svg(FIVE).decode()
    for url in (f"data:image/svg+xml,{quote(svg)}", f"data:image/svg+xml;charset=utf8,{svg}"):
        assert differ(normalize_digit(url), normalize_digit(GREY)) < 2


def test_a_bad_data_url_is_an_error_that_does_not_repeat_it() -> None:
    long = 1000 * "a"
    for url in (f"data:image/png;base64,{long}*", f"data:image/png;base64,{long}a", f"data:image/png;base64{long}"):
        with pytest.raises(PictureFileError, match=f"'{url[:40]}…' is not a whole data URL") as error:
            as_picture(url)
        assert len(str(error.value)) < 120
    with pytest.raises(PictureFileError, match="not a picture that can be read"):
        as_picture(f"data:text/plain,{long}")


def test_names_of_files_are_shown_as_they_are_and_data_urls_are_not() -> None:
    assert shown_name(60 * "a") == 60 * "a"
    assert shown_name("data:," + 60 * "a") == "data:," + 34 * "a" + "…"
    assert shown_name("data:,a") == "data:,a"


def test_a_path_that_holds_no_picture_is_an_error(tmp_path: Path) -> None:
    for source, complaint in (("missing.png", "No such file"), ("a\0b", "null byte"), (tmp_path, "Is a directory")):
        with pytest.raises(PictureFileError, match=complaint):
            as_picture(source)
    for content in (b"", b"some text"):
        with pytest.raises(PictureFileError, match="not a picture that can be read"):
            as_picture(content)


def test_2000_arrays_of_any_type_and_shape_give_a_picture_or_the_documented_error() -> None:
    read = 0
    for array in odd_arrays(2000, seed=0):
        with suppress(ValueError):
            picture = as_picture(array)
            assert picture.dtype == np.uint8
            assert picture.shape[2:] in ((), (3,), (4,))
            read += 1
            find_ink(picture)
    assert 200 < read < 1800
