"""From a page to a picture: a photo, a scan, or what a program saves."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from mnistlab.benchmarks.scenes.parts.chance import Range
from mnistlab.benchmarks.scenes.parts.light import soft_light

Camera = Callable[[np.random.Generator, np.ndarray], np.ndarray]
"""From a page, float32 `(H, W, 3)`, to a picture, uint8."""

COLOUR_GRAIN = 3
"""A camera's noise in colour is this much coarser than that in brightness."""


@dataclass(frozen=True)
class Settings:
    """How photos are taken, each as a range."""

    exposure: Range = (0.75, 1.05)  # factor of brightness
    noise: Range = (1.0, 7.0)  # standard deviation, in grey levels of 255
    blur: Range = (0.3, 1.5)  # standard deviation, in pixels of a picture of 640 pixels
    quality: Range = (55, 96)  # of the JPEG, 1 to 100


USUAL = Settings()
DIM = Settings(exposure=(0.25, 0.5), noise=(7, 16), blur=(0.5, 1.5))
POOR_JPEG = Settings(quality=(8, 30))


def photograph(
    rng: np.random.Generator,
    page: np.ndarray,
    light: np.ndarray | None = None,
    settings: Settings = USUAL,
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
    settings : Settings
    reflection : float32 array of shape (H, W), optional
        Added to the light that comes from the page.

    Returns
    -------
    uint8 array of shape (H, W, 3)
    """
    light = soft_light(rng, (page.shape[0], page.shape[1])) if light is None else light
    tint = 255 * rng.uniform(0.94, 1.0, 3) * rng.uniform(*settings.exposure)
    photo = page * cv2.merge([light * np.float32(channel) for channel in tint])
    if reflection is not None:
        photo += np.asarray(cv2.merge([255 * reflection] * 3))
    sigma = rng.uniform(*settings.blur) * max(0.5, min(light.shape) / 640)
    photo = np.asarray(cv2.GaussianBlur(np.minimum(photo, 255), (0, 0), sigma))
    return compressed(_noisy(rng, photo, rng.uniform(*settings.noise)), int(rng.uniform(*settings.quality)))


def compressed(picture: np.ndarray, quality: int) -> np.ndarray:
    """Return a picture, uint8 (H, W, 3), as JPEG leaves it."""
    in_order = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    stored = np.asarray(cv2.imencode(".jpg", in_order, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB))


def save(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """Return a page as a program saves it, without noise: uint8 (H, W, 3), or grey (H, W) in one of three."""
    picture = np.round(np.clip(page, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)) if rng.random() < 1 / 3 else picture


def save_or_compress(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """Return a page as `save`; in one of four as a JPEG."""
    if rng.random() < 0.75:
        return save(rng, page)
    return compressed(np.round(np.clip(page, 0, 1) * 255).astype(np.uint8), int(rng.integers(60, 97)))


def save_or_photograph(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """Return a page as a program saves it, or a photo of it, each half of the time."""
    return save(rng, page) if rng.random() < 0.5 else photograph(rng, page)


def _noisy(rng: np.random.Generator, photo: np.ndarray, deviation: float) -> np.ndarray:
    """The photo with a camera's noise: fine in brightness, coarse in colour."""
    height, width = photo.shape[:2]
    brightness = deviation * rng.standard_normal((height, width), np.float32)
    coarse = (-(-height // COLOUR_GRAIN), -(-width // COLOUR_GRAIN), 3)
    colours = 0.6 * deviation * rng.standard_normal(coarse, np.float32)
    photo += cv2.merge([brightness] * 3)
    photo += cv2.resize(colours, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(photo, 0, 255).astype(np.uint8)
