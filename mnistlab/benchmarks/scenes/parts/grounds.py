"""What people write on: paper of all sorts, with lines or squares; boards; desks."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.chance import log_uniform, pick
from mnistlab.benchmarks.scenes.parts.ink import rule
from mnistlab.benchmarks.scenes.parts.pens import WHITE, Colour, colour_near, grey
from mnistlab.benchmarks.scenes.parts.views import Shape, View, seen
from mnistlab.strokes import Stroke

DARK_DESKS: tuple[Colour, ...] = (0.33, 0.22, 0.14), (0.22, 0.14, 0.09), (0.42, 0.3, 0.2), (0.12, 0.12, 0.13)

BRIGHT_DESKS: tuple[Colour, ...] = (0.55, 0.55, 0.55), (0.7, 0.55, 0.38), (0.62, 0.48, 0.33), (0.5, 0.55, 0.6)


def smooth_noise(rng: np.random.Generator, shape: Shape, cells: Shape) -> np.ndarray:
    """Return slow random changes, float32 of this shape, about 1 strong: as many bumps as there are cells."""
    noise = rng.standard_normal(cells, np.float32)
    return np.asarray(cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def ground(rng: np.random.Generator, shape: Shape, colour: Colour, mottle: float) -> np.ndarray:
    """Return a page of one colour with spots, which change its brightness by this share."""
    count = int(rng.integers(4, 40))
    return _shaded(1 + mottle * smooth_noise(rng, shape, (count, count)), colour)


def plain(shape: Shape, colour: Colour = WHITE) -> np.ndarray:
    """Return a page of exactly one colour."""
    return _shaded(np.ones(shape, np.float32), colour)


def paper_colour(rng: np.random.Generator) -> Colour:
    """Return the colour of paper: white, grey, yellowish."""
    value = rng.uniform(0.78, 0.98)
    return value, value * rng.uniform(0.96, 1), value * rng.uniform(0.84, 1)


def paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return ground(rng, shape, paper_colour(rng), rng.uniform(0, 0.012))


def white_or_paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return plain(shape) if rng.random() < 0.7 else paper(rng, shape)


def ruled_paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a page of ruled paper; one in four has a red margin."""
    page, view = paper(rng, shape), seen(rng, shape, bend=0.02)
    unit = min(shape) / 640
    spacing, width, (colour, opacity) = log_uniform(rng, 24, 145) * unit, rng.uniform(0.8, 2.4) * unit, _rule(rng)
    rule(page, _parallels(shape, spacing, rng.uniform(0, spacing), view), width, colour, opacity)
    if rng.random() < 0.25:
        x = (rng.uniform(0.05, 0.2) if rng.random() < 0.7 else rng.uniform(0.8, 0.95)) * shape[1]
        margin = view(np.array([[x, -0.3 * shape[0]], [x, 1.3 * shape[0]]])).tolist()
        rule(page, [margin], width, colour_near(rng, (0.85, 0.35, 0.4)), opacity)
    return page


def squared_paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a page of squared paper."""
    spacing = log_uniform(rng, 22, 140) * min(shape) / 640
    return squares(rng, shape, spacing, (rng.uniform(0, spacing), rng.uniform(0, spacing)))[0]


def squares(
    rng: np.random.Generator, shape: Shape, spacing: float, corner: tuple[float, float]
) -> tuple[np.ndarray, View]:
    """Return a page with squares of a size in pixels, one of them with its corner at (x, y), and how it is seen."""
    page, view = paper(rng, shape), seen(rng, shape, bend=0.008)
    width, (colour, opacity) = rng.uniform(0.8, 2.2) * min(shape) / 640, _rule(rng)
    lines = _parallels(shape, spacing, corner[1], view) + _parallels(shape, spacing, corner[0], view, upright=True)
    rule(page, lines, width, colour, opacity)
    return page, view


def desk(rng: np.random.Generator, shape: Shape, is_dark: bool) -> np.ndarray:
    """Return a desk: wood, or a smooth one."""
    colour = colour_near(rng, pick(rng, DARK_DESKS if is_dark else BRIGHT_DESKS), 0.05)
    if rng.random() < 0.3:
        return ground(rng, shape, colour, rng.uniform(0.005, 0.03))
    stripes = np.ones(shape, np.float32)
    for lines in (rng.integers(30, 120), rng.integers(8, 30)):
        cells = (int(lines), int(rng.integers(2, 6)))
        cells = cells if rng.random() < 0.7 else cells[::-1]
        stripes += rng.uniform(0.03, 0.12) * smooth_noise(rng, shape, cells)
    return np.clip(_shaded(stripes, colour), 0, 1)


def board(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a whiteboard."""
    return ground(rng, shape, colour_near(rng, grey(rng, 0.72, 0.95), 0.02), 0.004)


def blackboard(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a blackboard, green, black or grey, with smears."""
    colours: tuple[Colour, ...] = (0.12, 0.25, 0.18), (0.1, 0.1, 0.1), (0.2, 0.22, 0.22), (0.1, 0.2, 0.15)
    smears = smooth_noise(rng, shape, (int(rng.integers(3, 8)), int(rng.integers(6, 30))))
    return np.clip(_shaded(1 + rng.uniform(0.03, 0.15) * smears, colour_near(rng, pick(rng, colours), 0.03)), 0, 1)


def sticky_note(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    colours: tuple[Colour, ...] = (0.98, 0.9, 0.4), (0.98, 0.6, 0.7), (0.6, 0.9, 0.55), (0.55, 0.8, 0.95)
    return ground(rng, shape, colour_near(rng, pick(rng, colours)), 0.006)


def blueprint(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return ground(rng, shape, colour_near(rng, (0.12, 0.27, 0.52)), 0.015)


def _shaded(shade: np.ndarray, colour: Colour) -> np.ndarray:
    """A page of one colour, whose brightness is multiplied at each pixel."""
    return np.asarray(cv2.merge([shade * np.float32(channel) for channel in colour]))


def _rule(rng: np.random.Generator) -> tuple[Colour, float]:
    """The colour of printed lines, and their opacity."""
    colours: tuple[Colour, ...] = (0.35, 0.55, 0.8), (0.45, 0.5, 0.6), (0.5, 0.5, 0.5), (0.45, 0.65, 0.75)
    return colour_near(rng, pick(rng, colours)), rng.uniform(0.35, 0.9)


def _parallels(shape: Shape, spacing: float, start: float, view: View, upright: bool = False) -> list[Stroke]:
    """Parallel lines all over a page, one of them at `start`, as strokes in pixels."""
    height, width = shape[::-1] if upright else shape
    along = np.linspace(-0.4 * width, 1.4 * width, 25)
    lines = []
    for across in np.arange(start - spacing * np.ceil(0.4 * height / spacing), 1.4 * height, spacing):
        points = np.column_stack([along, np.full(len(along), across)])
        lines.append(view(points[:, ::-1] if upright else points).tolist())
    return lines
