"""How fast presets learn, and how near that is to what the machine can do."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import psutil

from mnistlab.data import load_dataset, sample, split
from mnistlab.evaluation.metrics import accuracy, infer
from mnistlab.logits import digit_logits
from mnistlab.system.backend import keras
from mnistlab.training.export import load_best
from mnistlab.training.presets import configure
from mnistlab.training.trainer import train

TARGET_ACCURACY = 0.99
"""Validation accuracy that the time to reach it is measured for."""


@dataclass(frozen=True)
class TimedTraining:
    """One training, from loading the data to the kept weights, with its times and its test accuracy."""

    preset: str
    seed: int
    test_accuracy: float  # 0..1
    epochs: int
    loading_seconds: float
    training_seconds: float  # includes building and compiling the graph, validation and checkpoints
    seconds_to_target: float | None  # from the start until TARGET_ACCURACY in validation; None if it was not reached
    images_per_second: float  # training images, within the epochs

    @property
    def seconds(self) -> float:
        """Loading and training."""
        return self.loading_seconds + self.training_seconds


def time_training(preset: str, seed: int, dataset: str = "auto", train_size: int = 0, epochs: int = 0) -> TimedTraining:
    """Train and test once. Loading the data and training are timed, importing TensorFlow and testing are not.

    Parameters
    ----------
    preset : str
        A name in `mnistlab.training.presets.PRESETS`.
    seed : int
        For the split, the first weights and the order of the images.
    dataset : str
        As `mnistlab.data.load_dataset` takes it.
    train_size : int
        Images to learn from and validate on; 0 takes all.
    epochs : int
        Most passes over the images; 0 takes the preset's.
    """
    config = configure(preset, epochs=epochs, seed=seed)
    began = perf_counter()
    digits, test = load_dataset(dataset)
    kept, validation = split(sample(digits, train_size, seed), config.validation_fraction, seed)
    loaded = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        history = train(config, kept, validation, Path(folder))
        ended = perf_counter()
        model = load_best(Path(folder))
    until = np.cumsum(history.column("seconds")) + (ended - began) - history.seconds
    reached = np.flatnonzero(np.array(history.column("validation_accuracy")) >= TARGET_ACCURACY)
    return TimedTraining(
        preset,
        seed,
        accuracy(digit_logits(infer(model, test.images)), test.labels),
        len(history),
        loaded - began,
        ended - loaded,
        float(until[reached[0]]) if reached.size else None,
        len(kept) * len(history) / history.seconds,
    )


def as_table(trainings: Sequence[TimedTraining]) -> pd.DataFrame:
    """Return one row for each training, with the fields of `TimedTraining` and its ``seconds``."""
    rows = [{**vars(training), "seconds": training.seconds} for training in trainings]
    return pd.DataFrame(rows).astype({"seconds_to_target": float})


def summary(trainings: Sequence[TimedTraining]) -> pd.DataFrame:
    """Return one row for each preset: mean and standard deviation (divided by n) over its seeds.

    Returns
    -------
    DataFrame
        Number of ``seeds``; ``accuracy`` and ``accuracy_std`` in 0..1 on the test set; ``seconds`` and
        ``seconds_std``; ``reached_target``, how many reached it, and their mean ``seconds_to_target``;
        ``epochs``; ``images_per_second``. A single seed has no standard deviation.
    """
    by_preset = as_table(trainings).groupby("preset", sort=False)
    mean, count = by_preset.mean(numeric_only=True), by_preset.size()
    std = by_preset[["test_accuracy", "seconds"]].std(ddof=0)
    std[count == 1] = np.nan
    return pd.DataFrame(
        {
            "seeds": count,
            "accuracy": mean["test_accuracy"],
            "accuracy_std": std["test_accuracy"],
            "seconds": mean["seconds"],
            "seconds_std": std["seconds"],
            "reached_target": by_preset["seconds_to_target"].count(),
            **mean[["seconds_to_target", "epochs", "images_per_second"]],
        }
    )


def memory_gib() -> float:
    """Return the memory that this process uses, in GiB."""
    return float(psutil.Process().memory_info().rss / 2**30)


def matrix_product_speed(side: int = 2048, repeats: int = 5) -> float:
    """Return the multiplications and additions a second that this machine reaches in a matrix product, in float32.

    The fastest of `repeats` products of two matrices of `side` by `side` counts; each takes 2 `side`³ operations.
    """
    square = np.random.default_rng(0).random((side, side), np.float32)
    fastest = min(seconds_of(lambda: square @ square, repeats + 1)[1:])  # the first starts the threads
    return 2 * side**3 / fastest


def operations_per_image(model: keras.Model) -> int:
    """Return the multiplications and additions for one image in the forward pass, in convolutions and dense layers.

    Training takes about three times as many: the backward pass has one product for the gradient of the
    weights and one for that of the input.
    """
    operations = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense):
            operations += 2 * int(np.prod(layer.output.shape[1:-1])) * int(np.prod(layer.kernel.shape))
    return operations


def seconds_of(call: Callable[[], object], times: int) -> list[float]:
    """Return how long each of so many calls takes."""
    seconds = []
    for _ in range(times):
        began = perf_counter()
        call()
        seconds.append(perf_counter() - began)
    return seconds
