import numpy as np
import pytest

from mnistlab.datasets.corruptions import lines
from mnistlab.datasets.corruptions.kinds import corrupt
from mnistlab.datasets.digits import Digits

BLANK = np.zeros((200, 28, 28), np.uint8)


@pytest.mark.parametrize("name", ["dotted line", "zigzag"])
def test_ink_under_a_line_stays(name: str, digits: tuple[Digits, Digits]) -> None:
    images = digits[0].images[:100]
    with_line, line = corrupt(images, name), corrupt(np.zeros_like(images), name)
    np.testing.assert_array_equal(with_line, np.minimum(images.astype(int) + line, 255))


def test_a_dotted_line_is_straight_with_gaps_of_two_columns() -> None:
    dotted = corrupt(BLANK, "dotted line")
    columns = np.arange(28)
    is_dot = (columns % 4 >= 2) & (columns < 27)
    assert (dotted.any(axis=1) == is_dot).all()
    assert dotted.max(axis=1)[:, is_dot].min() > 150
    assert (dotted[:, :, is_dot] > 0).sum(axis=1).max() == 3
    rows = (dotted * np.arange(28)[:, np.newaxis]).sum(axis=1)[:, is_dot] / dotted.sum(axis=1)[:, is_dot]
    inside = rows[(rows > 2).all(axis=1) & (rows < 25).all(axis=1)]
    assert len(inside) > 50
    slopes, starts = np.polyfit(columns[is_dot], inside.T, 1)
    np.testing.assert_allclose(inside, np.outer(slopes, columns[is_dot]) + starts[:, np.newaxis], atol=0.2)
    assert (slopes.min(), slopes.max()) == (pytest.approx(-0.8, abs=0.1), pytest.approx(0.8, abs=0.1))


def test_a_zigzag_has_six_corners_two_pixels_from_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "START_ROWS", (14, 15))
    monkeypatch.setattr(lines, "ZIGZAG_FALL", (0, 1))
    zigzag = corrupt(BLANK, "zigzag")[0]
    assert {*np.flatnonzero(zigzag.any(axis=0))} == {*range(2, 25)}
    brightest = zigzag.argmax(axis=0)
    assert brightest[2:25].tolist() == [14, 15, *[16, 15, 14, 13, 12, 13, 14, 15] * 2, 16, 15, 14, 13, 12]
    assert zigzag.max(axis=0)[2:25].min() == 255


def test_a_zigzag_rises_and_falls_by_up_to_five_rows_at_any_height() -> None:
    zigzags = corrupt(BLANK, "zigzag").astype(float)
    rows = (zigzags * np.arange(28)[:, np.newaxis]).sum(axis=1) / np.maximum(zigzags.sum(axis=1), 1)
    falls = rows[:, 22] - rows[:, 6]  # both in the middle of a tooth, 16 of 23 columns apart
    inside = falls[zigzags[:, [0, 27]].max(axis=(1, 2)) == 0]
    assert len(inside) > 50
    assert inside.min() == pytest.approx(-5 * 16 / 23, abs=0.7)
    assert inside.max() == pytest.approx(4 * 16 / 23, abs=0.7)
    assert zigzags[:, :4].any()
    assert zigzags[:, -4:].any()


@pytest.mark.parametrize(("fall", "last"), [(4, 25), (-5, 24)])
def test_only_a_zigzag_that_falls_reaches_column_25(fall: int, last: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "START_ROWS", (14, 15))
    monkeypatch.setattr(lines, "ZIGZAG_FALL", (fall, fall + 1))
    assert np.flatnonzero(corrupt(BLANK[:1], "zigzag")[0].any(axis=0))[-1] == last
