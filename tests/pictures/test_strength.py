import numpy as np
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.pictures.ground.sheets import Sheet
from mnistlab.pictures.ground.strength import inks_on
from mnistlab.strokes import rasterize

FIVE = rasterize(EXAMPLES[6].drawing, 14)
WHOLE = Sheet(np.ones(FIVE.shape, bool), np.ones(FIVE.shape, bool))


def on_paper(light: np.ndarray | float) -> np.ndarray:
    """The five, dark, on grainy paper under some light from 0 to 1."""
    paper = 210.0 + np.random.default_rng(0).normal(0, 3, FIVE.shape)
    return (paper * light * (1 - 0.75 * FIVE / 255)).clip(0, 255).astype(np.uint8)[..., np.newaxis]


def half_in_shadow(share: float) -> np.ndarray:
    light = np.ones(FIVE.shape)
    light[np.add.outer(np.arange(280), np.arange(280)) > 280] = 1 - share
    return light


@pytest.mark.parametrize("share", [0.0, 0.35, 0.55])
def test_a_stroke_is_as_strong_in_a_shadow_as_in_the_light(share: float) -> None:
    ink, *_ = inks_on(on_paper(half_in_shadow(share)), WHOLE)
    core = FIVE == 255
    lit = half_in_shadow(0.5) == 1
    in_light, in_shadow = (float(np.median(ink.strength[core & part])) for part in (lit, ~lit))
    assert in_shadow == pytest.approx(in_light, abs=0.1)


def test_the_edge_of_a_shadow_is_no_ink() -> None:
    ink, *_ = inks_on(on_paper(half_in_shadow(0.5)), WHOLE)
    away = np.asarray(FIVE == 0)
    assert (ink.strength[away] > ink.certain).mean() < 0.01


def test_the_ground_of_a_screen_is_exact_and_that_of_paper_is_not() -> None:
    screen = (255 - FIVE)[..., np.newaxis]
    assert inks_on(screen, WHOLE)[0].is_clean
    assert not inks_on(on_paper(1.0), WHOLE)[0].is_clean


@pytest.mark.parametrize("is_light", [False, True])
def test_light_and_dark_ink_are_told_apart(is_light: bool) -> None:
    picture = on_paper(1.0)
    ink, *_ = inks_on(255 - picture if is_light else picture, WHOLE)
    assert ink.is_light == is_light
    assert ink.strength[FIVE == 255].mean() > 5 * ink.strength[FIVE == 0].mean()


def test_thick_strokes_beside_thin_lines_are_found_with_a_wider_ground() -> None:
    levels = np.random.default_rng(0).normal(210, 3, (280, 280))
    levels[::40], levels[:, ::40] = 60, 60
    levels[60:220, 110:170] = 40  # thick
    inks = inks_on(levels.clip(0, 255).astype(np.uint8)[..., np.newaxis], WHOLE)
    assert len(inks) == 2
    assert max(ink.strength[80:200, 120:160].min() for ink in inks) > 0.5
