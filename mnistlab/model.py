"""Network architectures: from a batch of images to logits."""

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
        From float32 `(N, 28, 28, 1)` in 0..1 to logits, float32 `(N, 10)`; with ``"drawn"`` `(N, 11)`, the last
        of which says whether there is a digit.

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
    """Three narrow convolutions and a dense layer, small enough to train in one pass over MNIST: 156,506 parameters.

    One pixel is cut off at each edge, where MNIST has no ink.
    """
    momentum = 0.9  # the running means of batch normalisation must settle within a few hundred steps
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
    """Three stages of convolutions, each with half the image size and twice the filters: 289,962 parameters."""
    return _three_stages("accurate", (32, 64, 128), CLASSES)


def drawn() -> keras.Model:
    """As `accurate`, with fewer filters in the second stage, which takes the most time, and an eleventh logit.

    That says whether there is a digit at all. 251,819 parameters.
    """
    return _three_stages("drawn", (32, 48, 128), CLASSES + 1)


def _three_stages(name: str, filters: tuple[int, int, int], logits: int) -> keras.Model:
    first, second, third = filters
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *_convolution(first, pool=True),  # 14x14
            *_convolution(second),
            *_convolution(second, pool=True),  # 7x7
            *_convolution(third),
            *_convolution(third, pool=True),  # 3x3
            keras.layers.Flatten(),
            keras.layers.Dense(logits),
        ],
        name=name,
    )


def _convolution(
    filters: int, pool: bool = False, padding: str = "same", momentum: float = 0.95
) -> list[keras.layers.Layer]:
    """A 3x3 convolution, max pooling if asked for, batch normalisation, ReLU.

    Pooling comes first because it leaves the other two a quarter of the work.
    """
    return [
        keras.layers.Conv2D(filters, 3, padding=padding, use_bias=False),
        *([keras.layers.MaxPooling2D()] if pool else []),
        keras.layers.BatchNormalization(momentum=momentum),
        keras.layers.ReLU(),
    ]


ARCHITECTURES: dict[str, Callable[[], keras.Model]] = {
    "baseline": baseline,
    "fast": fast,
    "accurate": accurate,
    "drawn": drawn,
}
"""Architectures by name. The last layer of each computes the logits."""
