"""The ten digits as strokes, each with random proportions: 1 high, y downwards."""

from math import cos, radians, sin

import numpy as np

from mnistlab.datasets.synthetic.shapes import arc, curve, line
from mnistlab.strokes import Drawing, Stroke


def draw_one_with_flag(rng: np.random.Generator) -> Drawing:
    """A flag of 15 to 75 % of the height, 18 to 56 degrees from the stem."""
    length, angle = rng.uniform(0.15, 0.75), radians(rng.uniform(18, 56))
    tip = (-length * sin(angle), length * cos(angle))
    bend = rng.uniform(-0.04, 0.04)
    flag = curve(tip, (tip[0] / 2 + bend, tip[1] / 2 + bend), (0, 0))
    return [[*flag, *line((0, 0), (0, 1))[1:]]]


def draw_one_hooked(rng: np.random.Generator, foot: bool = False) -> Drawing:
    """A short flag that is nearly flat or bends like a hook, 40 to 95 degrees from the stem; with or without a foot."""
    length, angle = rng.uniform(0.14, 0.29), radians(rng.uniform(40, 95))
    x, y = -length * sin(angle), length * cos(angle)
    bend = rng.uniform(0, 0.12)
    flag = curve((x, y), (x / 2, y / 2 - bend), (0, 0))
    stem = [[*flag, *line((0, 0), (rng.uniform(-0.06, 0.06), 1))[1:]]]
    left, right = rng.uniform(0.08, 0.35, 2)
    return [*stem, line((-left, 1), (right, 1))] if foot else stem


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
    width, foot = rng.uniform(0.45, 0.7), rng.uniform(-0.05, 0.35)
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


def draw_zero(rng: np.random.Generator) -> Drawing:
    """A ring that may not close or may overlap."""
    start = rng.uniform(-130, -50)
    return [arc(0, 0.5, rng.uniform(0.24, 0.45), 0.5, start, start - rng.uniform(345, 375))]


def draw_zero_with_bar(rng: np.random.Generator, low: float, high: float, bars: int = 1) -> Drawing:
    """A zero with a bar whose angle lies between `low` and `high` degrees, clockwise from the right."""
    ring = draw_zero(rng)[0]
    strokes: list[Stroke] = [ring]
    first = rng.uniform(low, high)
    for bar in range(bars):
        angle, reach = radians(first + bar * rng.uniform(70, 110)), rng.uniform(0.7, 1.4, 2)
        width = max(x for x, _ in ring)
        half = 1 / np.hypot(cos(angle) / width, sin(angle) / 0.5)  # from the centre to the ring
        ends = [(side * half * cos(angle), 0.5 + side * half * sin(angle)) for side in (-reach[0], reach[1])]
        strokes.append(line(*ends))
    return strokes


def draw_zero_with_dot(rng: np.random.Generator) -> Drawing:
    """A ring and a dot near its centre."""
    x, y = rng.uniform(-0.04, 0.04, 2)
    return [*draw_zero(rng), [(x, y + 0.5), (x + rng.uniform(0, 0.03), y + 0.5 + rng.uniform(0, 0.05))]]


def draw_four_open(rng: np.random.Generator) -> Drawing:
    """An open top, and a stem."""
    y, stem, top = rng.uniform(0.5, 0.68), rng.uniform(0.38, 0.55), rng.uniform(0, 0.3)
    right = stem + rng.uniform(0.05, 0.25)
    left = curve((rng.uniform(0, 0.2), 0), (rng.uniform(0, 0.05), y * 0.6), (0, y))
    return [[*left, *line((0, y), (right, y - rng.uniform(-0.03, 0.06)))[1:]], line((stem, top), (stem, 1))]


def draw_four_closed(rng: np.random.Generator) -> Drawing:
    """A triangle and a stem, in one or two strokes."""
    y, stem = rng.uniform(0.55, 0.72), rng.uniform(0.38, 0.55)
    bar = line((0, y), (stem + rng.uniform(0.05, 0.25), y))
    if rng.random() < 0.5:  # in one stroke: bar first, then up to the top and down the stem
        return [[*reversed(bar), *line((0, y), (stem, 0), (stem, 1))[1:]]]
    return [[*line((stem, 0), (0, y)), *bar[1:]], line((stem, 0), (stem, 1))]


def draw_four_lightning(rng: np.random.Generator) -> Drawing:
    """Down to the left, across, and down again: the stem begins where the bar ends."""
    y, width = rng.uniform(0.45, 0.65), rng.uniform(0.4, 0.6)
    top, foot = rng.uniform(0.2, 0.6) * width, rng.uniform(0.2, 0.75) * width
    return [line((top, 0), (0, y), (width, y - rng.uniform(0, 0.14)), (foot, 1))]


