"""The kinds of pictures that people take of digits, and what is asked of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from mnistlab.benchmarks.scenes import desks, framed, screens, windows
from mnistlab.benchmarks.scenes.papers import (
    beside_a_gutter,
    in_a_dim_room,
    in_a_square,
    in_shadow,
    on_paper,
    several,
    under_a_lamp,
    with_glare,
)
from mnistlab.benchmarks.scenes.parts import grounds, pens
from mnistlab.benchmarks.scenes.parts.camera import POOR_JPEG, photograph
from mnistlab.benchmarks.scenes.parts.writing import as_it_is, one_above_other, side_by_side
from mnistlab.benchmarks.scenes.pool import DigitPool
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.errors import UnknownNameError
from mnistlab.strokes import Drawing

Compose = Callable[[np.random.Generator, Drawing], np.ndarray]
"""From a drawing, in any unit, to a picture with it. A drawing without strokes makes a blank picture."""

Arrange = Callable[[np.random.Generator, Sequence[Drawing]], Drawing]
"""From several digits to one drawing."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture as people take it.

    Attributes
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
        Grey, RGB or RGBA.
    label : int or None
        The digit in it; None if there is no single digit: the picture is blank, or has several.
    """

    picture: np.ndarray
    label: int | None


@dataclass(frozen=True)
class Kind:
    """A kind of pictures."""

    name: str
    group: str
    bar: float  # share that must be read correctly; where there is no single digit, that must be refused
    compose: Compose
    digits: int = 1
    arrange: Arrange = as_it_is


RULED, SQUARED = partial(on_paper, ground=grounds.ruled_paper), partial(on_paper, ground=grounds.squared_paper)
ABOUT_A_QUARTER = (0.15, 0.45)

KINDS: tuple[Kind, ...] = (
    Kind("plain paper", "paper", 0.99, on_paper),
    Kind("clean screen", "paper", 0.99, screens.on_a_screen),
    Kind("ruled, black ink", "lines", 0.95, partial(RULED, pen=pens.black_pen, share=ABOUT_A_QUARTER)),
    Kind("ruled, blue ink", "lines", 0.95, partial(RULED, pen=pens.blue_pen, share=ABOUT_A_QUARTER)),
    Kind("ruled, pencil", "lines", 0.95, partial(RULED, pen=pens.pencil, share=ABOUT_A_QUARTER)),
    Kind("squared, black ink", "lines", 0.95, partial(SQUARED, pen=pens.black_pen, share=ABOUT_A_QUARTER)),
    Kind("squared, blue ink", "lines", 0.95, partial(SQUARED, pen=pens.blue_pen, share=ABOUT_A_QUARTER)),
    Kind("squared, pencil", "lines", 0.95, partial(SQUARED, pen=pens.pencil, share=ABOUT_A_QUARTER)),
    Kind("one large square", "lines", 0.95, in_a_square),
    Kind("form box", "frames", 0.95, framed.in_a_form_box),
    Kind("pen-drawn box", "frames", 0.95, framed.in_a_drawn_box),
    Kind("printed circle", "frames", 0.90, partial(framed.in_a_circle, by_hand=False)),
    Kind("pen-drawn circle", "frames", 0.90, partial(framed.in_a_circle, by_hand=True)),
    Kind("underlined", "frames", 0.95, partial(framed.underlined, across=False)),
    Kind("underlined across", "frames", 0.95, partial(framed.underlined, across=True)),
    Kind("cell, thin lines", "frames", 0.95, partial(framed.in_a_cell, width=(0.005, 0.02))),
    Kind("cell, thick lines", "frames", 0.95, partial(framed.in_a_cell, width=(0.02, 0.06))),
    Kind("border of 1 px", "frames", 0.95, partial(framed.in_a_border, inset=(0, 0), width=(1, 1))),
    Kind("border of 3 px", "frames", 0.95, partial(framed.in_a_border, inset=(0, 0), width=(2, 5))),
    Kind("border inside", "frames", 0.95, partial(framed.in_a_border, inset=(2, 20), width=(1, 5))),
    Kind("dark canvas", "canvas", 0.95, screens.light_on_dark),
    Kind("dark canvas, thin margin", "canvas", 0.95, screens.with_a_thin_margin),
    Kind("light canvas, dark page", "canvas", 0.95, screens.dark_on_light),
    Kind("canvas, coloured page", "canvas", 0.95, screens.on_a_coloured_page),
    Kind("drawing program", "canvas", 0.95, windows.in_a_drawing_program),
    Kind("notebook plot", "canvas", 0.95, windows.in_a_plot),
    Kind("sheet on a desk, 70 %", "desks", 0.95, partial(desks.on_a_desk, share=0.7)),
    Kind("sheet on a desk, 90 %", "desks", 0.95, partial(desks.on_a_desk, share=0.9)),
    Kind("sheet on a bright desk", "desks", 0.95, partial(desks.on_a_desk, share=0.8, is_dark=False)),
    Kind("strip of desk", "desks", 0.95, desks.beside_a_strip),
    Kind("thumb", "desks", 0.95, desks.held_by_a_thumb),
    Kind("shadow of 35 %", "light", 0.95, partial(on_paper, camera=partial(in_shadow, depth=0.35))),
    Kind("shadow of 55 %", "light", 0.95, partial(on_paper, camera=partial(in_shadow, depth=0.55))),
    Kind("book gutter", "light", 0.95, partial(on_paper, camera=beside_a_gutter)),
    Kind("lamp light", "light", 0.95, partial(on_paper, camera=under_a_lamp)),
    Kind("glare", "light", 0.90, with_glare),
    Kind("dim room", "light", 0.90, partial(on_paper, share=(0.25, 0.8), camera=in_a_dim_room)),
    Kind("1 px on 400", "thin", 0.90, partial(framed.with_thin_lines, side=400, width=1)),
    Kind("1 px on 1,200", "thin", 0.90, partial(framed.with_thin_lines, side=1200, width=1)),
    Kind("3 px on 600", "thin", 0.90, partial(framed.with_thin_lines, side=600, width=3)),
    Kind("fine liner", "thin", 0.90, partial(on_paper, pen=pens.fine_liner, share=(0.4, 0.8))),
    Kind("faint pencil", "thin", 0.90, partial(on_paper, pen=pens.faint_pencil, share=(0.3, 0.8))),
    Kind("blank, plain", "blank", 0.95, on_paper, digits=0),
    Kind("blank, ruled", "blank", 0.95, RULED, digits=0),
    Kind("blank, squared", "blank", 0.95, SQUARED, digits=0),
    Kind("blank, shadow", "blank", 0.95, partial(on_paper, camera=partial(in_shadow, depth=0.5)), digits=0),
    Kind("blank, sheet on a desk", "blank", 0.95, partial(desks.on_a_desk, share=0.8), digits=0),
    Kind("two digits", "several", 0.95, several, 2, partial(side_by_side, gap=(0.3, 0.9))),
    Kind("two digits, small gap", "several", 0.95, several, 2, partial(side_by_side, gap=(0.12, 0.3))),
    Kind("four digits", "several", 0.95, several, 4, partial(side_by_side, gap=(0.15, 0.6))),
    Kind(
        "two digits, ruled",
        "several",
        0.95,
        partial(RULED, share=(0.15, 0.35)),
        2,
        partial(side_by_side, gap=(0.15, 0.7)),
    ),
    Kind("two digits, one above", "several", 0.95, several, 2, partial(one_above_other, gap=(0.2, 0.7))),
    Kind("red pen", "colours", 0.95, partial(on_paper, pen=pens.red_pen, share=(0.25, 0.8))),
    Kind("highlighter", "colours", 0.95, partial(on_paper, pen=pens.highlighter, share=(0.3, 0.8))),
    Kind("sticky note", "colours", 0.95, partial(on_paper, ground=grounds.sticky_note, share=(0.3, 0.8))),
    Kind(
        "blackboard", "colours", 0.95, partial(on_paper, ground=grounds.blackboard, pen=pens.chalk, share=(0.25, 0.8))
    ),
    Kind(
        "blueprint", "colours", 0.95, partial(on_paper, ground=grounds.blueprint, pen=pens.white_pen, share=(0.25, 0.8))
    ),
    Kind(
        "low JPEG quality",
        "colours",
        0.95,
        partial(on_paper, share=(0.25, 0.8), camera=partial(photograph, settings=POOR_JPEG)),
    ),
    Kind("transparent", "colours", 0.95, screens.transparent),
    Kind("tight crop", "colours", 0.95, screens.tight),
    Kind("tiny", "colours", 0.95, screens.tiny),
    Kind("torn, transparent", "colours", 0.95, partial(desks.torn_off, is_transparent=True)),
    Kind("torn, black", "colours", 0.95, partial(desks.torn_off, is_transparent=False)),
)

GROUPS = tuple(dict.fromkeys(kind.group for kind in KINDS))
"""Names of groups of kinds, in their order."""

ALL = "all"
"""Stands for all kinds."""


def kinds_named(*names: str) -> tuple[Kind, ...]:
    """Return the kinds with these names or in groups with these names, `ALL` in all; UnknownNameError for another."""
    known = dict.fromkeys([ALL, *(name for kind in KINDS for name in (kind.group, kind.name))])
    for name in names:
        if name not in known:
            raise UnknownNameError("kind of pictures", name, known)
    return tuple(kind for kind in KINDS if {kind.name, kind.group, ALL} & {*names})


def compose_scenes(kind: Kind, digits: Sequence[LabelledDrawing], count: int, seed: int = 0) -> Iterator[Scene]:
    """Compose pictures of one kind.

    Each depends on the kind, the digits, and the seed; not on other kinds.

    Parameters
    ----------
    kind : Kind
    digits : sequence of LabelledDrawing
        In any unit, y downwards; see `DigitPool` for how they are chosen.
    count : int
    seed : int

    Yields
    ------
    Scene

    Raises
    ------
    ValueError
        If there are no digits that can be read.
    """
    rng = np.random.default_rng([seed, *kind.name.encode()])
    pool = DigitPool(digits, rng)
    for _ in range(count):
        chosen = pool.choose(kind.digits)
        drawing = kind.arrange(rng, [digit.drawing for digit in chosen])
        yield Scene(kind.compose(rng, drawing), chosen[0].label if kind.digits == 1 else None)
