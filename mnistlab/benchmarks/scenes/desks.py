"""Sheets that do not fill the picture: on a desk, held by a thumb, torn off."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.camera import photograph
from mnistlab.benchmarks.scenes.parts.chance import pick
from mnistlab.benchmarks.scenes.parts.grounds import desk, paper
from mnistlab.benchmarks.scenes.parts.ink import paint, polygon, polylines, write
from mnistlab.benchmarks.scenes.parts.pens import BLACK, Colour, any_pen, colour_near
from mnistlab.benchmarks.scenes.parts.views import picture_shape, seen, turned
from mnistlab.benchmarks.scenes.parts.writing import Box, frame, written
from mnistlab.strokes import Drawing

SKIN: tuple[Colour, ...] = (0.9, 0.7, 0.6), (0.8, 0.58, 0.45), (0.62, 0.42, 0.3), (0.4, 0.26, 0.19)


def on_a_desk(rng: np.random.Generator, drawing: Drawing, share: float, is_dark: bool = True) -> np.ndarray:
    """A sheet that fills about this share of the picture, slightly turned."""
    shape = picture_shape(rng)
    side = np.sqrt(min(share * rng.uniform(0.93, 1.07), 0.96))
    height, width = side * np.array(shape) * rng.uniform(0.97, 1.03, 2)
    left, top = rng.random(2) * (shape[1] - width, shape[0] - height)
    sheet = Box(left, top, left + width, top + height)
    page = desk(rng, shape, is_dark)
    _lay(rng, page, seen(rng, shape, turn=6, tilt=0.015)(_corners(sheet)))
    inner = sheet.grown(-0.14 * min(height, width))
    write(rng, page, written(rng, drawing, inner, (0.35, 0.95)), any_pen(rng))
    return photograph(rng, page)


def beside_a_strip(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A sheet that leaves a strip of the desk visible at one side."""
    height, width = shape = picture_shape(rng)
    side, strip = int(rng.integers(4)), rng.uniform(0.04, 0.2)
    visible = [0.0, 0.0, width, height]
    visible[side] += strip * (width, height)[side % 2] * (1 if side < 2 else -1)
    beyond: list[float] = [-width, -height, 2 * width, 2 * height]
    beyond[side] = visible[side]
    page = desk(rng, shape, rng.random() < 0.7)
    _lay(rng, page, turned(_corners(Box(*beyond)), rng.uniform(-3, 3), (width / 2, height / 2)))
    inner = Box(*visible).grown(-0.09 * min(shape))
    write(rng, page, written(rng, drawing, inner, (0.3, 0.9)), any_pen(rng))
    return photograph(rng, page)


def held_by_a_thumb(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A sheet with a thumb that reaches in from an edge or a corner."""
    height, width = shape = picture_shape(rng)
    side, reach = int(rng.integers(4)), rng.uniform(0.12, 0.26)
    free = [*frame(shape, 0.06)]
    free[side] = (width, height)[side % 2] * (reach + 0.09 if side < 2 else 0.91 - reach)
    page = paper(rng, shape)
    write(rng, page, written(rng, drawing, Box(*free), (0.35, 0.95)), any_pen(rng))
    _thumb(rng, page, side, reach)
    return photograph(rng, page)


def torn_off(rng: np.random.Generator, drawing: Drawing, is_transparent: bool) -> np.ndarray:
    """A piece of paper with torn edges on a black or transparent ground."""
    shape = picture_shape(rng)
    page = paper(rng, shape)
    write(rng, page, written(rng, drawing, frame(shape, 0.24), (0.4, 0.95)), any_pen(rng))
    photo, mask = photograph(rng, page), polygon(shape, _torn_edge(rng) * shape[::-1])
    if is_transparent:
        return np.dstack([photo, mask])
    return np.asarray(cv2.multiply(photo, cv2.merge([mask] * 3), scale=1 / 255))


def _torn_edge(rng: np.random.Generator) -> np.ndarray:
    """Corners of a torn sheet, float (N, 2), 0 to 1."""
    angles = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    squareness = rng.uniform(0.6, 1)
    radius = 1 / np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles))) ** squareness
    for waves in rng.integers(2, 40, 6):
        radius *= 1 + rng.uniform(0, 0.02) * np.sin(waves * angles + rng.uniform(0, 6))
    return 0.5 + rng.uniform(0.38, 0.46) * radius[:, np.newaxis] * np.column_stack([np.cos(angles), np.sin(angles)])


def _corners(box: Box) -> np.ndarray:
    left, top, right, bottom = box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _lay(rng: np.random.Generator, page: np.ndarray, corners: np.ndarray) -> None:
    """Lay a sheet with these corners on a desk; it throws a slight shadow."""
    shape = page.shape[0], page.shape[1]
    unit = min(shape) / 640
    shade = _soft(polygon(shape, corners + rng.uniform(-5, 5, 2) * unit), rng.uniform(4, 12) * unit)
    paint(page, shade * np.float32(rng.uniform(0.1, 0.5)), BLACK)
    covered = cv2.merge([polygon(shape, corners) * np.float32(1 / 255)] * 3)
    page += (paper(rng, shape) - page) * covered


def _thumb(rng: np.random.Generator, page: np.ndarray, side: int, reach: float) -> None:
    """Paint a thumb that reaches in from a side (left, top, right, bottom), by a share of the picture."""
    height, width = shape = page.shape[0], page.shape[1]
    inward = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)][side], float)
    thickness = rng.uniform(0.11, 0.22) * min(shape)
    edge = np.where(inward == 0, rng.uniform(0.03, 0.97, 2), inward < 0) * (width, height)
    tip = edge + inward * (reach * np.array([width, height]) - thickness / 2)
    along = inward + rng.uniform(-0.7, 0.7) * inward[::-1]
    mask = polylines(np.zeros(shape, np.uint8), [np.array([tip - along * max(shape), tip])], int(thickness))
    skin = colour_near(rng, pick(rng, SKIN), 0.05)
    paint(page, 0.4 * _soft(mask, 0.2 * thickness), BLACK)
    paint(page, mask * np.float32(1 / 255), skin)
    rim = 0.45 * (1 - _soft(mask, 0.6 * thickness)) * (mask > 0)  # round: darker towards its sides
    paint(page, rim.astype(np.float32), BLACK)
    if rng.random() < 0.7:
        _nail(page, tip, along, thickness, skin)


def _nail(page: np.ndarray, tip: np.ndarray, along: np.ndarray, thickness: float, skin: Colour) -> None:
    mask, axes = np.zeros(page.shape[:2], np.uint8), (int(0.3 * thickness), int(0.24 * thickness))
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    cv2.ellipse(mask, (int(tip[0]), int(tip[1])), axes, angle, 0, 360, (255,), -1, cv2.LINE_AA)
    red, green, blue = skin
    paint(page, mask * np.float32(0.8 / 255), (min(1.1 * red + 0.08, 1), 1.1 * green + 0.03, 1.1 * blue + 0.03))


def _soft(mask: np.ndarray, radius: float) -> np.ndarray:
    """The mask with soft edges: float32 (H, W), 0 to 1."""
    side = 2 * int(radius) + 1
    return np.asarray(cv2.stackBlur(mask, (side, side)) * np.float32(1 / 255))
