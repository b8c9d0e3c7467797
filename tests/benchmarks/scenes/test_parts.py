from itertools import pairwise

import numpy as np
import pytest

from mnistlab.benchmarks.scenes.parts import camera, grounds, ink, light, outlines, views, writing
from mnistlab.benchmarks.scenes.parts.pens import BLACK, Pen
from mnistlab.benchmarks.scenes.parts.writing import Box
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.preprocessing import normalize_digit

FIVE = EXAMPLES[6].drawing


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def page(height: int = 90, width: int = 120) -> np.ndarray:
    return grounds.plain((height, width))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_lies_in_its_box_at_the_height_that_is_asked_for(seed: int) -> None:
    box = Box(100, 50, 300, 450)
    written = writing.written(np.random.default_rng(seed), FIVE, box, (0.3, 0.4))
    left, top, right, bottom = writing.box_of(written)
    assert box.left - 1e-6 <= left < right <= box.right + 1e-6
    assert box.top - 1e-6 <= top < bottom <= box.bottom + 1e-6
    assert 0.3 * 400 - 1e-6 <= bottom - top <= 0.4 * 400 + 1e-6


def test_what_is_too_wide_for_its_box_is_smaller() -> None:
    narrow = writing.box_of(writing.written(rng(), FIVE, Box(0, 0, 20, 400), (0.9, 0.9)))
    assert narrow.width == pytest.approx(20)
    assert writing.written(rng(), [], Box(0, 0, 9, 9), (1, 1)) == []


def test_several_digits_lie_beside_or_below_each_other_with_gaps() -> None:
    drawings = [FIVE, EXAMPLES[0].drawing, FIVE]
    counts = [len(drawing) for drawing in drawings]
    beside, below = (
        arrange(rng(), drawings, (0.2, 0.3)) for arrange in (writing.side_by_side, writing.one_above_other)
    )
    for drawing, low, high in ((beside, 0, 2), (below, 1, 3)):
        ends = np.cumsum([0, *counts])
        boxes = [writing.box_of(drawing[start:end]) for start, end in pairwise(ends)]
        gaps = [after[low] - before[high] for before, after in pairwise(boxes)]
        assert 0.2 <= min(gaps) <= max(gaps) <= 0.3


def test_a_path_keeps_its_ends_and_loses_its_corners() -> None:
    path = writing.smooth(np.array([[0.0, 0], [10, 0], [10, 10]]))
    assert path[[0, -1]].tolist() == [[0, 0], [10, 10]]
    assert np.abs(path - (10, 0)).sum(axis=1).min() > 1


@pytest.mark.parametrize("width", [2.5, 12.0])
def test_a_line_is_as_wide_and_as_dark_as_its_pen(width: int) -> None:
    sheet = page()
    ink.write(rng(), sheet, [[(20, 45), (100, 45)]], Pen((0.2, 0.2, 0.2), 0.1), width)
    assert (1 - sheet[:, 60, 0]).sum() == pytest.approx(0.8 * width, rel=0.15)
    assert sheet[45, 60] == pytest.approx([0.2] * 3, abs=0.01)
    assert (sheet[:30] == 1).all()


def test_ink_covers_a_part_of_the_page_and_pencil_leaves_grains() -> None:
    solid, grainy = page(200, 200), page(200, 200)
    drawing = writing.written(rng(), FIVE, Box(30, 30, 170, 170), (1, 1))
    ink.write(rng(), solid, drawing, Pen(BLACK, 0.1))
    ink.write(rng(), grainy, drawing, Pen(BLACK, 0.1, grain=0.4))
    inside = (solid == 0).all(axis=2)
    assert 0.03 < inside.mean() < 0.4
    assert 0.03 < grainy[inside].std() < 0.3


def test_ruled_lines_are_where_they_should_be() -> None:
    sheet, view = grounds.squares(rng(), (900, 900), 450, (210, 240))
    points = np.round(view(np.array([[210.0, 450], [660, 450], [450, 240], [450, 690], [360, 360]]))).astype(int)
    *lines, between = (sheet[y - 1 : y + 2, x - 1 : x + 2].min() for x, y in points)
    assert max(lines) < between - 0.1


def test_a_view_that_is_not_turned_leaves_points_where_they_are() -> None:
    points = np.array([[10.0, 20], [200, 100]])
    np.testing.assert_allclose(views.seen(rng(), (300, 400), turn=0, tilt=0)(points), points, atol=1e-3)
    np.testing.assert_allclose(views.turned(points, 90, (0, 0)), [[-20, 10], [-100, 200]], atol=1e-9)


@pytest.mark.parametrize("make", [views.picture_shape, lambda rng: views.small_shape(rng, 200, 1400)])
def test_pictures_have_many_shapes(make: object) -> None:
    shapes = np.array([make(np.random.default_rng(seed)) for seed in range(50)])
    assert 200 <= shapes.min() <= shapes.max() <= 1400
    assert 10 < (shapes[:, 0] == shapes[:, 1]).sum() < 40


def test_a_shadow_takes_its_share_of_the_light() -> None:
    falling = light.shadow(rng(), (200, 300), 0.55)
    assert falling.shape == (200, 300)
    assert (falling.min(), falling.max()) == (pytest.approx(0.45), pytest.approx(1))
    assert ((falling > 0.46) & (falling < 0.99)).mean() < 0.2


@pytest.mark.parametrize("make", [light.soft_light, light.lamp_light, light.gutter])
def test_light_never_exceeds_the_brightest(make: object) -> None:
    falling = make(rng(), (120, 90))
    assert falling.shape == (120, 90)
    assert 0.05 < falling.min() < 0.97
    assert falling.max() <= 1


def test_glare_is_brightest_in_its_middle() -> None:
    spot = light.glare((100, 200), (150, 20), 30, 0.8, 1)
    assert np.unravel_index(spot.argmax(), spot.shape) == (20, 150)
    assert spot[20, 150] == pytest.approx(0.8)
    assert spot[90, 20] < 0.01


def test_a_photo_shows_what_is_on_the_page() -> None:
    sheet = page(300, 300)
    ink.write(rng(), sheet, writing.written(rng(), FIVE, Box(50, 50, 250, 250), (0.9, 1)), Pen(BLACK, 0.1))
    photo, saved = camera.photograph(rng(), sheet), camera.save(rng(), sheet)
    assert photo.dtype == saved.dtype == np.uint8
    assert np.abs(normalize_digit(photo).astype(float) - normalize_digit(saved)).mean() < 6
    noise = photo[:40, :40].astype(float).std(axis=(0, 1))
    assert (noise > 0.3).all()


def test_light_and_reflections_change_a_photo() -> None:
    sheet, dark, bright = page(), np.ones((90, 120), np.float32), np.zeros((90, 120), np.float32)
    dark[:, :60], bright[:, 60:] = 0.5, 0.4
    photo = camera.photograph(rng(), 0.5 * sheet, dark, reflection=bright)
    assert 2.5 < photo[:, 70:].mean() / photo[:, :50].mean() < 5


def test_outlines_go_around_a_box() -> None:
    box = Box(10, 20, 110, 80)
    for outline in (outlines.rectangle(box), outlines.ellipse(box)):
        assert writing.box_of(outline) == pytest.approx(box, abs=0.5)
    for outline in (outlines.rectangle_by_hand(rng(), box), outlines.ellipse_by_hand(rng(), box)):
        assert writing.box_of(outline) == pytest.approx(box, abs=12)
        assert writing.box_of(outline) != pytest.approx(box, abs=0.5)
