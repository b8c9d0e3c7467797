from pathlib import Path

import numpy as np
import pytest
from images import differ
from PIL import Image, ImageFilter, ImageOps

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.pictures import find_ink, read_picture
from mnistlab.preprocessing import normalize_digit
from mnistlab.strokes import place, rasterize

FIVE = rasterize(EXAMPLES[6].drawing)
IMAGE = normalize_digit(FIVE)


def photo(ink: np.ndarray, seed: int = 0) -> np.ndarray:
    """A photo of ink on yellowish paper: lit from one side, slightly out of focus, with sensor noise."""
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width]
    paper = 190 + 30 * x / width - 50 * (y / height) ** 2
    grey = Image.fromarray((paper - ink / 255 * (paper - 60)).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    noise = np.random.default_rng(seed).normal(0, 8, (height, width, 3))
    return (np.asarray(grey, float)[..., np.newaxis] * [1, 0.97, 0.88] + noise).clip(0, 255).astype(np.uint8)


def difference(picture: np.ndarray) -> float:
    """Mean difference in grey levels between this picture's image and that of the clean drawing."""
    return differ(IMAGE, normalize_digit(picture))


def transparent(colour: int) -> np.ndarray:
    """The five in a grey level, on a transparent background."""
    return np.dstack([np.full((280, 280, 3), colour, np.uint8), FIVE])


@pytest.mark.parametrize(
    ("picture", "tolerance"),
    [
        (255 - FIVE, 0.01),
        (np.dstack([FIVE] * 3), 0.01),
        (40 + FIVE // 4, 0.2),
        (transparent(0), 0.01),
        (transparent(250), 0.01),
        (np.dstack([255 - FIVE] * 3 + [np.pad(np.full((260, 260), 255, np.uint8), 10)]), 0.01),
        (np.dstack([FIVE // 2 + 40, 104 - FIVE // 4, np.full_like(FIVE, 99)]), 0.2),
        (photo(FIVE), 6),
        ((60 + 0.3 * FIVE + np.random.default_rng(0).normal(0, 10, FIVE.shape)).clip(0, 255).astype(np.uint8), 4),
        (np.maximum(FIVE, 255 * (np.random.default_rng(0).random(FIVE.shape) < 0.001)).astype(np.uint8), 1),
    ],
    ids=[
        *["dark on light", "RGB", "faint", "black on transparent", "white on transparent", "a card on transparent"],
        *["in colour", "photo", "noise", "specks"],
    ],
)
def test_the_digit_is_found_on_any_background(picture: np.ndarray, tolerance: float) -> None:
    assert difference(picture) <= tolerance


def test_a_large_picture_is_reduced_and_gives_the_same_image() -> None:
    large = np.asarray(Image.fromarray(FIVE).resize((2000, 2000), Image.Resampling.BICUBIC))
    assert find_ink(large).shape == (560, 560)
    assert difference(large) <= 1.5


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((99, 99), np.uint8),
        np.full((50, 60, 3), 200, np.uint8),
        np.zeros((40, 40, 4), np.uint8),
        np.random.default_rng(0).normal(128, 10, (300, 300)).clip(0, 255).astype(np.uint8),
        photo(np.zeros((300, 400))),
        np.full((20, 20), 250, np.uint8) + np.arange(20, dtype=np.uint8) // 4,
        np.zeros((0, 28), np.uint8),
        np.full((1, 1), 7, np.uint8),
    ],
    ids=["black", "grey", "transparent", "noise", "paper", "a faint ramp", "no pixels", "one pixel"],
)
def test_a_blank_picture_is_an_error(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="the picture is blank"):
        find_ink(picture)


@pytest.mark.parametrize(
    "array",
    [
        *[np.zeros((28, 28)), np.zeros((1, 28, 28, 3), np.uint8), np.zeros((9, 9, 2), np.uint8)],
        *[np.full((9, 9), value) for value in (np.nan, -1, True, 1j, "7", None)],
        *[np.zeros(shape, np.uint8) for shape in ((), (9,), (0,), (1, 1, 1, 1, 1))],
    ],
)
def test_an_array_of_another_type_or_shape_is_an_error(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected uint8 \(H, W\), "):
        find_ink(array)


def test_what_is_no_array_is_an_error() -> None:
    for other in ([[1, 2], [3, 4]], None, b"7"):
        with pytest.raises(ValueError, match="expected an array of uint8, got "):
            find_ink(other)


def test_an_array_of_more_pixels_than_are_read_is_an_error_before_it_is_copied() -> None:
    endless = np.broadcast_to(np.uint8(7), (1_000_000, 1_000_000))
    with pytest.raises(ValueError, match="the picture is too large"):
        find_ink(endless)


def test_a_large_array_is_reduced_in_parts_that_fit_together() -> None:
    large = np.repeat(np.repeat(np.dstack([FIVE, 255 - FIVE, FIVE]), 11, axis=0), 11, axis=1)
    assert find_ink(large).shape == (560, 560)
    assert difference(large) <= 1.5


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16", "CMYK"])
def test_every_mode_of_pixels_can_be_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("five.tif" if mode == "CMYK" else "five.png")
    five = Image.fromarray(255 - FIVE)
    (Image.fromarray((255 - FIVE).astype(np.uint16) * 257) if mode == "I;16" else five.convert(mode)).save(path)
    picture = read_picture(path)
    assert picture.shape == (280, 280, 4)
    assert difference(picture) <= (1.5 if mode == "1" else 0.5)


def test_a_photo_is_rotated_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: rotate by 90 degrees clockwise
    Image.fromarray(255 - FIVE).rotate(90).save(tmp_path / "photo.jpg", exif=exif, quality=95)
    assert difference(read_picture(tmp_path / "photo.jpg")) <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("end", ["jpg", "png", "webp", "tif"])
def test_every_orientation_is_turned_as_pillow_does(tmp_path: Path, end: str, orientation: int) -> None:
    exif, path = Image.Exif(), tmp_path / f"photo.{end}"
    exif[0x0112] = orientation
    Image.fromarray(255 - FIVE).convert("RGB").crop((0, 0, 280, 250)).save(path, exif=exif)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGBA"))
    np.testing.assert_array_equal(read_picture(path), expected)


def test_a_file_that_cannot_be_read_is_an_error_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("some text")
    with pytest.raises(ValueError, match="not a picture that can be read: give a PNG or JPEG file"):
        read_picture(tmp_path / "notes.png")
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        read_picture(tmp_path / "missing.png")
    Image.fromarray(FIVE).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:300])
    with pytest.raises(ValueError, match="cannot be read: "):
        read_picture(tmp_path / "cut.png")


def noisy(levels: np.ndarray) -> np.ndarray:
    return (levels + np.random.default_rng(0).normal(0, 3, levels.shape)).clip(0, 255).astype(np.uint8)


def test_a_scratch_on_the_desk_beside_a_blank_sheet_is_no_digit() -> None:
    picture = np.full((300, 300), 70.0)
    picture[20:280, 10:240] = 220  # the sheet
    picture[100:170, 262:270] = 160  # the scratch
    with pytest.raises(ValueError, match="blank"):
        find_ink(noisy(picture))


def test_a_digit_on_a_small_canvas_is_found() -> None:
    picture = np.full((300, 300), 255, np.uint8)
    canvas = rasterize(place(EXAMPLES[6].drawing, 200), 24)[::5, ::5]
    picture[120 : 120 + len(canvas), 90 : 90 + len(canvas)] = canvas
    steps = find_ink(picture, steps=True)
    assert steps.sheet.mean() < 0.05
    np.testing.assert_array_equal(steps.ink[120:176, 90:146] > 128, canvas > 128)


def test_thick_ink_that_fills_its_picture_is_found() -> None:
    thick = rasterize(place(EXAMPLES[6].drawing, 200), 36)
    rows, columns = np.flatnonzero(thick.any(axis=1)), np.flatnonzero(thick.any(axis=0))
    tight = thick[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    ink = find_ink(noisy(210.0 - 0.7 * tight))
    assert ((ink > 128) == (tight > 128)).mean() > 0.95
