"""The digits 1, 4 and 7 as strokes, each with random proportions: 1 high, y downwards."""

from math import cos, radians, sin

import numpy as np

from mnistlab.datasets.synthetic.shapes import curve, line
from mnistlab.strokes import Drawing, Stroke, place


def draw_one_with_flag(rng: np.random.Generator) -> Drawing:
    """A flag of 15 to 75 % of the height, 18 to 56 degrees from the stem."""
    length, angle = rng.uniform(0.15, 0.75), radians(rng.uniform(18, 56))
    tip = (-length * sin(angle), length * cos(angle))
    bend = rng.uniform(-0.04, 0.04)
    flag = curve(tip, (tip[0] / 2 + bend, tip[1] / 2 + bend), (0, 0))
    return [[*flag, *line((0, 0), (0, 1))[1:]]]


def draw_one_hooked(rng: np.random.Generator, foot: bool = False) -> Drawing:
    """A short flag that is nearly flat or bends like a hook, 40 to 95 degrees from the stem; with or without a foot."""
    length, angle = rng.uniform(0.14, 0.33), radians(rng.uniform(40, 95))
    x, y = -length * sin(angle), length * cos(angle)
    bend = rng.uniform(0, 0.12)
    flag = curve((x, y), (x / 2, y / 2 - bend), (0, 0))
    stem = [[*flag, *line((0, 0), (rng.uniform(-0.06, 0.06), 1))[1:]]]
    left, right = rng.uniform(0.08, 0.35, 2)
    return [*stem, line((-left, 1), (right, 1))] if foot else stem


def draw_one_leaning(rng: np.random.Generator) -> Drawing:
    """A flag of 20 to 75 % of the height, 15 to 36 degrees from a stem that leans 12 to 32 degrees to the right."""
    length, angle = rng.uniform(0.2, 0.75), radians(rng.uniform(15, 36))
    drawing = [line((-length * sin(angle), length * cos(angle)), (0, 0), (0, 1))]
    return place(drawing, 1, (0, 0.5), tilt=rng.uniform(12, 32))


def draw_one_with_tail(rng: np.random.Generator) -> Drawing:
    """A stem that ends in a short tail to the right and up, as in a small l; some have a flag."""
    bend, reach = rng.uniform(0.02, 0.1), rng.uniform(0.08, 0.22)
    start = [(-rng.uniform(0.1, 0.3), rng.uniform(0.1, 0.3))] if rng.random() < 0.3 else []
    tail = curve((-bend / 2, 0.85), (bend, 0.99), (reach, rng.uniform(0.82, 0.97)))
    return [[*line(*start, (0, 0), (-bend / 2, 0.85)), *tail[1:]]]


def draw_one_with_foot(rng: np.random.Generator) -> Drawing:
    """A short serif at the top and a foot."""
    flag = rng.uniform(0.1, 0.3)
    left, right = rng.uniform(0.12, 0.4, 2)
    return [line((-flag, flag * rng.uniform(0.5, 1.3)), (0, 0), (0, 1)), line((-left, 1), (right, 1))]


def draw_one_plain(rng: np.random.Generator) -> Drawing:
    """A stem."""
    return [line((0, 0), (rng.uniform(-0.1, 0.1), 1))]


def draw_seven(rng: np.random.Generator, serif: float = 0, slant: float = 0, bar: bool = False) -> Drawing:
    """A top and a stem: `serif` is the height of a tick at its left end, which is lowered by `slant` degrees."""
    width, foot = rng.uniform(0.5, 0.75), rng.uniform(-0.05, 0.35) + (0.2 if slant else 0)
    left = (0.0, width * np.tan(radians(slant)))
    bulge = rng.uniform(-0.06, 0.06)
    start = [(-serif * rng.uniform(0, 0.3), left[1] + serif)] if serif else []
    stem = curve((width, 0), ((width + foot * width) / 2 + bulge, 0.45), (foot * width, 1))
    strokes: list[Stroke] = [[*line(*start, left, (width, 0)), *stem[1:]]]
    if bar:
        y, reach = rng.uniform(0.4, 0.62), rng.uniform(0.14, 0.3)
        x = width + (foot * width - width) * y
        strokes.append(line((x - reach, y + rng.uniform(-0.04, 0.1)), (x + reach, y - rng.uniform(-0.04, 0.06))))
    return strokes


