"""Digits in boxes, circles, cells and borders, or with a line below."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.camera import photograph, save, save_or_photograph
from mnistlab.benchmarks.scenes.parts.chance import Range
from mnistlab.benchmarks.scenes.parts.grounds import paper, plain, white_or_paper
from mnistlab.benchmarks.scenes.parts.ink import pen_width, polylines, rule, write
from mnistlab.benchmarks.scenes.parts.outlines import (
    ellipse,
    ellipse_by_hand,
    line_by_hand,
    rectangle,
    rectangle_by_hand,
)
from mnistlab.benchmarks.scenes.parts.pens import BLACK, WHITE, Colour, any_pen, dark_pen, grey
from mnistlab.benchmarks.scenes.parts.views import Shape, View, picture_shape, seen, small_shape
from mnistlab.benchmarks.scenes.parts.writing import Box, box_of, frame, written
from mnistlab.strokes import Drawing

LINE_COLOURS: tuple[Colour, ...] = (BLACK, (0.2, 0.2, 0.2), (0.45, 0.45, 0.45), (0.15, 0.3, 0.65), (0.8, 0.4, 0.1))
"""Of printed lines, the most frequent first."""

LARGE = 1000
"""Pictures with so many pixels a side are often reduced before they are sent."""


def in_a_form_box(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit in a printed box."""
    shape = picture_shape(rng) if rng.random() < 0.6 else small_shape(rng, 120, 400)
    page, box = white_or_paper(rng, shape), _box_somewhere(rng, shape)
    outline = _straight_or_turned(rng, shape)(np.array(rectangle(box)[0])).tolist()
    width = max(1.0, rng.uniform(0.003, 0.014) * min(shape))
    rule(page, [outline], width, _line_colour(rng), rng.uniform(0.7, 1))
    inner = box.grown(-0.06 * box.height - width)
    write(rng, page, written(rng, drawing, inner, (0.45, 0.85)), any_pen(rng))
    return save_or_photograph(rng, page)


