"""What people write on: paper of all sorts, seen from any side, with lines or squares; boards; desks."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.ink import Colour, colour_near, grey, lines_on
from mnistlab.strokes import Stroke

Shape = tuple[int, int]
"""Height and width of a picture, in pixels."""


def picture_shape(rng: np.random.Generator, smallest: int = 200, largest: int = 1400) -> Shape:
    """Return the shape of a picture: most are 400 to 900 pixels high, and somewhat higher or wider than a square."""
    ranges = (400, 900), (200, 400), (900, 1400)
    height = rng.uniform(*ranges[rng.choice(3, p=[0.8, 0.1, 0.1])])
    width = height * (1.0 if rng.random() < 0.4 else rng.uniform(0.72, 1.4))
    low, high = np.clip([height, width], smallest, largest)
    return int(low), int(high)


def smooth_noise(rng: np.random.Generator, shape: Shape, cells: Shape) -> np.ndarray:
    """Return slow random changes, float32 of this shape, about 1 strong: as many bumps as there are cells."""
    noise = rng.standard_normal((max(2, cells[0]), max(2, cells[1])), np.float32)
    return np.asarray(cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def ground(rng: np.random.Generator, shape: Shape, colour: Colour, mottle: float = 0.01) -> np.ndarray:
    """Return a page of one colour with slight spots."""
    page = np.empty((*shape, 3), np.float32)
    page[:] = colour
    if mottle:
        page *= 1 + mottle * smooth_noise(rng, shape, (int(rng.integers(4, 40)),) * 2)[..., np.newaxis]
    return page


def paper_colour(rng: np.random.Generator) -> Colour:
    """Return the colour of paper: white, grey, yellowish."""
    value = rng.uniform(0.78, 0.98)
    return value, value * rng.uniform(0.96, 1), value * rng.uniform(0.84, 1)


def paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return ground(rng, shape, paper_colour(rng), rng.uniform(0, 0.015))


@dataclass(frozen=True)
class View:
    """How a flat page is seen: turned, in perspective, and bent."""

    matrix: np.ndarray  # homography from the page to the picture, (3, 3), in pixels
    bend: float  # how far the middle of a line is moved, in pixels
    width: float  # of the picture, in pixels

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return where points of the page, float (N, 2), are in the picture."""
        x, y, depth = self.matrix @ np.column_stack([points, np.ones(len(points))]).T
        x, y = x / depth, y / depth
        return np.column_stack([x, y + self.bend * (1 - (2 * x / self.width - 1) ** 2)])


def seen(rng: np.random.Generator, shape: Shape, turn: float = 4, tilt: float = 0.05, bend: float = 0.0) -> View:
    """Return a random view.

    Parameters
    ----------
    rng : Generator
    shape : pair of int
        Height and width of the picture.
    turn : float
        Largest rotation to either side, in degrees.
    tilt : float
        How far each corner may move, as a share of the shorter side: this makes the perspective.
    bend : float
        As a share of the height.
    """
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    angle = np.radians(rng.uniform(-turn, turn))
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved = (corners - corners.mean(axis=0)) @ rotation + corners.mean(axis=0)
    moved += rng.uniform(-tilt, tilt, (4, 2)) * min(shape)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return View(matrix, rng.uniform(-bend, bend) * height, width)


def rules(shape: Shape, spacing: float, start: float, view: View, upright: bool = False) -> list[Stroke]:
    """Return the lines of ruled paper, as strokes in pixels; upright ones make squares of them."""
    height, width = shape[::-1] if upright else shape
    along = np.linspace(-0.4 * width, 1.4 * width, 25)
    lines = []
    for across in np.arange(start - 0.4 * height, 1.4 * height, spacing):
        points = np.column_stack([along, np.full(len(along), across)])
        lines.append(view(points[:, ::-1] if upright else points).tolist())
    return lines


def rule_colour(rng: np.random.Generator) -> tuple[Colour, float]:
    """Return the colour of printed lines, and their opacity."""
    colours = (0.35, 0.55, 0.8), (0.45, 0.5, 0.6), (0.5, 0.5, 0.5), (0.45, 0.65, 0.75)
    return colour_near(rng, colours[rng.integers(4)], 0.08), rng.uniform(0.35, 0.9)


