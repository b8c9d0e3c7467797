"""Architectures: from a batch of images to logits."""

from collections.abc import Callable

from mnistlab.backend import keras
from mnistlab.errors import UnknownNameError

CLASSES = 10


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


ARCHITECTURES: dict[str, Callable[[], keras.Model]] = {"baseline": baseline}
