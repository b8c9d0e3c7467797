import numpy as np
import pytest

from mnistlab.pictures.ground.sheets import block, sheets_in


def canvas(page: int, colour: int, margin: int = 60) -> np.ndarray:
    """A canvas on a page, both of one colour."""
    picture = np.full((300, 300, 1), page, np.uint8)
    picture[margin:-margin, margin:-margin] = colour
    return picture


@pytest.mark.parametrize(("page", "colour"), [(255, 0), (0, 255), (90, 200)])
def test_a_canvas_in_a_page_is_a_sheet_with_sharp_edges(page: int, colour: int) -> None:
    sheets, _ = sheets_in(canvas(page, colour))
    expected = canvas(0, 1)[..., 0].astype(bool)
    assert min(int((sheet.inside ^ expected).sum()) for sheet in sheets) <= 0.03 * expected.sum()


def test_the_whole_picture_is_always_a_sheet_the_last() -> None:
    for picture in (canvas(255, 0), np.zeros((1, 1, 3), np.uint8), np.full((9, 400, 3), 7, np.uint8)):
        *others, whole = sheets_in(picture)[0]
        assert whole.is_whole
        assert not any(sheet.is_whole for sheet in others)


def test_soft_light_makes_no_sheets() -> None:
    y, x = np.mgrid[0:300, 0:300]
    shade = (220 - 60 * ((x - 80) ** 2 + (y - 200) ** 2) / 300**2).astype(np.uint8)[..., np.newaxis]
    assert len(sheets_in(shade)[0]) == 1


def test_a_large_rectangle_is_dominant_and_a_small_one_is_not() -> None:
    large, small = (sheets_in(canvas(60, 220, margin))[0] for margin in (30, 110))
    assert any(sheet.is_dominant for sheet in large)
    assert not any(sheet.is_dominant and sheet.inside.mean() < 0.4 for sheet in small)


def test_a_block_is_a_sheet_with_its_holes() -> None:
    mask = np.zeros((40, 40), bool)
    mask[5:35, 5:35] = True
    mask[15:20, 15:20] = False
    sheet = block(mask, is_rectangle=True)
    assert sheet.is_canvas
    assert (sheet.inside.sum(), sheet.ground.sum()) == (900, 875)