def in_a_drawn_box(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit in a box drawn with the same pen."""
    shape = picture_shape(rng)
    page, box, pen = paper(rng, shape), _box_somewhere(rng, shape), any_pen(rng)
    placed = written(rng, drawing, box.grown(-0.13 * min(box.width, box.height)), (0.5, 0.9))
    write(rng, page, rectangle_by_hand(rng, box), pen, pen_width(placed, pen) * rng.uniform(0.7, 1.1))
    write(rng, page, placed, pen)
    return photograph(rng, page)


def in_a_circle(rng: np.random.Generator, drawing: Drawing, by_hand: bool) -> np.ndarray:
    """A digit in a circle or an ellipse; a hand's does not close exactly."""
    shape = picture_shape(rng)
    page, box, pen = white_or_paper(rng, shape), _box_somewhere(rng, shape), any_pen(rng)
    (x, y), (half_width, half_height) = box.centre, (0.36 * box.width, 0.36 * box.height)
    inner = Box(x - half_width, y - half_height, x + half_width, y + half_height)
    placed = written(rng, drawing, inner, (0.6, 0.95), spread=0.5)
    width = pen_width(placed, pen) * (rng.uniform(0.7, 1.1) if by_hand else rng.uniform(0.3, 1.2))
    write(rng, page, ellipse_by_hand(rng, box) if by_hand else ellipse(box), pen, width)
    write(rng, page, placed, pen)
    return save_or_photograph(rng, page)


def underlined(rng: np.random.Generator, drawing: Drawing, across: bool) -> np.ndarray:
    """A digit with one or two lines below it: about as long as it is wide, or one across the whole picture."""
    shape = picture_shape(rng)
    page, pen, edges = white_or_paper(rng, shape), any_pen(rng), frame(shape, 0.06)
    placed = written(rng, drawing, edges._replace(bottom=edges.bottom - 0.2 * min(shape)), (0.3, 0.9))
    box, width = box_of(placed), pen_width(placed, pen)
    y = min(box.bottom + width + rng.uniform(0.04, 0.3) * box.height, shape[0] - 0.05 * min(shape))
    half = max(0.3 * box.height, rng.uniform(0.45, 0.8) * box.width)
    left, right = (-9.0, shape[1] + 9.0) if across else (box.centre[0] - half, box.centre[0] + half)
    rise = rng.normal(0, 0.015) * (right - left)
    for n in range(1 if across or rng.random() < 0.8 else 2):
        below = y + 2.5 * n * width
        start, end = (left, below + rise), (right, below - rise)
        line = line_by_hand(rng, start, end) if rng.random() < 0.5 else [start, end]
        write(rng, page, [line], pen, width * rng.uniform(0.5, 1.1))
    write(rng, page, placed, pen)
    return save_or_photograph(rng, page)


def in_a_cell(rng: np.random.Generator, drawing: Drawing, width: Range) -> np.ndarray:
    """A digit in a cell cut out of a table or a puzzle, with remains of its lines on one to four sides.

    `width` is that of the lines, as a share of the picture's shorter side.
    """
    shape = picture_shape(rng) if rng.random() < 0.3 else small_shape(rng, 60, 260)
    page, side, view = white_or_paper(rng, shape), min(shape), _straight_or_turned(rng, shape)
    has_line = rng.random(4) < 0.75
    has_line[rng.integers(4)] = True
    left, top, right, bottom = np.where(has_line, rng.uniform(0, 0.1, 4) * side, -side)
    upright = [[(x, -side), (x, shape[0] + side)] for x in (left, shape[1] - right)]
    level = [[(-side, y), (shape[1] + side, y)] for y in (top, shape[0] - bottom)]
    colour = _line_colour(rng)
    for line in upright + level:
        rule(page, [view(np.array(line)).tolist()], max(1.0, rng.uniform(*width) * side), colour, 1.0)
    inner = frame(shape, 0.13 + width[1] / 2)
    write(rng, page, written(rng, drawing, inner, (0.6, 1), 0.7), dark_pen(rng))
    return save_or_photograph(rng, page)


def in_a_border(
    rng: np.random.Generator, drawing: Drawing, inset: tuple[int, int], width: tuple[int, int]
) -> np.ndarray:
    """A digit on a white picture with a border, so many pixels wide and from the edge; pairs: fewest and most."""
    shape = picture_shape(rng) if rng.random() < 0.5 else small_shape(rng, 100, 420)
    white = WHITE if rng.random() < 0.7 else grey(rng, 0.9, 1)
    page, start = plain(shape, white), int(rng.integers(inset[0], inset[1] + 1))
    end = start + int(rng.integers(width[0], width[1] + 1))
    page[start : shape[0] - start, start : shape[1] - start] = _line_colour(rng)
    page[end : shape[0] - end, end : shape[1] - end] = white
    write(rng, page, written(rng, drawing, frame(shape, 0.08).grown(-end), (0.4, 0.95)), dark_pen(rng))
    return save(rng, page)


def with_thin_lines(rng: np.random.Generator, drawing: Drawing, side: int, width: int) -> np.ndarray:
    """A digit drawn with lines of whole pixels on a white picture of about this many pixels a side.

    Half of the large pictures are reduced afterwards, which makes the lines thinner than a pixel.
    """
    shape = int(side * rng.uniform(0.88, 1.12)), int(side * rng.uniform(0.88, 1.12))
    placed = written(rng, drawing, frame(shape), (0.3, 0.85))
    mask = polylines(np.zeros(shape, np.uint8), placed, width, smooth_edges=rng.random() < 0.7)
    if side >= LARGE and rng.random() < 0.5:
        scale = rng.uniform(0.5, 0.9)
        mask = np.asarray(cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    grey_picture = 255 - (mask * rng.uniform(0.55, 1)).astype(np.uint8)
    return grey_picture if rng.random() < 0.5 else np.dstack([grey_picture] * 3)


def _line_colour(rng: np.random.Generator) -> Colour:
    return LINE_COLOURS[int(rng.choice(5, p=[0.5, 0.15, 0.15, 0.1, 0.1]))]


def _box_somewhere(rng: np.random.Generator, shape: Shape) -> Box:
    """A box in the picture, about as wide as it is high."""
    height = rng.uniform(0.45, 0.92) * min(shape)
    width = min(height * rng.uniform(0.75, 1.35), 0.92 * shape[1])
    left, top = 0.03 * min(shape) + rng.random(2) * (0.94 * shape[1] - width, 0.94 * shape[0] - height)
    return Box(left, top, left + width, top + height)


def _straight_or_turned(rng: np.random.Generator, shape: Shape) -> View:
    """How printed lines are seen: as they are on a screen, or slightly turned."""
    how_far = 1.0 if rng.random() < 0.5 else 0.0
    return seen(rng, shape, turn=2 * how_far, tilt=0.012 * how_far)
