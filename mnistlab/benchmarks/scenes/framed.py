"""Digits in boxes, circles, cells and borders, or with a line below."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.grounds import Shape, ground, paper, picture_shape, seen
from mnistlab.benchmarks.scenes.parts.ink import Colour, any_pen, black_pen, grey, pen_width, polylines, write
from mnistlab.benchmarks.scenes.parts.ink import lines_on as draw_lines
from mnistlab.benchmarks.scenes.parts.light import clean, clean_or_photo, photograph
from mnistlab.benchmarks.scenes.parts.outlines import (
    ellipse,
    ellipse_by_hand,
    line_by_hand,
    rectangle,
    rectangle_by_hand,
)
from mnistlab.benchmarks.scenes.parts.writing import Box, box_of, frame, written
from mnistlab.strokes import Drawing

LINE_COLOURS: tuple[Colour, ...] = ((0, 0, 0), (0.2, 0.2, 0.2), (0.45, 0.45, 0.45), (0.15, 0.3, 0.65), (0.8, 0.4, 0.1))
"""Of printed lines."""


def _white(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return ground(rng, shape, (1, 1, 1), 0) if rng.random() < 0.7 else paper(rng, shape)


def _line_colour(rng: np.random.Generator) -> Colour:
    return LINE_COLOURS[rng.choice(5, p=[0.5, 0.15, 0.15, 0.1, 0.1])]


def _frame_box(rng: np.random.Generator, shape: Shape, size: tuple[float, float] = (0.45, 0.92)) -> Box:
    """A box somewhere in the picture, about as wide as it is high."""
    height = rng.uniform(*size) * min(shape)
    width = min(height * rng.uniform(0.75, 1.35), 0.92 * shape[1])
    left, top = 0.03 * min(shape) + rng.random(2) * (shape[1] - width, shape[0] - height) * 0.9
    return Box(left, top, left + width, top + height)


def in_a_form_box(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit in a printed box."""
    shape = picture_shape(rng, 100)
    page, box = _white(rng, shape), _frame_box(rng, shape)
    view = seen(rng, shape, turn=2, tilt=0.015)
    outline = [view(np.array(rectangle(box)[0])).tolist()]
    width = max(1.0, rng.uniform(0.003, 0.014) * min(shape))
    draw_lines(page, outline, width, _line_colour(rng), rng.uniform(0.7, 1))
    inner = box.grown(-0.06 * box.height - width)
    write(rng, page, written(rng, drawing, inner, (0.45, 0.85)), any_pen(rng))
    return clean_or_photo(rng, page)


