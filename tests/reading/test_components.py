import numpy as np
import pytest

from mnistlab.reading.components import pieces_of_picture
from mnistlab.reading.cuts import cut_apart
from mnistlab.reading.ink import Patch, joined
from mnistlab.strokes import Drawing, rasterize


def circle(x: float, y: float = 140, width: float = 40, height: float = 60) -> list[tuple[float, float]]:
    return [(x + width * np.cos(t), y + height * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 60)]


def ink_of(drawing: Drawing, pen: float = 12) -> np.ndarray:
    return rasterize(drawing, pen)


def test_components_are_pieces_from_left_to_right() -> None:
    pieces = pieces_of_picture(255 - ink_of([[(200, 80), (200, 200)], [(60, 90), (60, 200)]]))
    assert [round(patch.left / pieces.scale) for patch in pieces.patches] == [54, 194]
    assert pieces.strokes == ((), ())
    assert pieces.together[0, 0] < -3


def test_a_part_over_another_belongs_to_it_and_one_beside_it_does_not() -> None:
    bowl, top, stem = [(80, 140), (100, 200), (120, 140)], [(85, 90), (120, 90)], [(220, 80), (220, 200)]
    pieces = pieces_of_picture(255 - ink_of([bowl, top, stem]))
    assert [patch.top < 100 for patch in pieces.patches] == [False, True, False, True]  # the bowl is cut in two
    assert (pieces.together[:3, 0] > 0).tolist() == [True, True, False]


@pytest.mark.parametrize("overlap", [0, 4, 10, 14], ids="overlap of {} pixels".format)
def test_touching_digits_are_cut_where_they_touch(overlap: float) -> None:
    one, other = circle(100), circle(180 + 12 - overlap)
    ink, own = ink_of([one, other]), ink_of([one])
    parts, cuts = cut_apart(Patch(0, 0, ink), 132)
    middle = 140 + 6 - overlap / 2
    nearest = min(cuts, key=lambda cut: abs(2 * (cut.middle - 1) - middle))
    assert nearest.crossings == 1
    left = np.where(nearest.left, ink, 0)
    assert np.abs(left.astype(int) - own).sum() < 0.13 * own.sum()  # half a wall, where they share one
    assert len(parts) == len(cuts) + 1


def test_nothing_is_lost_and_nothing_is_there_twice() -> None:
    ink = ink_of([circle(100), circle(186), [(100, 60), (90, 210)]])
    parts, _ = cut_apart(Patch(5, 7, ink), 132)
    assert len(parts) > 2
    whole = joined(parts)
    rows, columns = np.nonzero(ink)
    assert (whole.left, whole.top) == (5 + columns.min(), 7 + rows.min())
    assert sum(part.ink.sum(dtype=int) for part in parts) == ink.sum(dtype=int) == whole.ink.sum(dtype=int)


def test_narrow_ink_is_not_cut() -> None:
    assert len(cut_apart(Patch(0, 0, ink_of([[(100, 60), (100, 200)]])[:, 90:112]), 140)[0]) == 1


@pytest.mark.parametrize("pen", [1, 3, 60])
def test_thin_and_thick_pens_leave_pieces_too(pen: float) -> None:
    pieces = pieces_of_picture(255 - ink_of([circle(80), circle(200)], pen))
    assert all(patch.ink.any() for patch in pieces.patches)
    assert joined(pieces.patches).right / pieces.scale == pytest.approx(240 + pen / 2, abs=3)


def test_thin_ink_in_a_large_picture_stays() -> None:
    tall = [[(2 * x, 2 * y) for x, y in circle(140, 140, 40, 130)], [(500, 20), (500, 540)]]
    pieces = pieces_of_picture(255 - rasterize(tall, 1, 560))
    assert joined(pieces.patches).right / pieces.scale == pytest.approx(500, abs=6)
    assert joined(pieces.patches).left / pieces.scale == pytest.approx(200, abs=6)


def test_dirt_is_left_out() -> None:
    picture = 255 - ink_of([circle(80), circle(200)])
    picture[20:23, 20:23] = 0
    assert min(patch.left for patch in pieces_of_picture(picture).patches) > 25


def test_a_blank_picture_is_an_error() -> None:
    with pytest.raises(ValueError, match="blank"):
        pieces_of_picture(np.full((100, 200), 255, np.uint8))
