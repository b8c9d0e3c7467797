"""Photos of digits on paper and boards, under all sorts of light."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mnistlab.benchmarks.scenes.parts.grounds import Shape, board, ground, paper, picture_shape, squares
from mnistlab.benchmarks.scenes.parts.ink import MakePen, any_pen, marker, spread, write
from mnistlab.benchmarks.scenes.parts.light import (
    clean_or_photo,
    glare,
    gutter,
    lamp_light,
    photograph,
    shadow,
    soft_light,
)
from mnistlab.benchmarks.scenes.parts.writing import Box, box_of, frame, written
from mnistlab.strokes import Drawing

MakeGround = Callable[[np.random.Generator, Shape], np.ndarray]

Camera = Callable[[np.random.Generator, np.ndarray], np.ndarray]
"""From a page to a photo."""


def on_paper(
    rng: np.random.Generator,
    drawing: Drawing,
    ground: MakeGround = paper,
    pen: MakePen = any_pen,
    share: tuple[float, float] = (0.15, 0.8),
    camera: Camera = photograph,
) -> np.ndarray:
    """A digit anywhere on a ground; `share` is its height as a share of the picture's."""
    shape = picture_shape(rng)
    page = ground(rng, shape)
    write(rng, page, written(rng, drawing, frame(shape), share), pen(rng))
    return camera(rng, page)


def several(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """Several digits, on a screen or on paper; the picture is about as wide as they need."""
    extent = box_of(drawing)
    height = rng.uniform(160, 640)
    width = height * np.clip(rng.uniform(0.7, 1.4) * extent.width / extent.height, 0.6, 3.5)
    shape = (int(height), int(width))
    page = ground(rng, shape, (1, 1, 1), 0) if rng.random() < 0.5 else paper(rng, shape)
    pen = replace(any_pen(rng), width=spread(rng, 0.03, 0.09))
    write(rng, page, written(rng, drawing, frame(shape), (0.4, 0.9)), pen)
    return clean_or_photo(rng, page)


def in_a_square(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit in one large square of squared paper; it may touch or cross the lines."""
    shape = picture_shape(rng)
    spacing = rng.uniform(0.4, 0.75) * min(shape)
    left, top = (rng.uniform(0.03, 0.97 - spacing / side) * side for side in shape[::-1])
    page, view = squares(rng, shape, spacing, (left, top))
    x, y = view(np.array([[left + spacing / 2, top + spacing / 2]]))[0]
    reach = 0.5 * spacing * rng.uniform(0.85, 1.15)
    edges = frame(shape, 0.03)
    box = Box(max(edges.left, x - reach), max(edges.top, y - reach), min(edges.right, x + reach), y + reach)
    box = box._replace(bottom=min(edges.bottom, box.bottom))
    write(rng, page, written(rng, drawing, box, (0.6, 0.98)), any_pen(rng))
    return photograph(rng, page)


def in_shadow(rng: np.random.Generator, page: np.ndarray, depth: float) -> np.ndarray:
    """A photo across which a sharp shadow falls."""
    shape = page.shape[0], page.shape[1]
    depth = min(0.7, depth * rng.uniform(0.9, 1.1))
    return photograph(rng, page, soft_light(rng, shape, (0.03, 0.3)) * shadow(rng, shape, depth))


def beside_a_gutter(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    shape = page.shape[0], page.shape[1]
    return photograph(rng, page, soft_light(rng, shape, (0.03, 0.3)) * gutter(rng, shape))


def under_a_lamp(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    return photograph(rng, page, lamp_light(rng, (page.shape[0], page.shape[1])), exposure=(0.8, 1.1))


def in_a_dim_room(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    warm = page * np.array([1, rng.uniform(0.82, 1), rng.uniform(0.6, 1)], np.float32)
    return photograph(rng, warm, exposure=(0.25, 0.5), noise=(7, 16), blur=(0.5, 1.5))


def with_glare(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit on a whiteboard that a lamp is reflected in: bright beside the digit, or pale on it."""
    shape = picture_shape(rng)
    page = board(rng, shape)
    placed = written(rng, drawing, frame(shape), (0.3, 0.75))
    write(rng, page, placed, marker(rng))
    box = box_of(placed)
    radius = rng.uniform(0.06, 0.2) * min(shape)
    x, y = rng.uniform(box.left, box.right), rng.uniform(box.top, box.bottom)
    strength = rng.uniform(0.25, 0.5)
    if rng.random() < 0.6:
        away = rng.uniform(0.4, 1.3) * radius
        x = box.left - away if rng.random() < 0.5 else box.right + away
        y = box.top - away if rng.random() < 0.5 else y
        strength = rng.uniform(0.5, 1.4)
    return photograph(
        rng, page, exposure=(0.6, 0.95), reflection=glare(shape, (x, y), radius, strength, rng.uniform(0.5, 1.5))
    )