def in_a_drawn_box(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit in a box drawn with the same pen."""
    shape = picture_shape(rng)
    page, box = paper(rng, shape), _frame_box(rng, shape)
    pen = any_pen(rng)
    placed = written(rng, drawing, box.grown(-0.13 * min(box.width, box.height)), (0.5, 0.9))
    width = pen_width(placed, pen) if placed else 3.0
    write(rng, page, rectangle_by_hand(rng, box), pen, width * rng.uniform(0.7, 1.1))
    write(rng, page, placed, pen)
    return photograph(rng, page)


def in_a_circle(rng: np.random.Generator, drawing: Drawing, by_hand: bool) -> np.ndarray:
    """A digit in a circle or an ellipse; a hand's does not close exactly."""
    shape = picture_shape(rng)
    page, box = _white(rng, shape), _frame_box(rng, shape, (0.5, 0.92))
    pen = any_pen(rng)
    inner = Box(*(np.array(box.centre * 2) + np.array([-0.36, -0.36, 0.36, 0.36]) * ([box.width, box.height] * 2)))
    placed = written(rng, drawing, inner, (0.6, 0.95), spread=0.5)
    width = pen_width(placed, pen)
    outline = ellipse_by_hand(rng, box) if by_hand else ellipse(box)
    write(rng, page, outline, pen, width * (rng.uniform(0.7, 1.1) if by_hand else rng.uniform(0.3, 1.2)))
    write(rng, page, placed, pen)
    return clean_or_photo(rng, page)


def underlined(rng: np.random.Generator, drawing: Drawing, across: bool) -> np.ndarray:
    """A digit with one or two lines below it: about as long as it is wide, or across the whole picture."""
    shape = picture_shape(rng)
    page, pen = _white(rng, shape), any_pen(rng)
    edges = frame(shape, 0.06)
    placed = written(rng, drawing, edges._replace(bottom=edges.bottom - 0.2 * min(shape)), (0.3, 0.9))
    box, width = box_of(placed), pen_width(placed, pen)
    y = min(box.bottom + width + rng.uniform(0.04, 0.3) * box.height, shape[0] - 0.05 * min(shape))
    half = max(0.3 * box.height, rng.uniform(0.45, 0.8) * box.width)
    left, right = (-9.0, shape[1] + 9.0) if across else (box.centre[0] - half, box.centre[0] + half)
    rise = rng.normal(0, 0.02) * (right - left)
    for n in range(1 if across or rng.random() < 0.8 else 2):
        start, end = np.array([left, y + rise]), np.array([right, y - rise]) + rng.normal(0, 2, 2)
        line = line_by_hand(rng, start, end) if rng.random() < 0.5 else [tuple(start), tuple(end)]
        shifted = [(x, y + 2.5 * n * width) for x, y in line]
        write(rng, page, [shifted], pen, width * rng.uniform(0.5, 1.1))
    write(rng, page, placed, pen)
    return clean_or_photo(rng, page)


def in_a_cell(rng: np.random.Generator, drawing: Drawing, width: tuple[float, float]) -> np.ndarray:
    """A digit in a cell cut out of a table or a puzzle, with remains of its lines on one to four sides.

    `width` is that of the lines, as a share of the picture's shorter side.
    """
    shape = picture_shape(rng, 60)
    if rng.random() < 0.6:  # most are cut out small
        shape = (int(rng.uniform(60, 240)), int(rng.uniform(60, 240)))
        shape = shape if max(shape) < 1.5 * min(shape) else (shape[0], shape[0])
    page, side = _white(rng, shape), min(shape)
    strip = rng.uniform(0, 0.1, 4) * side
    present = rng.random(4) < 0.7
    present[rng.integers(4)] = True
    lefts, tops, rights, bottoms = np.where(present, strip, -side)
    colour, view = _line_colour(rng), seen(rng, shape, turn=1.5, tilt=0.005)
    right, bottom = shape[1] - rights, shape[0] - bottoms
    ends = (-side, shape[1] + side), (-side, shape[0] + side)
    lines = [[(x, y) for y in ends[1]] for x in (lefts, right)] + [[(x, y) for x in ends[0]] for y in (tops, bottom)]
    for line in lines:
        thick = max(1.0, rng.uniform(*width) * side)
        draw_lines(page, [view(np.array(line)).tolist()], thick, colour, 1.0)
    inner = frame(shape, 0.12 + width[1])
    write(rng, page, written(rng, drawing, inner, (0.6, 0.95), 0.7), black_pen(rng))
    return clean_or_photo(rng, page)


def in_a_border(
    rng: np.random.Generator, drawing: Drawing, inset: tuple[int, int], width: tuple[int, int]
) -> np.ndarray:
    """A digit on a white picture with a border, so many pixels wide and from the edge; pairs: fewest and most."""
    shape = picture_shape(rng, 100)
    if rng.random() < 0.5:
        shape = (int(rng.integers(100, 420)),) * 2
    page = ground(rng, shape, (1, 1, 1) if rng.random() < 0.7 else grey(rng, 0.9, 1), 0)
    start = int(rng.integers(inset[0], inset[1] + 1))
    end = start + int(rng.integers(width[0], width[1] + 1))
    inside = page[end : shape[0] - end, end : shape[1] - end].copy()
    page[start : shape[0] - start, start : shape[1] - start] = _line_colour(rng)
    page[end : shape[0] - end, end : shape[1] - end] = inside
    write(rng, page, written(rng, drawing, frame(shape, 0.08).grown(-end), (0.4, 0.95)), black_pen(rng))
    return clean(rng, page)


def with_thin_lines(rng: np.random.Generator, drawing: Drawing, side: int, width: int) -> np.ndarray:
    """A digit drawn with lines of whole pixels on a white picture of about this many pixels a side."""
    height, breadth = (int(side * rng.uniform(0.88, 1.12)) for _ in range(2))
    mask = np.zeros((height, breadth), np.uint8)
    polylines(mask, written(rng, drawing, frame(mask.shape), (0.3, 0.85)), width, smooth_edges=rng.random() < 0.7)
    page = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB).astype(np.float32) / -255 * (1 - rng.uniform(0, 0.45)) + 1
    return clean(rng, page)