def ruled_paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a page of ruled paper; one in four has a red margin."""
    page, view = paper(rng, shape), seen(rng, shape, bend=0.02)
    unit = min(shape) / 640
    spacing, width, (colour, opacity) = rng.uniform(25, 75) * unit, rng.uniform(0.8, 2.4) * unit, rule_colour(rng)
    lines_on(page, rules(shape, spacing, rng.uniform(0, spacing), view), width, colour, opacity)
    if rng.random() < 0.25:
        x = rng.uniform(0.05, 0.2) * shape[1] if rng.random() < 0.7 else rng.uniform(0.8, 0.95) * shape[1]
        margin = view(np.array([[x, -0.3 * shape[0]], [x, 1.3 * shape[0]]])).tolist()
        lines_on(page, [margin], width, colour_near(rng, (0.85, 0.35, 0.4)), opacity)
    return page


def squared_paper(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a page of squared paper."""
    return squares(rng, shape, rng.uniform(22, 60) * min(shape) / 640)[0]


def squares(
    rng: np.random.Generator, shape: Shape, spacing: float, start: tuple[float, float] | None = None
) -> tuple[np.ndarray, View]:
    """Return a page with squares of a size in pixels, the first line at `start`, and how it is seen."""
    page, view = paper(rng, shape), seen(rng, shape, bend=0.008)
    unit = min(shape) / 640
    width, (colour, opacity) = rng.uniform(0.8, 2.2) * unit, rule_colour(rng)
    first_x, first_y = start or rng.uniform(0, spacing, 2)
    lines = rules(shape, spacing, _phase(first_y, shape[0], spacing), view)
    lines += rules(shape, spacing, _phase(first_x, shape[1], spacing), view, upright=True)
    lines_on(page, lines, width, colour, opacity)
    return page, view


def _phase(line: float, side: float, spacing: float) -> float:
    """Where `rules` has to start so that there is a line at `line`."""
    return (line + 0.4 * side) % spacing


def wood(rng: np.random.Generator, shape: Shape, colour: Colour) -> np.ndarray:
    """Return a desk of wood: stripes of one colour."""
    page = ground(rng, shape, colour, 0)
    cells = (int(rng.integers(30, 120)), int(rng.integers(2, 6))), (int(rng.integers(8, 30)), int(rng.integers(2, 4)))
    stripes = sum(smooth_noise(rng, shape, each if rng.random() < 0.7 else each[::-1]) for each in cells)
    return np.clip(page * (1 + rng.uniform(0.03, 0.12) * stripes[..., np.newaxis]), 0, 1)


def desk(rng: np.random.Generator, shape: Shape, is_dark: bool) -> np.ndarray:
    """Return a desk: wood, or a smooth grey, black or bright table."""
    if is_dark:
        colours: Sequence[Colour] = (0.33, 0.22, 0.14), (0.22, 0.14, 0.09), (0.42, 0.3, 0.2), (0.12, 0.12, 0.13)
    else:
        colours = (0.55, 0.55, 0.55), (0.7, 0.55, 0.38), (0.62, 0.48, 0.33), (0.5, 0.55, 0.6)
    colour = colour_near(rng, colours[rng.integers(len(colours))], 0.05)
    if rng.random() < 0.7:
        return wood(rng, shape, colour)
    return ground(rng, shape, colour, rng.uniform(0.005, 0.03))


def board(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a whiteboard."""
    return ground(rng, shape, colour_near(rng, grey(rng, 0.72, 0.95), 0.02), 0.004)


def blackboard(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return a blackboard, wiped: dark green, black or grey, with smears."""
    colours = (0.12, 0.25, 0.18), (0.1, 0.1, 0.1), (0.2, 0.22, 0.22), (0.1, 0.2, 0.15)
    page = ground(rng, shape, colour_near(rng, colours[rng.integers(4)], 0.03), 0.02)
    smears = smooth_noise(rng, shape, (int(rng.integers(3, 8)), int(rng.integers(6, 30))))
    return np.clip(page + rng.uniform(0.005, 0.03) * smears[..., np.newaxis], 0, 1)


def sticky_note(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    colours = (0.98, 0.9, 0.4), (0.98, 0.6, 0.7), (0.6, 0.9, 0.55), (0.55, 0.8, 0.95), (1, 0.7, 0.35)
    return ground(rng, shape, colour_near(rng, colours[rng.integers(5)], 0.06), 0.006)


def blueprint(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return ground(rng, shape, colour_near(rng, (0.12, 0.27, 0.52), 0.07), 0.015)
