"""Drawings that are no digits: scribbles, dots, lines, hearts and others."""

from math import cos, pi, radians, sin

import numpy as np

from mnistlab.datasets.synthetic.shapes import Maker, arc, by_hand, chosen, curve, line
from mnistlab.strokes import Drawing, place


def draw_doodles(kind: str, count: int, seed: int = 0) -> list[Drawing]:
    """Draw doodles of one kind, each by another hand.

    Parameters
    ----------
    kind : str
        One of `DOODLES`.
    count : int
    seed : int
        The same kind, seed and position give the same drawing.

    Returns
    -------
    list of drawings
        About 1 high, y downwards.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    """
    make, rng = chosen("kind of doodle", kind, DOODLES, seed)
    return [by_hand(_turned(make(rng), rng), rng) for _ in range(count)]


def _turned(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """A drawing turned by up to 12 degrees."""
    return place(drawing, 1, (0.5, 0.5), tilt=rng.uniform(-12, 12))


def _scribble(rng: np.random.Generator) -> Drawing:
    steps = rng.normal(size=(rng.integers(12, 40), 2)).cumsum(axis=0) * 0.15
    wild = rng.uniform(0, 1, (len(steps), 2))
    points = steps if rng.random() < 0.4 else wild * (rng.uniform(0.5, 1.5), 1)
    return [curve(*map(tuple, points))]


def _to_and_fro(rng: np.random.Generator) -> Drawing:
    turns = int(rng.integers(5, 16))
    ends = rng.uniform(0, 0.25, turns)
    x = np.where(np.arange(turns) % 2, 1 - ends, ends)
    return [line(*zip(x, np.linspace(0, rng.uniform(0.3, 1.2), turns), strict=True))]


def _dots(rng: np.random.Generator) -> Drawing:
    points = rng.uniform(0, 1, (rng.integers(1, 7), 2))
    return [[(x, y)] for x, y in points]


def _flat_line(rng: np.random.Generator) -> Drawing:
    angle = radians(rng.uniform(-35, 35))
    return [line((0, 0), (cos(angle), sin(angle)))]


def _lines(rng: np.random.Generator) -> Drawing:
    return [line((0, y), (rng.uniform(0.8, 1.2), y)) for y in np.linspace(0, rng.uniform(0.3, 1), rng.integers(2, 5))]


def _bars(rng: np.random.Generator) -> Drawing:
    return [line((x, 0), (x, rng.uniform(0.8, 1.2))) for x in np.linspace(0, rng.uniform(0.3, 1.2), rng.integers(2, 6))]


def _heart(rng: np.random.Generator) -> Drawing:
    t = np.linspace(0, 2 * pi, 40) + rng.choice([0, pi])
    x = 16 * np.sin(t) ** 3 * rng.uniform(0.8, 1.2)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [list(zip(x / 32, y / 32, strict=True))]


def _star(rng: np.random.Generator) -> Drawing:
    points = int(rng.choice([5, 5, 7]))
    angles = -pi / 2 + 2 * pi * np.arange(points + 1) * (points // 2) / points
    return [line(*zip(np.cos(angles) / 2, np.sin(angles) / 2, strict=True))]


def _asterisk(rng: np.random.Generator) -> Drawing:
    count = int(rng.integers(2, 5))
    angles = np.arange(count) * pi / count + rng.uniform(0, pi)
    return [line((-cos(a) / 2, -sin(a) / 2), (cos(a) / 2, sin(a) / 2)) for a in angles]


def _spiral(rng: np.random.Generator) -> Drawing:
    t = np.linspace(0, 2 * pi * rng.uniform(2.2, 4), 60)
    side = rng.choice([-1, 1])
    return [list(zip(side * t * np.cos(t), t * np.sin(t), strict=True))]


def _polygon(rng: np.random.Generator, corners: int) -> Drawing:
    angles = np.arange(corners + 1) * 2 * pi / corners - pi / 2 + (pi / 4 if corners == 4 else 0)
    return [line(*zip(np.cos(angles) / 2 * rng.uniform(0.7, 1.5), np.sin(angles) / 2, strict=True))]


def _arrow(rng: np.random.Generator) -> Drawing:
    head = rng.uniform(0.2, 0.35)
    side = rng.choice([-1, 1])
    return [line((0, 0), (side, 0)), line((side * (1 - head), -head), (side, 0), (side * (1 - head), head))]


def _house(rng: np.random.Generator) -> Drawing:
    wall = rng.uniform(0.4, 0.6)
    return [line((0, wall), (0, 1), (0.9, 1), (0.9, wall), (0, wall), (0.45, 0), (0.9, wall))]


def _face(rng: np.random.Generator) -> Drawing:
    mouth = arc(0.5, 0.55, 0.28, 0.2, 20, 160) if rng.random() < 0.7 else arc(0.5, 0.85, 0.28, 0.2, 200, 340)
    eyes = [[(x, 0.37)] for x in (0.33, 0.67)]
    return [arc(0.5, 0.5, 0.5, 0.5, -90, 270), *eyes, mouth]


def _wave(rng: np.random.Generator) -> Drawing:
    x = np.linspace(0, 1, 40)
    return [list(zip(x, rng.uniform(0.08, 0.3) * np.sin(2 * pi * rng.uniform(1.4, 4) * x), strict=True))]


def _grid(rng: np.random.Generator) -> Drawing:
    ends = np.linspace(0.3, 0.7, int(rng.integers(2, 4)))
    return [*[line((x, 0), (x, 1)) for x in ends], *[line((0, y), (1, y)) for y in ends]]


def _check_mark(rng: np.random.Generator) -> Drawing:
    return [line((0, rng.uniform(0.4, 0.7)), (rng.uniform(0.25, 0.4), 1), (1, 0))]


def _flower(rng: np.random.Generator) -> Drawing:
    petals = int(rng.integers(4, 8))
    t = np.linspace(0, 2 * pi, 80)
    r = 0.35 + 0.15 * np.cos(petals * t)
    return [list(zip(r * np.cos(t), r * np.sin(t), strict=True))]


DOODLES: dict[str, Maker] = {
    "scribble": _scribble,
    "to and fro": _to_and_fro,
    "dots": _dots,
    "flat line": _flat_line,
    "lines": _lines,
    "bars": _bars,
    "heart": _heart,
    "star": _star,
    "asterisk": _asterisk,
    "spiral": _spiral,
    "triangle": lambda rng: _polygon(rng, 3),
    "square": lambda rng: _polygon(rng, 4),
    "arrow": _arrow,
    "house": _house,
    "face": _face,
    "wave": _wave,
    "grid": _grid,
    "check mark": _check_mark,
    "flower": _flower,
}
"""Kinds of doodles by name, and the function that draws one."""
