"""Screenshots of programs: one for drawing, and a notebook's plot."""

import functools
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnistlab.benchmarks.scenes.parts.camera import save, save_or_compress
from mnistlab.benchmarks.scenes.parts.chance import log_uniform
from mnistlab.benchmarks.scenes.parts.ink import write
from mnistlab.benchmarks.scenes.parts.pens import brush
from mnistlab.benchmarks.scenes.parts.views import Shape
from mnistlab.benchmarks.scenes.parts.writing import Box, frame, written
from mnistlab.preprocessing import SIDE, image_from_drawing
from mnistlab.strokes import CANVAS, Drawing

Grey = tuple[int, int, int]

NAMES = ("Untitled", "drawing", "digit", "My picture", "sketch")
PROGRAMS = ("Paint", "Drawing", "Sketchpad", "Pinta", "KolourPaint")
MENUS = ("File", "Edit", "View", "Image", "Colors", "Help", "Tools", "Layer", "Window")


@functools.cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Matplotlib's font, `size` pixels high."""
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf", size)


def in_a_drawing_program(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A window with a title, tools, a status line, and a white canvas on a grey or dark ground."""
    shape: Shape = (int(rng.uniform(420, 900)), int(rng.uniform(520, 1200)))
    unit = rng.uniform(0.8, 1.4)
    is_dark = rng.random() < 0.2
    face = int(rng.uniform(35, 70) if is_dark else rng.uniform(215, 246))
    ink = (220,) * 3 if is_dark else (int(rng.uniform(0, 70)),) * 3
    image = Image.new("RGB", shape[::-1], (face,) * 3)
    draw = ImageDraw.Draw(image)
    top = _title_bar(rng, draw, shape, unit, face, ink)
    top = _tool_bar(rng, draw, shape, unit, top, ink)
    bottom = _status_line(rng, draw, shape, unit, face, ink)
    left = _palette(rng, draw, unit, top, bottom, ink) if rng.random() < 0.5 else 0
    around = int(rng.uniform(80, 215))
    draw.rectangle((left, top, shape[1], bottom), (around,) * 3)
    right = _scroll_bars(rng, draw, Box(left, top, shape[1], bottom), unit, face) if rng.random() < 0.6 else shape[1]
    work = Box(left, top, right, bottom).grown(-4)
    width, height = work.width * rng.uniform(0.6, 0.97), work.height * rng.uniform(0.7, 0.97)
    x, y = (
        work.left + rng.choice([0, 0.5]) * (work.width - width),
        work.top + rng.choice([0, 0.5]) * (work.height - height),
    )
    draw.rectangle((x, y, x + width, y + height), (255,) * 3)
    page = np.asarray(image, np.float32) / 255
    canvas = Box(x, y, x + width, y + height).grown(-0.07 * min(width, height))
    write(rng, page, written(rng, drawing, canvas, (0.35, 0.95)), brush(rng))
    return save_or_compress(rng, page)


def _title_bar(
    rng: np.random.Generator, draw: ImageDraw.ImageDraw, shape: Shape, unit: float, face: int, ink: Grey
) -> int:
    """Draw a title with three buttons, and menus; return where they end."""
    height, width = int(30 * unit), shape[1]
    if rng.random() < 0.4:
        draw.rectangle((0, 0, width, height), tuple(int(value) for value in rng.uniform(30, 150, 3)))
        title: Grey = (255, 255, 255)
    else:
        draw.rectangle((0, 0, width, height), (max(0, face - 8),) * 3)
        title = ink
    name = f"{NAMES[rng.integers(len(NAMES))]} - {PROGRAMS[rng.integers(len(PROGRAMS))]}"
    draw.text((12 * unit, 8 * unit), name, title, font(int(12 * unit)))
    for n in range(3):
        x, y, half = width - (22 + 42 * n) * unit, height / 2, 5 * unit
        if n == 0:
            draw.line((x - half, y - half, x + half, y + half), title)
            draw.line((x - half, y + half, x + half, y - half), title)
        elif n == 1:
            draw.rectangle((x - half, y - half, x + half, y + half), outline=title)
        else:
            draw.line((x - half, y, x + half, y), title)
    x = 10 * unit
    for name in MENUS[: rng.integers(3, len(MENUS))]:
        draw.text((x, height + 5 * unit), name, ink, font(int(11 * unit)))
        x += (len(name) * 7 + 14) * unit
    return int(height + 24 * unit)


def _tool_bar(
    rng: np.random.Generator, draw: ImageDraw.ImageDraw, shape: Shape, unit: float, top: int, ink: Grey
) -> int:
    """Draw a row of tools and colours; return where it ends."""
    height, step = int(rng.uniform(30, 70) * unit), 28 * unit
    x, y = 10 * unit, top + height / 2
    while x < shape[1] - 40 * unit and rng.random() < 0.96:
        _icon(rng, draw, x, y - 8 * unit, 16 * unit, ink)
        x += step if rng.random() < 0.9 else 2 * step
    draw.line((0, top + height, shape[1], top + height), (150,) * 3)
    return top + height + 1


def _icon(rng: np.random.Generator, draw: ImageDraw.ImageDraw, x: float, y: float, size: float, ink: Grey) -> None:
    box, kind = (x, y, x + size, y + size), rng.integers(5)
    if kind == 0:
        draw.rectangle(box, tuple(int(value) for value in rng.uniform(0, 255, 3)), outline=(110,) * 3)
    elif kind == 1:
        draw.ellipse(box, outline=ink)
    elif kind == 2:
        draw.rectangle(box, outline=ink)
    elif kind == 3:
        draw.line((x, y + size, x + size, y), ink, int(rng.integers(1, 4)))
    else:
        draw.text((x, y), "AQ+T"[rng.integers(4)], ink, font(max(8, int(size))))


def _palette(rng: np.random.Generator, draw: ImageDraw.ImageDraw, unit: float, top: int, bottom: int, ink: Grey) -> int:
    """Draw one or two columns of tools at the left; return where they end."""
    columns = int(rng.integers(1, 3))
    for row in range(int(rng.integers(4, 12))):
        for column in range(columns):
            y = top + (10 + 26 * row) * unit
            if y + 26 * unit < bottom:
                _icon(rng, draw, (8 + 26 * column) * unit, y, 15 * unit, ink)
    return int((10 + 26 * columns) * unit)


def _status_line(
    rng: np.random.Generator, draw: ImageDraw.ImageDraw, shape: Shape, unit: float, face: int, ink: Grey
) -> int:
    """Draw a line of text at the bottom; return where it begins."""
    top = shape[0] - int(22 * unit)
    text = f"{rng.integers(0, 900)}, {rng.integers(0, 700)} px"
    draw.line((0, top, shape[1], top), (max(0, face - 50),) * 3)
    draw.text((12 * unit, top + 5 * unit), text, ink, font(int(10 * unit)))
    draw.text(
        (shape[1] * rng.uniform(0.4, 0.85), top + 5 * unit), f"{rng.integers(1, 9)}00 %", ink, font(int(10 * unit))
    )
    return top


def _scroll_bars(rng: np.random.Generator, draw: ImageDraw.ImageDraw, work: Box, unit: float, face: int) -> int:
    """Draw one at the right; return where it begins."""
    left = int(work.right - 15 * unit)
    draw.rectangle((left, work.top, work.right, work.bottom), (max(0, face - 12),) * 3)
    start, end = np.sort(rng.uniform(work.top, work.bottom, 2))
    draw.rectangle((left + 3, start, work.right - 3, max(end, start + 1)), (max(0, face - 60),) * 3)
    return left


def in_a_plot(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A figure as a notebook saves it: an image of 28 x 28 pixels with ticks or a title, grey or in colours."""
    side = int(log_uniform(rng, 150, 560))
    size = max(8, int(rng.uniform(0.035, 0.055) * side))
    left, top, right, bottom = (int(value * side) for value in rng.uniform(0.08, 0.45, 4))
    image = Image.new("RGB", (left + side + right, top + side + bottom), "white")
    draw = ImageDraw.Draw(image)
    image.paste(_shown(rng, drawing, side), (left, top))
    has_axes = rng.random() < 0.7
    if has_axes:
        _axes(draw, left, top, side, size)
    if not has_axes or rng.random() < 0.4:
        titles = "digit", "sample", f"label: {rng.integers(10)}", f"test[{rng.integers(1000)}]", "x_train[0]"
        title = titles[rng.integers(5)]
        draw.text((left + side / 2, top - 0.6 * size), title, "black", font(int(1.2 * size)), anchor="mb")
    page = np.asarray(image, np.float32) / 255
    return save(rng, page)


def _shown(rng: np.random.Generator, drawing: Drawing, side: int) -> Image.Image:
    """The image of a digit as Matplotlib shows it."""
    placed = written(rng, drawing, frame((CANVAS, CANVAS), 0.1), (0.7, 1), 0.3)
    values = image_from_drawing(placed, rng.uniform(14, 34))
    names = ("gray", "gray_r", "viridis")
    coloured = matplotlib.colormaps[names[rng.integers(3)]](values / 255.0)[..., :3]
    return Image.fromarray((255 * coloured).astype(np.uint8)).resize((side, side), Image.Resampling.NEAREST)


def _axes(draw: ImageDraw.ImageDraw, left: int, top: int, side: int, size: int) -> None:
    """Draw a frame with ticks and their labels."""
    line = max(1, size // 10)
    draw.rectangle((left, top, left + side, top + side), outline="black", width=line)
    tick = max(2, size // 3)
    for value in range(0, SIDE, 5):
        at = (value + 0.5) / SIDE * side
        draw.line((left + at, top + side, left + at, top + side + tick), "black", line)
        draw.text((left + at, top + side + 1.6 * tick), str(value), "black", font(size), anchor="mt")
        draw.line((left - tick, top + at, left, top + at), "black", line)
        draw.text((left - 1.6 * tick, top + at), str(value), "black", font(size), anchor="rm")
