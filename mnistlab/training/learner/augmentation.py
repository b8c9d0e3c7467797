"""Random distortions of a batch of images, computed inside the training graph."""

from math import pi
from typing import Any

from mnistlab.preprocessing import SIDE
from mnistlab.system.backend import keras
from mnistlab.training.presets import Distortion

NEIGHBOUR_DISTANCE = (14, 21)
"""Smallest and largest distance between an image and its neighbour, in pixels from middle to middle."""

EDGE = 5
"""Columns at an edge in which a neighbour can be seen."""


def augment(images: Any, distortion: Distortion, random: keras.random.SeedGenerator) -> Any:
    """Distort every image of a batch by its own random amounts.

    The image is rotated, scaled, sheared and shifted around its centre (bilinear interpolation, dark
    beyond the edges), then the pen is made thicker or thinner. Some images get ink of another one at their left
    or right edge, as is left there where a digit is cut from a number.

    Parameters
    ----------
    images : float32 tensor of shape (N, 28, 28, 1)
        Light ink (1) on a dark ground (0).
    distortion : Distortion
        The largest amounts.
    random : keras.random.SeedGenerator

    Returns
    -------
    float32 tensor of shape (N, 28, 28, 1)
        In 0..1.
    """
    transformed = keras.ops.image.affine_transform(
        images, _affine(keras.ops.shape(images)[0], distortion, random), interpolation="bilinear"
    )
    changed = _change_thickness(transformed, distortion.thickness, random)
    return _add_neighbours(changed, distortion.neighbours, random) if distortion.neighbours else changed


@keras.saving.register_keras_serializable(package="mnistlab")
class Augmentation(keras.layers.Layer):
    """`augment` while training, nothing otherwise.

    Parameters
    ----------
    distortion : dict
        The fields of a `Distortion`; a dict, so that Keras can save it.
    seed : int
    """

    def __init__(self, distortion: dict[str, float], seed: int, **layer: Any) -> None:
        super().__init__(**layer)
        self.distortion, self.seed = Distortion(**distortion), seed
        self.random = keras.random.SeedGenerator(seed)

    def call(self, images: Any, training: bool = False) -> Any:
        return augment(images, self.distortion, self.random) if training else images

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Save the state of the random numbers, which Keras does not: a resumed training must continue with it."""
        store["random"] = self.random.state

    def load_own_variables(self, store: dict[str, Any]) -> None:
        self.random.state.assign(store["random"])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "distortion": vars(self.distortion), "seed": self.seed}


def _affine(count: int, distortion: Distortion, random: keras.random.SeedGenerator) -> Any:
    """Transforms `(count, 8)` from the pixels of the result to those of the image."""
    ops = keras.ops

    def draw(largest: float) -> Any:
        return keras.random.uniform((count,), -largest, largest, seed=random)

    angle, shear = draw(distortion.rotation * pi / 180), draw(distortion.shear)
    width, height = ops.exp(draw(distortion.scale)), ops.exp(draw(distortion.scale))
    cos, sin = ops.cos(angle), ops.sin(angle)
    a, b = cos * width, (cos * shear - sin) * height
    c, d = sin * width, (sin * shear + cos) * height
    middle = (SIDE - 1) / 2
    across = middle - middle * (a + b) + draw(distortion.shift)
    down = middle - middle * (c + d) + draw(distortion.shift)
    zero = ops.zeros_like(a)
    return ops.stack([a, b, across, c, d, down, zero, zero], axis=1)


def _change_thickness(images: Any, thickness: float, random: keras.random.SeedGenerator) -> Any:
    """Blend each image with its dilation or its erosion by one pixel, in random shares up to `thickness`."""
    ops = keras.ops
    amount = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), -thickness, thickness, seed=random)
    dilated = ops.max_pool(images, 3, strides=1, padding="same")
    eroded = -ops.max_pool(-images, 3, strides=1, padding="same")
    return images + ops.relu(amount) * (dilated - images) + ops.relu(-amount) * (eroded - images)


def _add_neighbours(images: Any, share: float, random: keras.random.SeedGenerator) -> Any:
    """Put the next image of the batch beside a share of the images, the first ones, and show what lies at the edge."""
    ops = keras.ops
    count = ops.cast(ops.ceil(share * ops.cast(ops.shape(images)[0], "float32")), "int32")
    side = ops.sign(keras.random.uniform((count,), -1, 1, seed=random))
    across = side * keras.random.uniform((count,), *NEIGHBOUR_DISTANCE, seed=random)
    one, zero = ops.ones_like(across), ops.zeros_like(across)
    moves = ops.stack([one, zero, across, zero, one, zero, zero, zero], axis=1)
    others = ops.roll(images, -1, axis=0)[:count]
    beside = ops.image.affine_transform(others, moves, interpolation="bilinear")
    columns = ops.reshape(ops.arange(SIDE), (1, 1, SIDE, 1))
    is_edge = ops.cast((columns < EDGE) | (columns >= SIDE - EDGE), images.dtype)
    return ops.concatenate([ops.maximum(images[:count], beside * is_edge), images[count:]], axis=0)
