import numpy as np
import pytest

from mnistlab.pictures.ground.ink import DARKEST, Ink
from mnistlab.pictures.shades import is_shade

SIDE = 120


def ink_on(levels: np.ndarray, ground: np.ndarray) -> Ink:
    strength = ((ground - levels) / (ground + DARKEST)).astype(np.float32)
    return Ink(strength, 0.01, False, False, ground.astype(np.uint8), np.ones(levels.shape, bool))


def two_halves(left: float, right: float) -> np.ndarray:
    return np.where(np.arange(SIDE) < SIDE // 2, left, right) + np.zeros((SIDE, 1))


@pytest.mark.parametrize("width", [3, 8])
def test_a_dark_strip_between_light_and_shadow_is_a_shade_and_one_in_the_light_is_none(width: int) -> None:
    shadow = two_halves(200, 100)
    ground = np.roll(shadow, width, axis=1)  # wrong: light where the shadow begins
    ink = ink_on(shadow, np.maximum(shadow, ground))
    assert is_shade(ink, ink.strength > 0.2, width)
    light = np.full((SIDE, SIDE), 200.0)
    light[:, 40 : 40 + width] = 100
    ink = ink_on(light, np.full((SIDE, SIDE), 200.0))
    assert not is_shade(ink, ink.strength > 0.2, width)


@pytest.mark.parametrize("stroke", [np.s_[20:100, 61:66], np.s_[30:34, 20:100]])
def test_a_stroke_along_a_shadow_or_into_it_is_none(stroke: tuple[slice, slice]) -> None:
    shadow = two_halves(200, 110)
    levels = shadow.copy()
    levels[stroke] *= 0.3
    ink = ink_on(levels, shadow)
    assert not is_shade(ink, ink.strength > 0.2, 5)


def test_the_corner_of_a_sheet_is_no_stroke() -> None:
    """What is lighter than the desk goes on as the sheet, which passes for ground."""
    rows, columns = np.indices((SIDE, SIDE))
    sheet = np.where((rows > 20) & (columns > 20), 100.0, 200.0)  # upside down: the desk is the ground
    corner = (rows > 20) & (columns > 20) & (rows + columns < 80)
    ground = np.where((rows + columns < 80) | (sheet == 200), 200.0, 100.0)
    assert is_shade(ink_on(sheet, ground), corner, 22)
    square = (rows > 20) & (rows < 36) & (columns > 20) & (columns < 80)
    alone = np.where(square, 100.0, 200.0)
    assert not is_shade(ink_on(alone, np.full((SIDE, SIDE), 200.0)), square, 16)
