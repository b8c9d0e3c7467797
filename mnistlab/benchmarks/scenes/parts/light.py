"""Light on a page, and the camera: from a page to a photo. Light is a factor for each pixel, float32 `(H, W)`."""

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.grounds import Shape

Range = tuple[float, float]

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
    rest = rng.uniform(0.2, 0.45)
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
    penumbra = rng.uniform(3, 16) / min(shape)
    covered = np.clip(distance / penumbra + 0.5, 0, 1)
    return _enlarged(1 - depth * covered * covered * (3 - 2 * covered), shape)


def gutter(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Return the light on a page of an open book: it falls off towards the fold at one side."""
    x, y = _grid((COARSE, 4 * COARSE))
    x = (1 + x) / 2 + rng.uniform(-0.02, 0.02) * y
    depth, width = rng.uniform(0.5, 0.9), rng.uniform(0.04, 0.2)
    light = 1 - depth * np.exp(-np.maximum(x, 0) / width)
    return _enlarged(light if rng.random() < 0.5 else light[:, ::-1], shape)


def glare(shape: Shape, centre: tuple[float, float], radius: float, strength: float, squash: float = 1) -> np.ndarray:
    """Return a reflected lamp, to be added to a photo: `strength` 1 makes black white. Centre and radius in pixels."""
    y, x = np.ogrid[0 : shape[0], 0 : shape[1]]
    away = np.exp(-np.square((x - centre[0]) / radius, dtype=np.float32))
    down = np.exp(-np.square((y - centre[1]) / (radius * squash), dtype=np.float32))
    return np.asarray(strength * away * down, np.float32)


def photograph(
    rng: np.random.Generator,
    page: np.ndarray,
    light: np.ndarray | None = None,
    exposure: Range = (0.75, 1.05),
    noise: Range = (1.0, 7.0),
    blur: Range = (0.3, 1.5),
    quality: Range = (55, 96),
    reflection: np.ndarray | None = None,
) -> np.ndarray:
    """Take a photo of a page.

    Parameters
    ----------
    rng : Generator
    page : float32 array of shape (H, W, 3)
        0 to 1.
    light : float32 array of shape (H, W), optional
        A factor; otherwise soft light.
    exposure, noise, blur, quality : pair of float
        Smallest and largest: factor of brightness; standard deviation in grey levels of 255; that of the blur in
        pixels of a picture of 640 pixels; JPEG quality, 1 to 100.
    reflection : float32 array of shape (H, W), optional
        Added to the light that comes from the page.

    Returns
    -------
    uint8 array of shape (H, W, 3)
    """
    shape = page.shape[0], page.shape[1]
    light = soft_light(rng, shape) if light is None else light
    tint = rng.uniform(0.94, 1.0, 3) * rng.uniform(*exposure)
    photo = page * (light[..., np.newaxis] * tint.astype(np.float32))
    if reflection is not None:
        photo += reflection[..., np.newaxis]
    photo = cv2.GaussianBlur(np.minimum(photo, 1), (0, 0), rng.uniform(*blur) * max(0.5, min(shape) / 640))
    return compressed(_noisy(rng, 255 * photo, rng.uniform(*noise)), int(rng.uniform(*quality)))


def compressed(picture: np.ndarray, quality: int) -> np.ndarray:
    """Return a picture, uint8 (H, W, 3), as JPEG leaves it."""
    stored = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.cvtColor(cv2.imdecode(stored, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))


def clean(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """Return a page as a program saves it, without noise: uint8 (H, W, 3), or grey (H, W) in one of three."""
    picture = np.round(np.clip(page, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)) if rng.random() < 1 / 3 else picture


def clean_or_photo(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """Return a page as a program saves it, or a photo of it, each half of the time."""
    return clean(rng, page) if rng.random() < 0.5 else photograph(rng, page)


def _noisy(rng: np.random.Generator, photo: np.ndarray, deviation: float) -> np.ndarray:
    """The photo with a camera's noise: fine in brightness, coarse in colour."""
    shape = photo.shape[0], photo.shape[1]
    photo += deviation * rng.standard_normal((*shape, 1), np.float32)
    colours = rng.standard_normal(((shape[0] + 2) // 3, (shape[1] + 2) // 3, 3), np.float32)
    photo += 0.6 * deviation * cv2.resize(colours, shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.clip(photo, 0, 255).astype(np.uint8)


def _grid(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """x and y of each pixel, -1 to 1."""
    x, y = np.meshgrid(*(np.linspace(-1, 1, side, dtype=np.float32) for side in shape[::-1]))
    return x, y


def _enlarged(light: np.ndarray, shape: Shape) -> np.ndarray:
    return np.asarray(cv2.resize(light.astype(np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