def draw_seven_in_one_stroke(rng: np.random.Generator) -> Drawing:
    """The pen goes on from the foot of the stem, in a loop, to the bar."""
    width, foot = rng.uniform(0.4, 0.65), rng.uniform(-0.1, 0.2)
    y, reach = rng.uniform(0.42, 0.62), rng.uniform(0.15, 0.3)
    middle = width + (foot - width) * y
    top = line((0, rng.uniform(0, 0.12)), (width, 0))
    stem = curve((width, 0), (middle, y), (foot, 1))
    back = curve((foot, 1), (foot - rng.uniform(0.02, 0.15), 0.85), (middle - reach, y + rng.uniform(-0.02, 0.1)))
    return [[*top, *stem[1:], *back[1:], *line(back[-1], (middle + reach, y))[1:]]]


def draw_seven_with_foot(rng: np.random.Generator) -> Drawing:
    """A stem that ends in a short tick to the right."""
    top_and_stem = draw_seven(rng)[0]
    x, y = top_and_stem[-1]
    return [[*top_and_stem, *line((x, y), (x + rng.uniform(0.08, 0.22), y + rng.uniform(-0.1, 0.04)))[1:]]]


def draw_four_open(rng: np.random.Generator) -> Drawing:
    """An open top, and a stem."""
    y, stem, top = rng.uniform(0.5, 0.68), rng.uniform(0.38, 0.55), rng.uniform(0, 0.3)
    right = stem + rng.uniform(0.05, 0.25)
    left = curve((rng.uniform(0, 0.2), 0), (rng.uniform(0, 0.05), y * 0.6), (0, y))
    return [[*left, *line((0, y), (right, y - rng.uniform(-0.03, 0.06)))[1:]], line((stem, top), (stem, 1))]


def draw_four_narrow(rng: np.random.Generator) -> Drawing:
    """A long line down, a short bar, and beside it a stem that begins far down."""
    y, stem, top = rng.uniform(0.55, 0.78), rng.uniform(0.14, 0.34), rng.uniform(0.25, 0.55)
    right = stem + rng.uniform(0, 0.1)
    left = line((rng.uniform(-0.05, 0.1), 0), (0, y), (right, y - rng.uniform(-0.02, 0.08)))
    return [left, line((stem, top), (stem + rng.uniform(-0.04, 0.04), 1))]


def draw_four_closed(rng: np.random.Generator) -> Drawing:
    """A triangle and a stem, in one or two strokes."""
    y, stem = rng.uniform(0.55, 0.72), rng.uniform(0.38, 0.55)
    bulge = rng.uniform(0, 0.14)
    bar = line((0, y), (stem + rng.uniform(0.05, 0.25), y))
    side = curve((0, y), (stem / 2 - bulge, y / 2 - bulge), (stem, 0))
    if rng.random() < 0.5:  # in one stroke: bar first, then up to the top and down the stem
        return [[*reversed(bar), *side[1:], *line((stem, 0), (stem, 1))[1:]]]
    return [[*reversed(side), *bar[1:]], line((stem, 0), (stem, 1))]


def draw_four_lightning(rng: np.random.Generator) -> Drawing:
    """Down to the left, across, and down again: the stem begins where the bar ends."""
    y, width = rng.uniform(0.45, 0.65), rng.uniform(0.4, 0.6)
    top, foot = rng.uniform(0.2, 0.6) * width, rng.uniform(0.2, 0.75) * width
    return [line((top, 0), (0, y), (width, y - rng.uniform(0, 0.14)), (foot, 1))]
