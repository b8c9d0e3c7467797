"""Pictures that programs save: plain ones, canvases on pages, transparent, tight and tiny ones."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.camera import save, save_or_compress, save_or_photograph
from mnistlab.benchmarks.scenes.parts.chance import pick
from mnistlab.benchmarks.scenes.parts.grounds import paper, plain
from mnistlab.benchmarks.scenes.parts.ink import pen_width, write
from mnistlab.benchmarks.scenes.parts.pens import (
    BLACK,
    WHITE,
    Colour,
    Pen,
    any_pen,
    brush,
    colour_near,
    dark_pen,
    grey,
    light_brush,
)
from mnistlab.benchmarks.scenes.parts.views import Shape, picture_shape, small_shape
from mnistlab.benchmarks.scenes.parts.writing import Box, box_of, frame, written
from mnistlab.strokes import Drawing

PAGE_COLOURS: tuple[Colour, ...] = (
    *((0.15, 0.35, 0.75), (0.75, 0.2, 0.2), (0.2, 0.55, 0.3), (0.95, 0.85, 0.4)),
    *((0.55, 0.65, 0.9), (0.9, 0.6, 0.6), (0.6, 0.8, 0.65), (0.95, 0.92, 0.75)),
)

INKS: tuple[Colour, ...] = (BLACK, BLACK, BLACK, (0.1, 0.2, 0.6), (0.6, 0.1, 0.1), WHITE)


def on_a_screen(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A black digit on white."""
    shape = picture_shape(rng)
    page = plain(shape)
    write(rng, page, written(rng, drawing, frame(shape), (0.15, 0.85)), brush(rng))
    return save(rng, page)


def dark_on_light(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A dark digit on a light canvas in a dark page."""
    shape = picture_shape(rng)
    return _on_canvas(rng, drawing, plain(shape, _dark(rng)), _wide_margins(rng, shape), _light(rng), brush(rng))


def light_on_dark(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A light digit on a dark canvas in a light page."""
    shape = picture_shape(rng)
    return _on_canvas(rng, drawing, plain(shape, _light(rng)), _wide_margins(rng, shape), _dark(rng), light_brush(rng))


def with_a_thin_margin(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A light digit on a dark canvas; of the light page around it, 2 to 10 pixels can be seen."""
    shape = picture_shape(rng) if rng.random() < 0.4 else small_shape(rng, 120, 620)
    margins = rng.integers(2, 11, 4) if rng.random() < 0.3 else np.full(4, rng.integers(2, 11))
    return _on_canvas(rng, drawing, plain(shape, _light(rng)), margins, _dark(rng), light_brush(rng))


def on_a_coloured_page(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A canvas, light or dark, in a page of any colour."""
    shape = picture_shape(rng)
    page, margins = plain(shape, colour_near(rng, pick(rng, PAGE_COLOURS), 0.12)), _wide_margins(rng, shape)
    if rng.random() < 0.5:
        return _on_canvas(rng, drawing, page, margins, _dark(rng), light_brush(rng))
    return _on_canvas(rng, drawing, page, margins, _light(rng), brush(rng))


def _on_canvas(
    rng: np.random.Generator, drawing: Drawing, page: np.ndarray, margins: np.ndarray, colour: Colour, pen: Pen
) -> np.ndarray:
    """A digit on a canvas that leaves so many pixels of the page at the left, at the top, right and bottom."""
    left, top, right, bottom = (int(margin) for margin in margins)
    canvas = Box(left, top, page.shape[1] - right, page.shape[0] - bottom)
    outline = int(rng.integers(1, 4)) if min(left, top, right, bottom) > 3 and rng.random() < 0.25 else 0
    _fill(page, canvas.grown(outline), grey(rng, 0.3, 0.7))
    _fill(page, canvas, colour)
    inner = canvas.grown(-0.09 * min(canvas.width, canvas.height))
    write(rng, page, written(rng, drawing, inner, (0.4, 0.95)), pen)
    return save_or_compress(rng, page)


def _wide_margins(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    return rng.uniform(0.03, 0.3, 4) * ([shape[1], shape[0]] * 2)


def _fill(page: np.ndarray, box: Box, colour: Colour) -> None:
    left, top, right, bottom = map(int, box)
    page[top:bottom, left:right] = colour


def _light(rng: np.random.Generator) -> Colour:
    return WHITE if rng.random() < 0.5 else grey(rng, 0.85, 1)


def _dark(rng: np.random.Generator) -> Colour:
    return BLACK if rng.random() < 0.4 else grey(rng, 0, 0.25)


def transparent(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """Ink of one colour on a transparent ground."""
    shape = picture_shape(rng)
    page = plain(shape, BLACK)
    write(rng, page, written(rng, drawing, frame(shape), (0.2, 0.85)), Pen(WHITE, brush(rng).width))
    colour = plain(shape, pick(rng, INKS))
    return np.round(np.dstack([colour, page[..., 0]]) * 255).astype(np.uint8)


def tight(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A picture cropped so that the digit touches all edges."""
    shape, is_screen = picture_shape(rng), rng.random() < 0.5
    page, pen = (plain(shape), brush(rng)) if is_screen else (paper(rng, shape), any_pen(rng))
    placed = written(rng, drawing, frame(shape, 0.15), (0.7, 1))
    write(rng, page, placed, pen)
    left, top, right, bottom = map(round, box_of(placed).grown(pen_width(placed, pen) / 2))
    return save_or_photograph(rng, page[max(0, top) : bottom + 1, max(0, left) : right + 1])


def tiny(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A picture of 28 to 60 pixels a side, of dark or light ink."""
    shape = small_shape(rng, 28, 60) if rng.random() < 0.8 else (28, 28)
    page = plain(shape, _light(rng))
    write(rng, page, written(rng, drawing, frame(shape, 0.08), (0.55, 0.95)), dark_pen(rng))
    picture = save(rng, page)
    return np.asarray(cv2.bitwise_not(picture)) if rng.random() < 0.35 else picture
