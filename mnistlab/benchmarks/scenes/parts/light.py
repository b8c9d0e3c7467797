"""Light on a page: a factor for each pixel, float32 `(H, W)`."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.chance import Range
from mnistlab.benchmarks.scenes.parts.views import Shape

COARSE = 64
"""Light changes slowly: it is computed with this many pixels a side, and enlarged."""


def soft_light(rng: np.random.Generator, shape: Shape, loss: Range = (0.05, 0.4)) -> np.ndarray:
    """Return light from one side that falls off towards the corners: 1 where it is brightest, less by `loss`."""
    x, y = _grid((COARSE, COARSE))
    angle, (middle_x, middle_y) = rng.uniform(0, 2 * np.pi), rng.uniform(-0.4, 0.4, 2)
    ramp = np.cos(angle) * x + np.sin(angle) * y
    corners = (x - middle_x) ** 2 + (y - middle_y) ** 2
    darkness = rng.uniform(0, 1) * ramp + rng.uniform(0.1, 1) * corners
    darkness = (darkness - darkness.min()) / np.ptp(darkness)
    return _enlarged(1 - rng.uniform(*loss) * darkness, shape)


def lamp_light(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return the light of a lamp close by: a bright pool, darkness around it."""
    x, y = _grid((COARSE, COARSE))
    middle_x, middle_y = rng.uniform(-0.9, 0.9, 2)
    distance = ((x - middle_x) ** 2 + rng.uniform(0.5, 2) * (y - middle_y) ** 2) / rng.uniform(0.5, 2.5)
    rest = rng.uniform(0.15, 0.4)
    return _enlarged(rest + (1 - rest) / (1 + distance), shape)


def shadow(rng: np.random.Generator, shape: Shape, depth: float) -> np.ndarray:
    """Return the sharp shadow of something: `depth`, 0 to 1, is the share of light that it takes.

    Its edge is straight or curved, a few pixels wide, and anywhere.
    """
    height, width = shape
    x, y = _grid(((height + 1) // 2, (width + 1) // 2))
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.5)
    across, along = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    if rng.random() < 0.3:  # of something round
        radius = rng.uniform(0.6, 1.4)
        distance = radius - np.hypot(across - reach - radius, along - rng.uniform(-0.4, 0.4))
    else:
        wave = rng.choice([0, 1]) * rng.uniform(0.05, 0.3)
        distance = across - reach + wave * np.sin(rng.uniform(1, 4) * along + rng.uniform(0, 6))
    penumbra = 2 * rng.uniform(2, 16) / min(shape)
    covered = np.clip(distance / penumbra + 0.5, 0, 1)
    return _enlarged(1 - depth * covered * covered * (3 - 2 * covered), shape)


def gutter(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return the light on a page of an open book: it falls off towards the fold at one side."""
    x, y = _grid((COARSE, 4 * COARSE))
    x = (1 + x) / 2 + rng.uniform(-0.02, 0.02) * y
    depth, width = rng.uniform(0.5, 0.9), rng.uniform(0.04, 0.2)
    light = 1 - depth * np.exp(-np.maximum(x, 0) / width)
    return _enlarged(light if rng.random() < 0.5 else light[:, ::-1], shape)


def glare(shape: Shape, centre: tuple[float, float], radius: float, strength: float, squash: float) -> np.ndarray:
    """Return a reflected lamp, to be added to a photo: `strength` 1 makes black white. Centre and radius in pixels.

    It is wider than high by the factor `squash`.
    """
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    away = np.exp(-np.square((x - centre[0]) / radius))
    down = np.exp(-np.square((y - centre[1]) / (radius / squash)))
    return (strength * away * down).astype(np.float32)


def _grid(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """x and y of each pixel, -1 to 1."""
    x, y = np.meshgrid(*(np.linspace(-1, 1, side, dtype=np.float32) for side in shape[::-1]))
    return x, y


def _enlarged(light: np.ndarray, shape: Shape) -> np.ndarray:
    return np.asarray(cv2.resize(light.astype(np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR))
