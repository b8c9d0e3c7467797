"""Pictures that programs save: plain ones, canvases on pages, transparent, tight and tiny ones."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.grounds import Shape, ground, paper, picture_shape
from mnistlab.benchmarks.scenes.parts.ink import (
    Colour,
    any_pen,
    black_pen,
    grey,
    light_screen_pen,
    pen_width,
    screen_pen,
    write,
)
from mnistlab.benchmarks.scenes.parts.light import clean, clean_or_photo, compressed
from mnistlab.benchmarks.scenes.parts.writing import Box, box_of, frame, written
from mnistlab.strokes import Drawing

COLOURS: tuple[Colour, ...] = ((0.15, 0.35, 0.75), (0.75, 0.2, 0.2), (0.2, 0.55, 0.3), (0.95, 0.85, 0.4))


def on_a_screen(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A black digit on white."""
    shape = picture_shape(rng)
    page = ground(rng, shape, (1, 1, 1), 0)
    write(rng, page, written(rng, drawing, frame(shape), (0.15, 0.85)), screen_pen(rng))
    return clean(rng, page)


def light_page(rng: np.random.Generator) -> Colour:
    return (1, 1, 1) if rng.random() < 0.5 else grey(rng, 0.85, 1)


def dark_page(rng: np.random.Generator) -> Colour:
    return (0, 0, 0) if rng.random() < 0.3 else grey(rng, 0, 0.25)


def coloured_page(rng: np.random.Generator) -> Colour:
    colour = np.array(COLOURS[rng.integers(4)]) + rng.uniform(-0.15, 0.15, 3)
    paler = rng.choice([0, 0.5]) * rng.random()
    red, green, blue = np.clip(colour + paler * (1 - colour), 0, 1)
    return float(red), float(green), float(blue)


def dark_on_light(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A dark digit on a light canvas in a dark page."""
    return _on_canvas(rng, drawing, dark_page(rng), light_page(rng), is_light=False)


def light_on_dark(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A light digit on a dark canvas in a light page."""
    return _on_canvas(rng, drawing, light_page(rng), dark_page(rng), is_light=True)


def with_a_thin_margin(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A light digit on a dark canvas; of the light page around it, 2 to 10 pixels can be seen."""
    return _on_canvas(rng, drawing, light_page(rng), dark_page(rng), is_light=True, is_thin=True)


def on_a_coloured_page(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A canvas, light or dark, in a page of any colour."""
    is_light = rng.random() < 0.5
    return _on_canvas(rng, drawing, coloured_page(rng), (dark_page if is_light else light_page)(rng), is_light)


def _on_canvas(
    rng: np.random.Generator, drawing: Drawing, around: Colour, inside: Colour, is_light: bool, is_thin: bool = False
) -> np.ndarray:
    shape = picture_shape(rng, 150)
    if is_thin and rng.random() < 0.6:
        shape = (int(rng.integers(120, 620)),) * 2
    page = ground(rng, shape, around, 0)
    if is_thin:
        margins = rng.integers(2, 11, 4) if rng.random() < 0.3 else np.full(4, rng.integers(2, 11))
    else:
        margins = (rng.uniform(0.04, 0.3, 4) * ([shape[1], shape[0]] * 2)).astype(int)
    canvas = Box(*map(int, (margins[0], margins[1], shape[1] - margins[2], shape[0] - margins[3])))
    if not is_thin and rng.random() < 0.25:
        _fill(page, canvas.grown(int(rng.integers(1, 4))), grey(rng, 0.3, 0.7))
    _fill(page, canvas, inside)
    box = canvas.grown(-0.09 * min(canvas.width, canvas.height))
    write(rng, page, written(rng, drawing, box, (0.4, 0.95)), (light_screen_pen if is_light else screen_pen)(rng))
    picture = clean(rng, page)
    return compressed(picture, int(rng.integers(60, 96))) if picture.ndim == 3 and rng.random() < 0.3 else picture


def _fill(page: np.ndarray, box: Box, colour: Colour) -> None:
    left, top, right, bottom = map(int, box)
    page[max(0, top) : bottom, max(0, left) : right] = colour


def transparent(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """Ink of one colour on a transparent ground: black, another dark colour, or white."""
    shape = picture_shape(rng)
    page = ground(rng, shape, (0, 0, 0), 0)
    pen = screen_pen(rng)
    placed = written(rng, drawing, frame(shape), (0.2, 0.85))
    write(rng, page, placed, type(pen)((1, 1, 1), pen.width))
    colours: tuple[Colour, ...] = (0, 0, 0), (0.1, 0.2, 0.6), (0.6, 0.1, 0.1), (1, 1, 1)
    colour = colours[rng.choice(4, p=[0.5, 0.15, 0.15, 0.2])]
    opacity = (255 * page[..., 0]).round().astype(np.uint8)
    return np.dstack([np.broadcast_to(np.uint8(255 * np.array(colour)), page.shape), opacity])


def tight(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A picture cropped so that the digit touches all edges."""
    shape: Shape = picture_shape(rng)
    is_screen = rng.random() < 0.5
    page = ground(rng, shape, (1, 1, 1), 0) if is_screen else paper(rng, shape)
    pen = (screen_pen if is_screen else any_pen)(rng)
    placed = written(rng, drawing, frame(shape, 0.15), (0.7, 1))
    write(rng, page, placed, pen)
    box = box_of(placed).grown(pen_width(placed, pen) / 2)
    left, top, right, bottom = (round(edge) for edge in box)
    return clean_or_photo(rng, page[max(0, top) : bottom + 1, max(0, left) : right + 1])


def tiny(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A picture of 28 to 60 pixels a side, of dark or light ink; not all are square."""
    height, width = side, _ = (int(rng.integers(28, 61)), int(rng.integers(28, 61)))
    shape = (height, width) if rng.random() < 0.4 else (side, side)
    page = ground(rng, shape, (1, 1, 1) if rng.random() < 0.7 else grey(rng, 0.8, 1), 0)
    pen = black_pen(rng)
    placed = written(rng, drawing, frame(shape, 0.08), (0.55, 0.95))
    write(rng, page, placed, pen, max(1.3, pen_width(placed, pen)))
    picture = clean(rng, page)
    return cv2.bitwise_not(picture) if rng.random() < 0.35 else picture
