"""Sheets that do not fill the picture: on a desk, held by a thumb, torn, cut out."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.grounds import Shape, desk, paper, picture_shape, seen, smooth_noise
from mnistlab.benchmarks.scenes.parts.ink import FRACTION_BITS, any_pen, colour_near, paint, write
from mnistlab.benchmarks.scenes.parts.light import photograph
from mnistlab.benchmarks.scenes.parts.writing import Box, frame, written
from mnistlab.strokes import Drawing

SKIN = ((0.9, 0.7, 0.6), (0.8, 0.58, 0.45), (0.62, 0.42, 0.3), (0.4, 0.26, 0.19))


def on_a_desk(rng: np.random.Generator, drawing: Drawing, share: float, is_dark: bool = True) -> np.ndarray:
    """A sheet that fills about this share of the picture, slightly turned."""
    shape = picture_shape(rng)
    page = desk(rng, shape, is_dark)
    side = np.sqrt(np.clip(share * rng.uniform(0.93, 1.07), 0, 0.96))
    height, width = side * shape[0] * rng.uniform(0.97, 1.03), side * shape[1] * rng.uniform(0.97, 1.03)
    left, top = rng.uniform(0, 1, 2) * (shape[1] - width, shape[0] - height)
    corners = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
    _lay(rng, page, seen(rng, shape, turn=6, tilt=0.015)(corners))
    sheet = Box(left, top, left + width, top + height).grown(-0.14 * min(height, width))
    write(rng, page, written(rng, drawing, sheet, (0.35, 0.95)), any_pen(rng))
    return photograph(rng, page)


def beside_a_strip(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A sheet that leaves a strip of the desk visible at one side."""
    shape = picture_shape(rng)
    height, width = shape
    page = desk(rng, shape, rng.random() < 0.7)
    edges = np.array([-width, -height, 2 * width, 2 * height], float)
    side = rng.integers(4)
    strip = rng.uniform(0.04, 0.2) * (width, height)[side % 2]
    edges[side] = strip if side < 2 else (width, height)[side % 2] - strip
    left, top, right, bottom = edges
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    middle = np.array([width, height]) / 2
    angle = np.radians(rng.uniform(-3, 3))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    _lay(rng, page, (corners - middle) @ turn + middle)
    sheet = Box(max(0, left), max(0, top), min(width, right), min(height, bottom)).grown(-0.09 * min(shape))
    write(rng, page, written(rng, drawing, sheet, (0.3, 0.9)), any_pen(rng))
    return photograph(rng, page)


def held_by_a_thumb(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
    """A sheet with a thumb that reaches in from a corner or an edge."""
    shape = picture_shape(rng)
    page, edges = paper(rng, shape), frame(shape, 0.06)
    side, reach = int(rng.integers(4)), rng.uniform(0.12, 0.26)
    free = edges._replace(
        **{
            ("left", "top", "right", "bottom")[side]: (reach + 0.08) * (shape[1], shape[0])[side % 2]
            if side < 2
            else (0.92 - reach) * (shape[1], shape[0])[side % 2]
        }
    )
    write(rng, page, written(rng, drawing, free, (0.35, 0.95)), any_pen(rng))
    _thumb(rng, page, side, reach)
    return photograph(rng, page)


def cut_out(rng: np.random.Generator, drawing: Drawing, is_transparent: bool) -> np.ndarray:
    """A piece of paper with torn edges on a black or transparent ground."""
    shape = picture_shape(rng)
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    square = 1 / np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles))) ** rng.uniform(0.6, 1)
    tear = 1 + 0.05 * smooth_noise(rng, (1, 120), (1, int(rng.integers(6, 40))))[0]
    radius = rng.uniform(0.38, 0.47) * square * tear
    corners = (np.column_stack([np.cos(angles), np.sin(angles)]) * radius[:, np.newaxis] + 0.5) * shape[::-1]
    mask = _polygon(shape, corners)
    page = paper(rng, shape)
    write(rng, page, written(rng, drawing, frame(shape, 0.24), (0.4, 0.95)), any_pen(rng))
    photo = photograph(rng, page)
    if is_transparent:
        return np.dstack([photo, (255 * mask).astype(np.uint8)])
    return (photo * mask[..., np.newaxis]).astype(np.uint8)


def _lay(rng: np.random.Generator, page: np.ndarray, corners: np.ndarray) -> None:
    """Lay a sheet with these corners on a desk; it throws a slight shadow."""
    shape = page.shape[0], page.shape[1]
    mask, unit = _polygon(shape, corners), min(shape) / 640
    moved = _polygon(shape, corners + rng.uniform(-5, 5, 2) * unit)
    page *= 1 - rng.uniform(0.1, 0.5) * cv2.GaussianBlur(moved, (0, 0), rng.uniform(2, 6) * unit)[..., np.newaxis]
    page += (paper(rng, shape) - page) * mask[..., np.newaxis]


def _thumb(rng: np.random.Generator, page: np.ndarray, side: int, reach: float) -> None:
    """Paint a thumb that reaches in from a side (left, top, right, bottom), by a share of the picture."""
    height, width = shape = page.shape[0], page.shape[1]
    full = np.array([width, height])
    inward = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)][side], float)
    tip = np.where(inward != 0, (inward < 0) * full, rng.uniform(0.03, 0.97) * full) + inward * reach * full
    thickness = rng.uniform(0.1, 0.18) * min(shape)
    tip = tip - inward * thickness / 2
    lean = rng.uniform(-0.7, 0.7) * inward[::-1]
    root = tip - (inward + lean) * max(shape)
    mask = np.zeros(shape, np.uint8)
    ends = np.round(np.array([root, tip]) * 2**FRACTION_BITS).astype(np.int32)
    cv2.line(mask, *map(tuple, ends.tolist()), 255, int(thickness), cv2.LINE_AA, FRACTION_BITS)
    finger = mask.astype(np.float32) / 255
    page *= 1 - 0.4 * cv2.GaussianBlur(finger, (0, 0), 0.08 * thickness)[..., np.newaxis]
    skin = np.array(colour_near(rng, SKIN[rng.integers(4)], 0.05), np.float32)
    round_light = 0.55 + 0.45 * cv2.GaussianBlur(finger, (0, 0), 0.25 * thickness)
    page += (skin * round_light[..., np.newaxis] - page) * finger[..., np.newaxis]
    _nail(rng, page, tip, inward + lean, thickness, skin)


def _nail(
    rng: np.random.Generator, page: np.ndarray, tip: np.ndarray, along: np.ndarray, thickness: float, skin: np.ndarray
) -> None:
    if rng.random() < 0.7:
        mask = np.zeros(page.shape[:2], np.uint8)
        axes = int(0.3 * thickness), int(0.24 * thickness)
        angle = float(np.degrees(np.arctan2(along[1], along[0])))
        cv2.ellipse(mask, tuple(int(value) for value in tip), axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
        nail = np.minimum(skin * 1.1 + (0.08, 0.03, 0.03), 1)
        paint(page, mask.astype(np.float32) / 255 * 0.8, tuple(map(float, nail)))


def _polygon(shape: Shape, corners: np.ndarray) -> np.ndarray:
    """How much of each pixel lies in a polygon, float32 (H, W), 0 to 1."""
    mask = np.zeros(shape, np.uint8)
    points = np.round(corners * 2**FRACTION_BITS).astype(np.int32)
    cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, FRACTION_BITS)
    return mask.astype(np.float32) / 255
