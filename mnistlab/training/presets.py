"""Presets: everything that decides the result of a training, except the data."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from mnistlab.errors import ParameterError, UnknownNameError

AS_PRESET = "preset"
"""In place of a dataset's name: the dataset of the preset."""


def _number(default: float, low: float, high: float) -> Any:
    """A field that takes numbers from `low` to `high`, both included."""
    return field(default=default, metadata={"bounds": (low, high)})


def _check_bounds(config: "Distortion | TrainConfig") -> None:
    for part in fields(config):
        if "bounds" in part.metadata:
            value, kind, (low, high) = getattr(config, part.name), type(part.default), part.metadata["bounds"]
            if not isinstance(value, int | kind) or not low <= value <= high:
                valid = f"{kind.__name__}, {low:g} to {high:.10g}"
                raise ParameterError(f"{part.name} cannot be {value!r}: it takes {valid}")


@dataclass(frozen=True)
class Distortion:
    """The largest distortion of a training image; each image gets random amounts up to these.

    Every number stands with its default and its bounds.
    """

    rotation: float = _number(0.0, 0, 180)  # degrees, in either direction
    scale: float = _number(0.0, 0, 1)  # log of the factor; width and height are scaled separately: 0.1 is about 10 %
    shear: float = _number(0.0, 0, 1)  # pixels to the left or right for each pixel of height
    shift: float = _number(0.0, 0, 14)  # pixels, horizontally and vertically
    thickness: float = _number(0.0, 0, 1)  # of the pen; at 1 one pixel more or less on each side
    neighbours: float = _number(0.0, 0, 1)  # share of the images at whose left or right edge others' ink is seen

    def __post_init__(self) -> None:
        _check_bounds(self)


@dataclass(frozen=True)
class TrainConfig:
    """The settings of a training. Every number stands with its default and its bounds.

    Raises
    ------
    ParameterError
        If a number is out of its bounds.
    """

    dataset: str = "auto"  # a name in data.DATASETS
    architecture: str = "baseline"  # a name in model.ARCHITECTURES
    epochs: int = _number(20, 1, 1000)  # passes over the training images, at most
    min_steps: int = _number(0, 0, 1_000_000)  # steps, at least: with few images there are more epochs
    batch_size: int = _number(128, 1, 10_000)  # images per step
    learning_rate: float = _number(1e-3, 0, 1)  # highest step size of AdamW
    warmup_fraction: float = _number(0.0, 0, 0.9)  # share of the steps in which the step size rises; then it falls
    weight_decay: float = _number(0.0, 0, 1)  # of AdamW
    label_smoothing: float = _number(0.0, 0, 0.9)  # share of the label that is spread over all ten digits
    drawn_smoothing: float = _number(0.0, 0, 0.9)  # the same, on top: of known writers' and a generator's digits
    outliers: float = _number(0.0, 0, 10)  # weight of learning what is no digit; 0: it does not
    distortion: Distortion | None = None  # of the training images
    patience: int = _number(3, 0, 1000)  # epochs without improvement before it stops; 0: never, and keep the last epoch
    validation_fraction: float = _number(0.1, 0.01, 0.9)  # share of the training images kept back for validation
    seed: int = _number(0, 0, 1_000_000)  # for the initial weights, the order of the images and their distortion

    def __post_init__(self) -> None:
        _check_bounds(self)

    def steps_on(self, images: int) -> int:
        """Return the steps per epoch with so many training images: one for each full batch, but at least one."""
        return max(1, images // self.batch_size)

    def epochs_on(self, images: int) -> int:
        """Return the largest number of epochs with so many training images."""
        return max(self.epochs, -(-self.min_steps // self.steps_on(images)))


_DISTORTION = Distortion(rotation=15, scale=0.15, shear=0.25, shift=2, thickness=0.5)

_ACCURATE = TrainConfig(
    architecture="accurate",
    epochs=20,
    learning_rate=4e-3,
    warmup_fraction=0.2,
    weight_decay=0.15,
    label_smoothing=0.05,
    distortion=_DISTORTION,
    patience=0,
    validation_fraction=0.05,
)

PRESETS = {
    "baseline": TrainConfig(),
    "fast": TrainConfig(
        architecture="fast",
        epochs=1,
        min_steps=200,
        batch_size=256,
        learning_rate=0.015,
        warmup_fraction=0.2,
        weight_decay=0.2,
        patience=0,
        validation_fraction=0.05,
    ),
    "accurate": _ACCURATE,
    "drawn": replace(
        _ACCURATE,
        dataset="mnist+strokes",
        architecture="drawn",
        epochs=11,
        label_smoothing=0.02,
        drawn_smoothing=0.07,
        outliers=0.3,
        distortion=replace(_DISTORTION, thickness=0.6, neighbours=0.05),
        validation_fraction=0.1,
    ),
}
"""Configurations by name, with their accuracy on MNIST's test set: mean ± standard deviation over seeds, measured
on 2 cores of an AMD EPYC without AVX-512. The test set was not used to choose any of these settings.

``baseline``
    The usual first CNN with Adam; stops after three epochs without improvement: 99.09 ± 0.07 % (4 seeds)
    in 59 s, 8 to 12 epochs.
``fast``
    One epoch in which the step size rises and falls once: 99.16 ± 0.06 % (10 seeds) in 5.4 s, including
    loading the data and building the graph.
``accurate``
    Distorted images, label smoothing, a step size that rises and falls once in 20 epochs: 99.70 ± 0.02 %
    (5 seeds) in 9 minutes.
``drawn``
    ``accurate``, trained on MNIST, on pen strokes of three sets and of a generator, and on what is no digit: its
    report is in ``reports/reference``.
"""


BENCHMARKED = "baseline", "fast"
"""The presets whose speed `10_benchmark` compares."""


def configure(
    preset: str,
    *,
    dataset: str = AS_PRESET,
    epochs: int = 0,
    batch_size: int = 0,
    learning_rate: float = 0.0,
    seed: int = 0,
) -> TrainConfig:
    """Return a preset's configuration with some values replaced.

    Parameters
    ----------
    preset : {"baseline", "fast", "accurate", "drawn"}
    dataset : str
        A name in `mnistlab.data.DATASETS`; ``"preset"`` takes the preset's.
    epochs : int
        Passes over the training images, at most: 1 to 1000; 0 takes the preset's. If given, it also sets
        aside the preset's smallest number of steps.
    batch_size : int
        Images per step: 1 to 10,000; 0 takes the preset's.
    learning_rate : float
        Highest step size: up to 1; 0 takes the preset's.
    seed : int
        For the initial weights, the order of the images and their distortion: 0 to 1,000,000.

    Raises
    ------
    UnknownNameError
        If there is no such preset.
    ParameterError
        If a number is out of its bounds.
    """
    if preset not in PRESETS:
        raise UnknownNameError("preset", preset, PRESETS)
    config = PRESETS[preset]
    return replace(
        config,
        dataset=config.dataset if dataset == AS_PRESET else dataset,
        epochs=epochs or config.epochs,
        min_steps=0 if epochs else config.min_steps,
        batch_size=batch_size or config.batch_size,
        learning_rate=learning_rate or config.learning_rate,
        seed=seed,
    )
