"""Digits drawn by a seeded generator, in styles that no set of drawings has enough of."""

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.formats.labelled import GENERATOR, LabelledDrawing
from mnistlab.datasets.rendering import render_at_random
from mnistlab.datasets.synthetic import round_digits, straight_digits
from mnistlab.datasets.synthetic.shapes import Maker, by_hand, chosen

STYLES: dict[str, tuple[int, Maker]] = {
    "0, plain": (0, round_digits.draw_zero),
    "0, slashed /": (0, lambda rng: round_digits.draw_zero_with_bar(rng, -75, -30)),
    "0, slashed \\": (0, lambda rng: round_digits.draw_zero_with_bar(rng, 30, 75)),
    "0, barred": (
        0,
        lambda rng: round_digits.draw_zero_with_bar(rng, *((-15, 15) if rng.random() < 0.5 else (75, 105))),
    ),
    "0, crossed": (0, lambda rng: round_digits.draw_zero_with_bar(rng, 20, 70, bars=2)),
    "0, dotted": (0, round_digits.draw_zero_with_dot),
    "0, hooked": (0, round_digits.draw_zero_hooked),
    "1, plain": (1, straight_digits.draw_one_plain),
    "1, flag": (1, straight_digits.draw_one_with_flag),
    "1, hooked": (1, straight_digits.draw_one_hooked),
    "1, hooked with foot": (1, lambda rng: straight_digits.draw_one_hooked(rng, foot=True)),
    "1, leaning": (1, straight_digits.draw_one_leaning),
    "1, tail": (1, straight_digits.draw_one_with_tail),
    "1, serif and foot": (1, straight_digits.draw_one_with_foot),
    "2, plain": (2, lambda rng: round_digits.draw_two(rng)),
    "2, loop": (2, lambda rng: round_digits.draw_two(rng, loop=True)),
    "2, short foot": (2, lambda rng: round_digits.draw_two(rng, short=True)),
    "3, round": (3, lambda rng: round_digits.draw_three(rng, flat=False)),
    "3, flat top": (3, lambda rng: round_digits.draw_three(rng, flat=True)),
    "3, pointed": (3, round_digits.draw_three_pointed),
    "4, open": (4, straight_digits.draw_four_open),
    "4, closed": (4, straight_digits.draw_four_closed),
    "4, lightning": (4, straight_digits.draw_four_lightning),
    "4, narrow": (4, straight_digits.draw_four_narrow),
    "5, corner": (5, round_digits.draw_five),
    "5, rounded": (5, round_digits.draw_five_rounded),
    "6, straight": (6, lambda rng: round_digits.draw_six(rng, straight=True)),
    "6, curved": (6, lambda rng: round_digits.draw_six(rng, straight=False)),
    "6, open": (6, round_digits.draw_six_open),
    "6, wide": (6, round_digits.draw_six_wide),
    "7, plain": (7, straight_digits.draw_seven),
    "7, bar": (7, lambda rng: straight_digits.draw_seven(rng, bar=True)),
    "7, serif": (7, lambda rng: straight_digits.draw_seven(rng, serif=rng.uniform(0.08, 0.25), bar=rng.random() < 0.3)),
    "7, slanted top": (
        7,
        lambda rng: straight_digits.draw_seven(rng, slant=rng.uniform(4, 14), bar=rng.random() < 0.3),
    ),
    "7, bar in one stroke": (7, straight_digits.draw_seven_in_one_stroke),
    "7, foot": (7, straight_digits.draw_seven_with_foot),
    "8, two circles": (8, round_digits.draw_eight_circles),
    "8, S with a bar": (8, round_digits.draw_eight_with_bar),
    "8, open": (8, round_digits.draw_eight_open),
    "9, straight": (9, lambda rng: round_digits.draw_nine(rng, "straight")),
    "9, curved": (9, lambda rng: round_digits.draw_nine(rng, "curved")),
    "9, wavy": (9, lambda rng: round_digits.draw_nine(rng, "wavy")),
    "9, narrow": (9, round_digits.draw_nine_narrow),
    "9, open": (9, round_digits.draw_nine_open),
}
"""Styles by name: the digit's label, and the function that draws one."""


USUAL = 350
"""Digits of a style to train on."""

MORE = {
    **{style: 500 for style in STYLES if style.startswith("0, ") and style != "0, plain"},
    "1, flag": 2500,
    "1, hooked": 1200,
    "1, hooked with foot": 800,
    "1, leaning": 700,
    "4, narrow": 700,
    "6, open": 700,
    **{style: 450 for style in STYLES if style.startswith("7")},
    "7, slanted top": 900,
    "8, open": 700,
    "9, wavy": 700,
    "9, narrow": 700,
    "9, open": 700,
}
"""Styles that need more of them."""

TRAINING_SEED, TEST_SEED = 0, 1


def draw_style(style: str, count: int, seed: int = 0) -> list[LabelledDrawing]:
    """Draw digits in one style, each by another hand.

    A digit is drawn from lines and arcs with random proportions, then slanted, stretched and warped
    smoothly by random amounts.

    Parameters
    ----------
    style : str
        One of `STYLES`.
    count : int
    seed : int
        The same style, seed and position give the same drawing.

    Returns
    -------
    list of LabelledDrawing
        About 1 high, y downwards; the writer is `GENERATOR`.

    Raises
    ------
    UnknownNameError
        If there is no such style.
    """
    (label, make), rng = chosen("style", style, STYLES, seed)
    return [LabelledDrawing(by_hand(make(rng), rng), label, GENERATOR) for _ in range(count)]


def draw_all_styles(count: int, seed: int = 0) -> list[LabelledDrawing]:
    """Draw `count` digits in each style, in the order of `STYLES`; see `draw_style`."""
    return [drawing for style in STYLES for drawing in draw_style(style, count, seed)]


def draw_for_training() -> list[LabelledDrawing]:
    """Draw the synthetic digits to train on: most of those that are read worst without them."""
    return [drawing for style in STYLES for drawing in draw_style(style, MORE.get(style, USUAL), TRAINING_SEED)]


def draw_for_testing() -> list[LabelledDrawing]:
    """Draw 100 digits in each style, with a seed that nobody trains on."""
    return draw_all_styles(100, TEST_SEED)


def synthetic_digits(for_training: bool) -> Digits:
    """Return the digits of `draw_for_training` or `draw_for_testing`, rendered, from the user's cache."""
    draw = draw_for_training if for_training else draw_for_testing
    return DrawingSet("synthetic", draw.__name__, draw).rendered(render_at_random)
