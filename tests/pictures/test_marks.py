import numpy as np
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.pictures.ground.ink import Ink
from mnistlab.pictures.marks.components import marks_of
from mnistlab.pictures.marks.edges import consists_of_bars, is_sliver, lies_along_edge
from mnistlab.pictures.marks.erasing import without_lines
from mnistlab.pictures.marks.frames import without_frames
from mnistlab.pictures.marks.lines import lines_across
from mnistlab.pictures.marks.regular import missing_lines
from mnistlab.pictures.marks.rings import ring_around
from mnistlab.strokes import Drawing, place, rasterize

FIVE = rasterize(place(EXAMPLES[6].drawing, 110), 10)


def ink_of(picture: np.ndarray) -> Ink:
    """Light ink on black."""
    inside = np.ones(picture.shape, bool)
    return Ink((picture / 255).astype(np.float32), 0.0, True, True, np.zeros(picture.shape, np.uint8), inside)


def drawn(*strokes: list[tuple[float, float]], pen: float = 4) -> np.ndarray:
    return rasterize([*strokes], pen)


def ring(radius: float) -> list[tuple[float, float]]:
    return [(140 + radius * np.cos(t), 140 + radius * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 80)]


BOX: Drawing = [[(40, 40), (240, 42), (238, 240), (42, 238), (40, 40)]]


@pytest.mark.parametrize("frame", [drawn(*BOX), drawn(ring(125)), drawn(*[stroke[:4] for stroke in BOX])])
def test_what_surrounds_a_digit_is_a_frame(frame: np.ndarray) -> None:
    rest, frames = without_frames(ink_of(np.maximum(FIVE, frame)))
    np.testing.assert_array_equal(rest.strength > 0, FIVE > 0)
    assert frames[frame > 0].mean() > 0.99


def test_a_box_that_the_digit_touches_is_taken_away_and_the_digit_stays() -> None:
    box = drawn([(40, 40), (240, 40), (240, 240), (40, 240), (40, 40)])
    stem = drawn([(140, 80), (140, 240)], pen=12)
    rest, _ = without_frames(ink_of(np.maximum(box, stem)))
    assert (rest.strength[(stem > 200)] > 0).mean() > 0.95
    assert (rest.strength[(box > 200) & (stem == 0)] > 0).mean() < 0.02


def test_four_strokes_that_do_not_touch_each_other_are_a_box() -> None:
    sides = [(50, 40), (230, 40)], [(240, 50), (240, 230)], [(230, 240), (50, 240)], [(40, 230), (40, 50)]
    box = drawn(*[[*side] for side in sides])
    rest, frames = without_frames(ink_of(np.maximum(FIVE, box)))
    np.testing.assert_array_equal(rest.strength > 0, FIVE > 0)
    np.testing.assert_array_equal(frames, box > 0)


def test_the_fourth_side_of_a_box_is_no_one() -> None:
    box = drawn([(240, 40), (40, 40), (40, 240), (240, 240)], [(250, 45), (250, 235)])
    rest, _ = without_frames(ink_of(np.maximum(FIVE, box)))
    np.testing.assert_array_equal(rest.strength > 0, FIVE > 0)


def test_ones_at_both_sides_of_a_digit_are_no_frame() -> None:
    ones = drawn([(60, 60), (60, 220)], [(220, 60), (220, 220)])
    assert not without_frames(ink_of(np.maximum(FIVE, ones)))[1].any()


def test_lines_with_a_digit_on_them_are_no_frame_around_something_else() -> None:
    lines = drawn([(-5, 100), (285, 100)], [(-5, 180), (285, 180)], pen=2)
    three = drawn([(60, 100), (120, 115), (70, 135), (120, 155), (60, 180)], pen=10)
    other = drawn([(180, 120), (180, 160)], pen=8)
    assert not without_frames(ink_of(np.maximum.reduce([lines, three, other])))[1].any()


def test_a_zero_is_no_frame_with_a_dot_in_it_or_without() -> None:
    for picture in (drawn(ring(80), pen=14), drawn(ring(80), [(138, 140), (142, 140)], pen=14), FIVE):
        assert not without_frames(ink_of(picture))[1].any()


