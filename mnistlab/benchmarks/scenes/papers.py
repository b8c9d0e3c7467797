"""Photos of digits on paper and boards, under all sorts of light."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mnistlab.benchmarks.scenes.parts.camera import DIM, Camera, photograph, save_or_photograph
from mnistlab.benchmarks.scenes.parts.chance import Range, log_uniform
from mnistlab.benchmarks.scenes.parts.grounds import board, paper, squares, white_or_paper
from mnistlab.benchmarks.scenes.parts.ink import write
from mnistlab.benchmarks.scenes.parts.light import glare, gutter, lamp_light, shadow, soft_light
from mnistlab.benchmarks.scenes.parts.pens import MakePen, any_pen, marker
from mnistlab.benchmarks.scenes.parts.views import Shape, picture_shape
from mnistlab.benchmarks.scenes.parts.writing import Box, box_of, frame, written
from mnistlab.strokes import Drawing

MakeGround = Callable[[np.random.Generator, Shape], np.ndarray]


def on_paper(
    rng: np.random.Generator,
    drawing: Drawing,
    ground: MakeGround = paper,
    pen: MakePen = any_pen,
    share: Range = (0.15, 0.8),
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
    page = white_or_paper(rng, (int(height), int(width)))
    pen = replace(any_pen(rng), width=log_uniform(rng, 0.03, 0.09))
    write(rng, page, written(rng, drawing, frame((int(height), int(width))), (0.4, 0.9)), pen)
    return save_or_photograph(rng, page)


def in_a_square(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit in one large square of squared paper; it may touch or cross the lines."""
    shape = picture_shape(rng)
    spacing = rng.uniform(0.4, 0.75) * min(shape)
    left, top = (rng.uniform(0.03, 0.97 - spacing / side) * side for side in shape[::-1])
    page, view = squares(rng, shape, spacing, (left, top))
    x, y = view(np.array([[left + spacing / 2, top + spacing / 2]]))[0]
    reach, edges = 0.5 * spacing * rng.uniform(0.85, 1.15), frame(shape, 0.03)
    box = Box(*np.maximum((x - reach, y - reach), edges[:2]), *np.minimum((x + reach, y + reach), edges[2:]))
    write(rng, page, written(rng, drawing, box, (0.6, 0.98)), any_pen(rng))
    return photograph(rng, page)


def with_glare(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A digit on a whiteboard that a lamp is reflected in: a bright spot beside the digit, or a pale one on it."""
    shape = picture_shape(rng)
    page = board(rng, shape)
    placed = written(rng, drawing, frame(shape), (0.3, 0.75))
    write(rng, page, placed, marker(rng))
    box, radius = box_of(placed), rng.uniform(0.06, 0.2) * min(shape)
    x, y = rng.uniform(box.left, box.right), rng.uniform(box.top, box.bottom)
    strength = rng.uniform(0.25, 0.5)
    if rng.random() < 0.6:
        away = rng.uniform(0.8, 1.6) * radius
        x = box.left - away if rng.random() < 0.5 else box.right + away
        strength = rng.uniform(0.5, 1.2)
    spot = glare(shape, (x, y), radius, strength, rng.uniform(0.7, 1.8))
    return photograph(rng, page * rng.uniform(0.8, 0.95), reflection=spot)


def in_shadow(rng: np.random.Generator, page: np.ndarray, depth: float) -> np.ndarray:
    """A photo across which a sharp shadow falls; it takes about this share of the light."""
    shape = page.shape[0], page.shape[1]
    falling = shadow(rng, shape, depth * rng.uniform(0.9, 1.1))
    return photograph(rng, page, soft_light(rng, shape, (0.03, 0.3)) * falling)


def beside_a_gutter(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """A photo of a page beside the fold of an open book."""
    shape = page.shape[0], page.shape[1]
    return photograph(rng, page, soft_light(rng, shape, (0.03, 0.3)) * gutter(rng, shape))


def under_a_lamp(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """A photo in uneven light."""
    return photograph(rng, page, lamp_light(rng, (page.shape[0], page.shape[1])))


def in_a_dim_room(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """A dark photo in warm light, with much noise."""
    return photograph(rng, page * np.array([1, rng.uniform(0.82, 1), rng.uniform(0.6, 1)], np.float32), settings=DIM)
