"""The digits 0, 2, 3, 5, 6, 8 and 9 as strokes, each with random proportions: 1 high, y downwards."""

from math import cos, radians, sin

import numpy as np

from mnistlab.datasets.synthetic.shapes import arc, curve, line
from mnistlab.strokes import Drawing, Stroke, place


def draw_zero(rng: np.random.Generator) -> Drawing:
    """A ring that may not close or may overlap."""
    start = rng.uniform(-130, -50)
    return [arc(0, 0.5, rng.uniform(0.24, 0.45), 0.5, start, start - rng.uniform(345, 375))]


def draw_zero_hooked(rng: np.random.Generator) -> Drawing:
    """A tilted ring whose one end turns inwards, and that may not close or overlap far."""
    width, depth, share = rng.uniform(0.28, 0.45), rng.uniform(0.15, 0.65), rng.uniform(0.1, 0.25)
    ring = arc(0, 0.5, width, 0.5, 0, -rng.uniform(325, 420))
    inwards = 1 - depth * np.maximum(0, 1 - np.linspace(0, 1 / share, len(ring)))
    hooked = [(x * k, 0.5 + (y - 0.5) * k) for (x, y), k in zip(ring, inwards.tolist(), strict=True)]
    return place([hooked], 1, (0, 0.5), tilt=rng.uniform(-180, 180) if width > 0.38 else rng.uniform(-50, 50))


def draw_zero_with_bar(rng: np.random.Generator, low: float, high: float, bars: int = 1) -> Drawing:
    """A zero with a bar whose angle lies between `low` and `high` degrees, clockwise from the right."""
    ring = draw_zero(rng)[0]
    strokes: list[Stroke] = [ring]
    first = rng.uniform(low, high)
    for bar in range(bars):
        angle, reach = radians(first + bar * rng.uniform(70, 110)), rng.uniform(0.7, 1.7, 2)
        width = max(x for x, _ in ring)
        half = 1 / np.hypot(cos(angle) / width, sin(angle) / 0.5)  # from the centre to the ring
        ends = [(side * half * cos(angle), 0.5 + side * half * sin(angle)) for side in (-reach[0], reach[1])]
        strokes.append(line(*ends))
    return strokes


def draw_zero_with_dot(rng: np.random.Generator) -> Drawing:
    """A ring and a dot near its centre."""
    x, y = rng.uniform(-0.04, 0.04, 2)
    return [*draw_zero(rng), [(x, y + 0.5), (x + rng.uniform(0, 0.03), y + 0.5 + rng.uniform(0, 0.05))]]


def draw_five(rng: np.random.Generator) -> Drawing:
    """In one or two strokes."""
    width, height = rng.uniform(0.4, 0.6), rng.uniform(0.26, 0.3)
    bowl = arc(width * 0.4, 1 - height, width * 0.6, height, rng.uniform(210, 240), 500 + rng.uniform(-15, 20))
    down = [*line((0.05, 0), (0, bowl[0][1])), *bowl]
    top = line((0.05, 0), (width, rng.uniform(-0.05, 0.05)))
    return [[*reversed(top), *down[1:]]] if rng.random() < 0.5 else [down, top]


def draw_five_rounded(rng: np.random.Generator) -> Drawing:
    """In one stroke without a corner, as an S."""
    width, y = rng.uniform(0.2, 0.32), rng.uniform(0.38, 0.5)
    top = [(width * rng.uniform(0.8, 1.5), rng.uniform(-0.04, 0.06)), (-width * 0.5, 0.06), (-width, y * 0.75)]
    bowl = [(0, y), (width, (1 + y) / 2), (0, 1), (-width * rng.uniform(0.7, 1.2), rng.uniform(0.86, 0.97))]
    return [curve(*top, *bowl)]


def draw_six(rng: np.random.Generator, straight: bool) -> Drawing:
    """A ring and a straight or curved stem."""
    width, height = rng.uniform(0.2, 0.32), rng.uniform(0.2, 0.3)
    middle = 1 - height
    bend = 0.0 if straight else rng.uniform(0.05, 0.15)
    top = (width * rng.uniform(0.2, 1.3), 0)
    stem = curve(top, (top[0] / 2 - width / 2 - bend, middle / 2), (-width, middle))
    return [[*stem, *arc(0, middle, width, height, 180, -rng.uniform(180, 230))[1:]]]


def draw_six_open(rng: np.random.Generator) -> Drawing:
    """A bowl that does not come back to the stem."""
    width, height = rng.uniform(0.2, 0.34), rng.uniform(0.18, 0.28)
    middle = 1 - height
    stem = curve((width * rng.uniform(-0.3, 1.2), 0), (-width * rng.uniform(0.4, 1.1), middle / 2), (-width, middle))
    return [[*stem, *arc(0, middle, width, height, 180, -rng.uniform(60, 150))[1:]]]