@pytest.mark.parametrize("bend", [0.0, 10.0])
@pytest.mark.parametrize("slope", [0.0, 0.1])
def test_lines_across_are_taken_away_and_strokes_that_cross_them_stay(slope: float, bend: float) -> None:
    x = np.linspace(-5, 285, 60)
    lines = [
        [(float(a), float(b)) for a, b in zip(x, y + slope * x + bend * (x / 140 - 1) ** 2, strict=True)]
        for y in range(20, 280, 45)
    ]
    ruled = drawn(*lines, pen=2) // 2
    ink = ink_of(np.maximum(FIVE, ruled))
    rest = without_lines(ink, lines_across(ink, level_only=False))
    assert (rest.strength[(ruled > 60) & (FIVE == 0)] > 0).mean() < 0.05
    assert (rest.strength[FIVE > 200] > 0).mean() > 0.97


def test_a_line_that_is_hardly_seen_is_found_by_the_distances_of_the_others() -> None:
    ruled = drawn(*[[(-5, y), (285, y)] for y in range(15, 280, 30)], pen=2) // 2
    half = ruled.copy()
    half[100:140, ::2] = 0
    half[100:140, 190:] = 0  # the line at 105 ends here, that at 135 too
    ink = ink_of(half)
    bands = lines_across(ink, level_only=False)
    assert bands[half > 60].all()
    np.testing.assert_array_equal(bands[:, 0] > 0, bands[:, 279] > 0)


def test_missing_lines_are_between_the_others_and_next_to_them() -> None:
    lines = [np.full(9, y) for y in (100.0, 20.0, 40.0, 60.0)]
    twice = [line + 1 for line in lines[1:]]
    for found in (lines, [*lines, *twice]):
        assert sorted(rows[0] for rows in missing_lines(found)) == pytest.approx([0, 80])
    assert not [*missing_lines([np.full(9, y) for y in (10.0, 30.0, 90.0)])]
    assert not [*missing_lines([])]


def test_ink_over_a_line_stays_and_a_strong_line_beside_weak_ones_goes() -> None:
    lines = [drawn([(-5, y), (285, y)], pen=2) // strength for y, strength in ((40, 4), (80, 4), (120, 4), (200, 1))]
    ink = ink_of(np.maximum.reduce([*lines, drawn([(100, 80), (180, 80)], pen=2)]))
    rest = without_lines(ink, lines_across(ink, level_only=False)).strength
    assert not rest[196:204].any()
    assert (rest[80, 105:175] > 0).mean() > 0.95
    assert not rest[80, :90].any()


def in_ellipse(height: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An ellipse, a stem in it, and both."""
    ellipse = drawn([(140 + 100 * np.cos(t), 140 + height * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 80)], pen=5)
    stem = drawn([(140, 140 - height), (140, 150)], pen=5)
    return ellipse, stem, np.maximum(ellipse, stem)


@pytest.mark.parametrize("height", [100, 75])
def test_the_ring_that_a_digit_touches_is_found(height: float) -> None:
    circle, stem, picture = in_ellipse(height)
    ring = ring_around(ink_of(picture), picture > 100)
    assert ring is not None
    assert ring[circle > 0].mean() > 0.97
    assert not ring[(stem > 0) & (np.arange(280)[:, np.newaxis] > 160 - height)].any()


def test_what_is_no_ring_around_something_has_none() -> None:
    for picture in (
        drawn(ring(80)),
        FIVE,
        in_ellipse(45)[2],
        *[rasterize(place(each.drawing, 200), 12) for each in EXAMPLES],
    ):
        assert ring_around(ink_of(picture), picture > 100) is None


def test_upright_lines_are_taken_away_but_not_in_a_number() -> None:
    picture = np.maximum(FIVE, drawn([(30, -5), (32, 285)], [(250, -5), (251, 285)], pen=2))
    assert lines_across(ink_of(picture), level_only=False).any()
    assert not lines_across(ink_of(picture), level_only=True).any()


def test_digits_have_no_lines() -> None:
    for example in EXAMPLES:
        for pen in (3, 12, 30):
            assert not lines_across(ink_of(rasterize(place(example.drawing, 200), pen)), level_only=False).any()


def test_bars_slivers_and_what_lies_along_an_edge() -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[:, 20:35] = 255  # a bar
    picture[100:200, 278:] = 255  # a sliver
    picture[270:, 60:250] = 255  # a desk
    bar, desk, sliver = marks_of(ink_of(picture))
    inside = np.ones(picture.shape, bool)
    assert [consists_of_bars(mark, inside) for mark in (bar, desk, sliver)] == [True, False, False]
    assert [is_sliver(mark, picture.shape) for mark in (bar, desk, sliver)] == [False, True, True]
    assert [lies_along_edge(mark, picture.shape) for mark in (bar, desk, sliver)] == [False, True, False]
