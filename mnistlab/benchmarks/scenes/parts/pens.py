"""Pens as people have them: each function returns one at random."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mnistlab.benchmarks.scenes.parts.chance import log_uniform, pick

Colour = tuple[float, float, float]
"""Red, green, blue, 0 to 1."""

BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Pen:
    """A pen as one person uses it once."""

    colour: Colour
    width: float  # as a share of the digit's height
    opacity: float = 1.0  # of full ink: less is paler
    grain: float = 0.0  # share of the ink that the paper's tooth leaves out, as a pencil or chalk does
    pressure: float = 0.0  # how much the width changes along a stroke, as a share


MakePen = Callable[[np.random.Generator], Pen]


def colour_near(rng: np.random.Generator, colour: Colour, distance: float = 0.08) -> Colour:
    """Return a colour at most this far from another in each channel."""
    red, green, blue = np.clip(np.array(colour) + rng.uniform(-distance, distance, 3), 0, 1)
    return float(red), float(green), float(blue)


def grey(rng: np.random.Generator, low: float, high: float) -> Colour:
    """Return a grey between two."""
    value = float(rng.uniform(low, high))
    return value, value, value


def black_pen(rng: np.random.Generator) -> Pen:
    colour = colour_near(rng, grey(rng, 0.06, 0.2), 0.04)
    return Pen(colour, log_uniform(rng, 0.03, 0.14), rng.uniform(0.85, 1), pressure=rng.uniform(0, 0.25))


def blue_pen(rng: np.random.Generator) -> Pen:
    colour = rng.uniform(0.05, 0.22), rng.uniform(0.1, 0.32), rng.uniform(0.42, 0.75)
    return Pen(colour, log_uniform(rng, 0.025, 0.11), rng.uniform(0.8, 1), rng.uniform(0, 0.1), rng.uniform(0, 0.25))


def any_pen(rng: np.random.Generator) -> Pen:
    return pick(rng, (black_pen, blue_pen))(rng)


def ballpoint(rng: np.random.Generator) -> Pen:
    """A thin one, black or blue."""
    colour = pick(rng, (colour_near(rng, (0.12, 0.12, 0.14), 0.05), colour_near(rng, (0.12, 0.2, 0.6))))
    return Pen(colour, log_uniform(rng, 0.03, 0.09), rng.uniform(0.85, 1), pressure=rng.uniform(0, 0.2))


def pencil(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.2, 0.4), log_uniform(rng, 0.03, 0.08), rng.uniform(0.6, 0.9), rng.uniform(0.15, 0.4), 0.15)


def faint_pencil(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.35, 0.5), log_uniform(rng, 0.02, 0.06), rng.uniform(0.4, 0.6), rng.uniform(0.1, 0.35), 0.15)


def fine_liner(rng: np.random.Generator) -> Pen:
    return Pen(colour_near(rng, grey(rng, 0.05, 0.25), 0.05), log_uniform(rng, 0.006, 0.016), rng.uniform(0.85, 1))


def marker(rng: np.random.Generator) -> Pen:
    """Of a whiteboard."""
    colours: tuple[Colour, ...] = (0.1, 0.1, 0.12), (0.1, 0.2, 0.6), (0.75, 0.1, 0.12), (0.05, 0.45, 0.25)
    colour = colour_near(rng, pick(rng, colours))
    return Pen(colour, log_uniform(rng, 0.04, 0.13), rng.uniform(0.8, 1), rng.uniform(0, 0.1), 0.1)


def red_pen(rng: np.random.Generator) -> Pen:
    return Pen(colour_near(rng, (0.78, 0.14, 0.17), 0.12), log_uniform(rng, 0.03, 0.13))


def highlighter(rng: np.random.Generator) -> Pen:
    colours: tuple[Colour, ...] = (
        *((0.95, 0.92, 0.1), (0.45, 0.9, 0.25), (0.98, 0.35, 0.65)),
        *((1.0, 0.6, 0.1), (0.25, 0.75, 0.95)),
    )
    return Pen(pick(rng, colours), log_uniform(rng, 0.08, 0.18), rng.uniform(0.75, 0.95))


def chalk(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.82, 0.98), log_uniform(rng, 0.04, 0.11), rng.uniform(0.8, 1), rng.uniform(0.2, 0.5), 0.2)


def white_pen(rng: np.random.Generator) -> Pen:
    return Pen(grey(rng, 0.85, 1), log_uniform(rng, 0.03, 0.12))


def brush(rng: np.random.Generator) -> Pen:
    """Of a drawing program, black."""
    return Pen(BLACK, log_uniform(rng, 0.04, 0.18))


def light_brush(rng: np.random.Generator) -> Pen:
    """Of a drawing program, white or almost white."""
    return Pen(grey(rng, 0.9, 1), log_uniform(rng, 0.05, 0.18))


def dark_pen(rng: np.random.Generator) -> Pen:
    """As in scans and drawing programs: exactly black, or almost."""
    return pick(rng, (brush, black_pen))(rng)