def draw_six_wide(rng: np.random.Generator) -> Drawing:
    """A wide ring and a short stem."""
    width, height = rng.uniform(0.32, 0.48), rng.uniform(0.32, 0.4)
    middle, lean = 1 - height, rng.uniform(-0.1, 0.5)
    stem = curve((lean * width, 0), (-width * rng.uniform(0.7, 0.95), middle * 0.5), (-width, middle))
    return [[*stem, *arc(0, middle, width, height, 180, -rng.uniform(170, 215))[1:]]]


def draw_nine_narrow(rng: np.random.Generator) -> Drawing:
    """A ring that is nearly a line, and a straight tail from its right end."""
    width, height, foot = rng.uniform(0.16, 0.32), rng.uniform(0.06, 0.13), rng.uniform(-0.3, 0.1)
    ring = arc(0, height, width, height, rng.uniform(-90, 0), -360)
    return [[*ring, *curve((width, height), (width + foot / 2, 0.5), (width + foot, 1))[1:]]]


def draw_nine_open(rng: np.random.Generator) -> Drawing:
    """A bowl that is open at the upper right, and a stem."""
    width, height = rng.uniform(0.2, 0.32), rng.uniform(0.2, 0.3)
    bowl = arc(0, height, width, height, rng.uniform(-110, -70), -rng.uniform(340, 365))
    x, y = bowl[-1]
    foot = x + rng.uniform(-0.2, 0.1)
    if rng.random() < 0.5:  # in one stroke: back up, then down the stem
        return [[*bowl, *line((x, y), (x, y * rng.uniform(0.2, 0.7)), (foot, 1))[1:]]]
    return [bowl, line((x, rng.uniform(0, y)), (foot, 1))]


def draw_nine(rng: np.random.Generator, tail: str) -> Drawing:
    """A ring and a tail: straight, curved or wavy."""
    width, height = rng.uniform(0.2, 0.32), rng.uniform(0.14 if tail == "wavy" else 0.2, 0.3)
    ring = arc(0, height, width, height, rng.uniform(-75, -20), -360)
    foot = rng.uniform(-0.25, 0.15)
    ends = {
        "straight": [(foot, 1.0)],
        "curved": [(width * 0.9, 0.75), (0.0, 1.0), (-width, rng.uniform(0.8, 0.92))],
        "wavy": [
            (width - rng.uniform(0.06, 0.22), rng.uniform(0.5, 0.6)),
            (width * rng.uniform(0.6, 1.2), 0.76),
            (width * rng.uniform(0.1, 0.4), 0.98),
            (-width * rng.uniform(0.1, 1), rng.uniform(0.86, 0.98)),
        ],
    }
    return [[*ring, *curve((width, height), *ends[tail])[1:]]]


def draw_two(rng: np.random.Generator, loop: bool = False, short: bool = False) -> Drawing:
    """With a loop or a corner at the lower left; the foot can be short."""
    width, height = rng.uniform(0.22, 0.32), rng.uniform(0.22, 0.3)
    head = arc(0, height, width, height, rng.uniform(180, 220), 375)
    left, rise = -width, rng.uniform(-0.05, 0.1)
    right = left + rng.uniform(0.1, 0.25) if short else width * rng.uniform(1, 1.6)
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
    bowl = arc(0, 1 - height, width, height, rng.uniform(-100, -75), rng.uniform(100, 165))
    if flat:
        top = line((-width, 0), (width * rng.uniform(0.7, 1), 0), inner)
    else:
        top = arc(0, inner[1] / 2, width * 0.85, inner[1] / 2, rng.uniform(-170, -140), 80)
    return [[*top, *bowl]]


def draw_three_pointed(rng: np.random.Generator) -> Drawing:
    """Corners in place of bowls."""
    width, y = rng.uniform(0.22, 0.34), rng.uniform(0.34, 0.5)
    top = [(-width, rng.uniform(0, 0.12)), (width * rng.uniform(0.7, 1), rng.uniform(-0.04, 0.08))]
    middle = (rng.uniform(-0.15, 0.08), y)
    return [line(*top, middle, (width, rng.uniform(0.6, 0.75)), (-width * rng.uniform(0.4, 1), 1))]


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


def draw_eight_open(rng: np.random.Generator) -> Drawing:
    """In one stroke: an S, and a curve back up that ends before its beginning."""
    width, height = rng.uniform(0.2, 0.3), rng.uniform(0.2, 0.27)
    start = (width * rng.uniform(0.2, 1.1), rng.uniform(0.03, 0.2))
    s = [start, (0, 0), (-width, height), (0, rng.uniform(0.44, 0.54)), (width, 1 - height), (0, 1)]
    end = (width * rng.uniform(0.5, 1.1), height + rng.uniform(-0.06, 0.1))
    drawing = [curve(*s, (-width, 1 - height), (-width * 0.2, 0.56), end)]
    return [[(-x, y) for x, y in drawing[0]]] if rng.random() < 0.3 else drawing