def draw_five(rng: np.random.Generator) -> Drawing:
    """In one or two strokes."""
    width, height = rng.uniform(0.4, 0.6), rng.uniform(0.26, 0.3)
    bowl = arc(width * 0.4, 1 - height, width * 0.6, height, rng.uniform(210, 240), 500 + rng.uniform(-15, 20))
    down = [*line((0.05, 0), (0, bowl[0][1])), *bowl]
    top = line((0.05, 0), (width, rng.uniform(-0.05, 0.05)))
    return [[*reversed(top), *down[1:]]] if rng.random() < 0.5 else [down, top]


def draw_six(rng: np.random.Generator, straight: bool) -> Drawing:
    """A ring and a straight or curved stem."""
    width, height = rng.uniform(0.2, 0.32), rng.uniform(0.2, 0.3)
    middle = 1 - height
    bend = 0.0 if straight else rng.uniform(0.05, 0.15)
    top = (width * rng.uniform(0.2, 1.3), 0)
    stem = curve(top, (top[0] / 2 - width / 2 - bend, middle / 2), (-width, middle))
    return [[*stem, *arc(0, middle, width, height, 180, -rng.uniform(180, 230))[1:]]]


def draw_nine(rng: np.random.Generator, tail: str) -> Drawing:
    """A ring and a tail: straight, curved or wavy."""
    width, height = rng.uniform(0.2, 0.32), rng.uniform(0.2, 0.3)
    ring = arc(0, height, width, height, rng.uniform(-60, -20), -360)
    foot = rng.uniform(-0.25, 0.15)
    ends = {
        "straight": [(foot, 1.0)],
        "curved": [(width * 0.9, 0.75), (0.0, 1.0), (-width, rng.uniform(0.8, 0.92))],
        "wavy": [
            (width - rng.uniform(0.06, 0.16), 0.6),
            (width * rng.uniform(0.8, 1.1), 0.76),
            (width * 0.3, 0.98),
            (-width * rng.uniform(0.4, 1), 0.88),
        ],
    }
    return [[*ring, *curve((width, height), *ends[tail])[1:]]]


def draw_two(rng: np.random.Generator, loop: bool) -> Drawing:
    """With a loop or a corner at the lower left."""
    width, height = rng.uniform(0.22, 0.32), rng.uniform(0.22, 0.3)
    head = arc(0, height, width, height, rng.uniform(180, 220), 375)
    left, right, rise = -width, width * rng.uniform(1, 1.6), rng.uniform(-0.05, 0.1)
    if loop:
        size, low = rng.uniform(0.08, 0.16), rng.uniform(0.94, 1)
        around = [(left + size, low), (left, low - size / 2), (left + size, low - size), (0.02, low - 0.05)]
        return [[*head, *curve(head[-1], (width * 0.35, 0.68), *around, (right, low - rise))[1:]]]
    down = curve(head[-1], (width * 0.45, 0.65), (left, 1))
    return [[*head, *down[1:], *line((left, 1), (right, 1 - rise))[1:]]]


def draw_three(rng: np.random.Generator, flat: bool) -> Drawing:
    """Two bowls, or a flat top and a bowl."""
    width, height = rng.uniform(0.26, 0.36), rng.uniform(0.26, 0.31)
    inner = (rng.uniform(-0.08, 0.08), 1 - 2 * height)
    bowl = arc(0, 1 - height, width, height, rng.uniform(-100, -75), rng.uniform(125, 165))
    if flat:
        top = line((-width, 0), (width * rng.uniform(0.7, 1), 0), inner)
    else:
        top = arc(0, inner[1] / 2, width * 0.85, inner[1] / 2, rng.uniform(-170, -140), 80)
    return [[*top, *bowl]]


def draw_eight_circles(rng: np.random.Generator) -> Drawing:
    """Two rings."""
    upper, width = rng.uniform(0.21, 0.25), rng.uniform(0.17, 0.26)
    lower = 0.5 - upper
    start = rng.uniform(60, 120)
    shift = rng.uniform(-0.03, 0.03)
    first = arc(0, upper, width, upper, start, start + rng.uniform(345, 375))
    below = width * rng.uniform(1, 1.3)
    return [first, arc(shift, 2 * upper + lower, below, lower, -start, -start - rng.uniform(345, 375))]


def draw_eight_with_bar(rng: np.random.Generator) -> Drawing:
    """An S, and a bar back to its beginning."""
    width, height = rng.uniform(0.2, 0.28), rng.uniform(0.23, 0.27)
    start = (width * rng.uniform(0.7, 1.2), rng.uniform(0, 0.12))
    s = curve(start, (0, 0), (-width, height), (0, 0.5), (width, 1 - height), (0, 1), (-width, 1 - height * 0.7))
    return [[*s, *line(s[-1], (start[0] + rng.uniform(-0.05, 0.05), start[1]))[1:]]]
