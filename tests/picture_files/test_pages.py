import base64
import io
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from images import differ
from page_files import drawn_pdf, drawn_svg, locked_pdf, pdf, svg
from picture_fuzz import damaged, good_pages
from PIL import Image

from mnistlab import errors
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.picture_files import pages
from mnistlab.picture_files.decoding import decode_picture
from mnistlab.picture_files.formats import PAGE_FORMATS, PictureFileError
from mnistlab.preprocessing import image_from_drawing, normalize_digit

FIVE = EXAMPLES[6].drawing

SQUARE = '<rect width="280" height="280"/>'


def data_url(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def saved(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize("content", [drawn_svg(FIVE), drawn_pdf(FIVE)], ids=["SVG", "PDF"])
def test_a_page_gives_the_image_of_the_drawing_in_it(content: bytes) -> None:
    picture = decode_picture(content)
    assert picture.shape == (1120, 1120, 4)
    assert differ(normalize_digit(picture), image_from_drawing(FIVE)) < 2


def test_an_svg_has_a_transparent_ground_and_a_pdf_a_white_one() -> None:
    assert decode_picture(drawn_svg(FIVE))[0, 0].tolist() == [0, 0, 0, 0]
    assert decode_picture(drawn_pdf(FIVE))[0, 0].tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (svg(SQUARE, 'width="2" height="1"'), (560, 1120)),
        (svg(SQUARE, 'width="1e9" height="2e9"'), (1120, 560)),
        (svg(SQUARE, 'viewBox="0 0 1 4"'), (1120, 280)),
        (pdf(width=10_000_000, height=20_000_000), (1120, 560)),
        (pdf(width=10_000_000, height=1), (1, 1120)),
    ],
    ids=["tiny SVG", "huge SVG", "SVG without a size", "huge page", "long page"],
)
def test_a_page_of_any_size_is_drawn_at_the_size_that_is_needed(content: bytes, shape: tuple[int, int]) -> None:
    assert decode_picture(content).shape == (*shape, 4)


def test_an_svg_shows_no_other_file(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50), "red").save(tmp_path / "red.png")
    elements = (
        '<image {}="{}" width="280" height="280"/>',
        '<filter id="f"><feImage {}="{}"/></filter><rect width="280" height="280" filter="url(#f)"/>',
    )
    names = [f"{prefix}{tmp_path}/red.png" for prefix in ("", " ", "file://")]
    naming = [one.format(href, name) for one in elements for href in ("href", "xlink:href") for name in names]
    assert not decode_picture(svg("".join(naming))).any()


def test_a_picture_within_an_svg_is_shown_but_no_file_that_it_names(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50), "red").save(tmp_path / "red.png")
    image = '<image href="{}" width="280" height="280"/>'
    red = svg(image.format(data_url("png", (tmp_path / "red.png").read_bytes())))
    inner = svg(image.format(tmp_path / "red.png"))
    assert decode_picture(red)[500, 500].tolist() == [255, 0, 0, 255]
    assert not decode_picture(svg(image.format(data_url("svg+xml", inner)))).any()
    assert decode_picture(svg('<defs><path id="a" d="M0 0h280v280H0"/></defs><use xlink:href="#a"/>'))[..., 3].all()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + svg("<text>&a;</text>"),
            "entities of its own",
        ),
        (b'<?xml version="1.0"?><html/>', "it is XML, but not SVG"),
        (svg(SQUARE)[:60], "unclosed token"),
        (svg(SQUARE, 'width="0" height="0"'), "invalid size"),
        (svg(5_000 * "<g>" + 5_000 * "</g>"), "the file is damaged"),
        (pdf(3 * [b""]), "it has 3 pages, save the one with the digit as a file of its own"),
        (pdf()[:100], "a damaged PDF file"),
        (locked_pdf(), "it needs a password, save it without one"),
    ],
    ids=["entity", "XML", "cut SVG", "no size", "deep", "pages", "cut PDF", "password"],
)
def test_a_page_that_cannot_be_drawn_is_an_error_that_says_why(content: bytes, complaint: str) -> None:
    with pytest.raises(PictureFileError, match=f"cannot be read: .*{complaint}"):
        decode_picture(content)


@pytest.mark.skipif(sys.platform != "linux", reason="only there memory is limited")
def test_a_page_that_takes_too_much_memory_is_an_error() -> None:
    large = data_url("png", saved(Image.new("1", (12_000, 12_000))))
    with pytest.raises(PictureFileError, match="or drawing it takes too much memory"):
        decode_picture(svg(f'<image href="{large}" width="280" height="280"/>'))


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "TIMEOUT", 0)
    with pytest.raises(PictureFileError, match="cannot be read: drawing it takes more than 0 s, save it as PNG"):
        decode_picture(svg(SQUARE))


def test_a_compressed_svg_is_refused_plainly() -> None:
    with pytest.raises(PictureFileError, match=r"unpack it first, it is compressed \(.svgz, .gz\)"):
        decode_picture(b"\x1f\x8b\x08" + bytes(50))


@pytest.mark.parametrize("form", PAGE_FORMATS, ids=lambda form: form.name)
def test_a_file_larger_than_a_page_may_be_is_not_drawn(form: pages.PageFormat) -> None:
    start = {"PDF": b"%PDF-1.4", "SVG": b"<svg "}[form.name]
    with pytest.raises(PictureFileError, match=f"a {form.name} file may have {form.megabytes} MB"):
        decode_picture(start + bytes(1_000_000 * form.megabytes))


@pytest.mark.parametrize(("content", "extra"), [(svg(SQUARE), "svg"), (pdf(), "pdf")], ids=["SVG", "PDF"])
def test_a_page_needs_an_extra_and_says_so(monkeypatch: pytest.MonkeyPatch, content: bytes, extra: str) -> None:
    monkeypatch.setattr(errors, "find_spec", lambda name: None)
    told = rf"a \w+ file, but \w+ is not installed: pip install 'mnistlab\[{extra}\]', or save it as PNG"
    with pytest.raises(PictureFileError, match=told):
        decode_picture(content)


def test_nothing_is_imported_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resvg_py.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    np.testing.assert_array_equal(decode_picture(svg(SQUARE))[..., 3], 255)


def test_20_damaged_pages_give_a_picture_or_the_documented_error() -> None:
    read = 0
    for _, content in damaged(good_pages(FIVE), 20, seed=0):
        with suppress(PictureFileError):
            assert decode_picture(content).dtype == np.uint8
            read += 1
    assert 0 < read < 20
