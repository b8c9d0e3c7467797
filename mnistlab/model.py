"""Architectures: from a batch of images to logits."""

from collections.abc import Callable

from mnistlab.errors import UnknownNameError
from mnistlab.logits import CLASSES
from mnistlab.system.backend import keras


def build_model(architecture: str = "baseline") -> keras.Model:
    """Build an untrained model.

    Parameters
    ----------
    architecture : str
        A name in `ARCHITECTURES`.

    Returns
    -------
    keras.Model
        Takes float32 `(N, 28, 28, 1)` in 0..1, puts out logits, float32 `(N, 10)`.

    Raises
    ------
    UnknownNameError
        If there is no such architecture.
    """
    if architecture not in ARCHITECTURES:
        raise UnknownNameError("architecture", architecture, ARCHITECTURES)
    return ARCHITECTURES[architecture]()


def baseline() -> keras.Model:
    """Two convolutions and two dense layers, the usual first CNN: 225,034 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),  # 26x26x32
            keras.layers.MaxPooling2D(),  # 13x13x32
            keras.layers.Conv2D(64, 3, activation="relu"),  # 11x11x64
            keras.layers.MaxPooling2D(),  # 5x5x64
            keras.layers.Flatten(),  # 1600
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(CLASSES),
        ],
        name="baseline",
    )


def fast() -> keras.Model:
    """Three convolutions, as narrow as one pass over MNIST can fill, and a dense layer: 156,506 parameters.

    One pixel of margin is cut off, where MNIST has no ink. The means that batch normalisation keeps
    follow quickly, as there are few steps to follow.
    """
    momentum = 0.9
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Cropping2D(1),  # 26x26x1
            *_convolution(16, pool=True, padding="valid", momentum=momentum),  # 12x12x16
            *_convolution(32, pool=True, momentum=momentum),  # 6x6x32
            *_convolution(64, padding="valid", momentum=momentum),  # 4x4x64
            keras.layers.Flatten(),  # 1024
            keras.layers.Dense(128, use_bias=False),
            keras.layers.BatchNormalization(momentum=momentum),
            keras.layers.ReLU(),
            keras.layers.Dense(CLASSES),
        ],
        name="fast",
    )


def accurate() -> keras.Model:
    """Three stages of convolutions, each at half the size and twice the width: 289,962 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *_convolution(32, pool=True),  # 14x14x32
            *_convolution(64),
            *_convolution(64, pool=True),  # 7x7x64
            *_convolution(128),
            *_convolution(128, pool=True),  # 3x3x128
            keras.layers.Flatten(),  # 1152
            keras.layers.Dense(CLASSES),
        ],
        name="accurate",
    )


def _convolution(
    filters: int, pool: bool = False, padding: str = "same", momentum: float = 0.95
) -> list[keras.layers.Layer]:
    """A 3x3 convolution, the maximum over 2x2 if asked for, batch normalisation, ReLU.

    With the maximum first the other two have a quarter of the numbers to go through.
    """
    return [
        keras.layers.Conv2D(filters, 3, padding=padding, use_bias=False),
        *([keras.layers.MaxPooling2D()] if pool else []),
        keras.layers.BatchNormalization(momentum=momentum),
        keras.layers.ReLU(),
    ]


ARCHITECTURES: dict[str, Callable[[], keras.Model]] = {"baseline": baseline, "fast": fast, "accurate": accurate}
"""By name. The last layer of each puts out the logits."""
