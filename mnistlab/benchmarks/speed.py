"""How fast recipes learn and models answer, and how near that is to what the machine can do."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import psutil

from mnistlab.data import load_dataset, sample, split
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.evaluation.metrics import accuracy, infer
from mnistlab.prediction import Predictor
from mnistlab.preprocessing import model_input
from mnistlab.system.backend import keras
from mnistlab.training.export import load_best
from mnistlab.training.presets import configure
from mnistlab.training.trainer import train

_BATCHES = (250, 1000, 5000)
"""Images at a time, of which Keras may choose the fastest."""

GOAL = 0.99
"""The accuracy that the time to it is measured for."""


@dataclass(frozen=True)
class Trial:
    """One training, from loading the data to the kept weights, and what it came to."""

    preset: str
    seed: int
    test_accuracy: float  # 0..1
    epochs: int
    loading: float  # seconds
    training: float  # seconds, building and compiling the graph, validation and checkpoints included
    to_goal: float  # seconds from the start until a validation accuracy of GOAL; NaN if it was not reached
    images_per_second: float  # learned from, within the epochs

    @property
    def seconds(self) -> float:
        """Loading and training."""
        return self.loading + self.training


def trial(preset: str, seed: int, dataset: str = "auto", train_size: int = 0, epochs: int = 0) -> Trial:
    """Train once and test once, with the clock running while it loads and trains.

    Parameters are those of ``02_train``. Importing TensorFlow is not counted, testing neither.
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
    reached = np.flatnonzero(np.array(history.column("validation_accuracy")) >= GOAL)
    return Trial(
        preset,
        seed,
        accuracy(infer(model, test.images), test.labels),
        len(history),
        loaded - began,
        ended - loaded,
        float(until[reached[0]]) if reached.size else float("nan"),
        len(kept) * len(history) / history.seconds,
    )


def as_table(trials: Sequence[Trial]) -> pd.DataFrame:
    """Return one row a trial, with the fields of `Trial` and its ``seconds``."""
    return pd.DataFrame([{**vars(each), "seconds": each.seconds} for each in trials])


def summary(trials: Sequence[Trial]) -> pd.DataFrame:
    """Return one row a preset: mean and standard deviation over its seeds.

    Returns
    -------
    DataFrame
        ``seeds``, ``accuracy`` and ``accuracy_std`` in 0..1, ``seconds`` and ``seconds_std``,
        ``to_goal`` in seconds, ``epochs``, ``images_per_second``.
    """
    by_preset = as_table(trials).groupby("preset", sort=False)
    return pd.DataFrame(
        {
            "seeds": by_preset.size(),
            "accuracy": by_preset["test_accuracy"].mean(),
            "accuracy_std": by_preset["test_accuracy"].std(ddof=0),
            "seconds": by_preset["seconds"].mean(),
            "seconds_std": by_preset["seconds"].std(ddof=0),
            "to_goal": by_preset["to_goal"].mean(),
            "epochs": by_preset["epochs"].mean(),
            "images_per_second": by_preset["images_per_second"].mean(),
        }
    )


def memory_held() -> float:
    """Return the memory that this process holds, in GiB."""
    return float(psutil.Process().memory_info().rss / 2**30)


def matrix_product_speed(side: int = 2048, repeats: int = 5) -> float:
    """Return the multiplications and additions a second that this machine reaches in float32, at its best.

    One product of two square matrices of `side` takes 2 `side`³ of them.
    """
    square = np.random.default_rng(0).random((side, side), np.float32)
    fastest = min(_seconds(lambda: square @ square, repeats + 1)[1:])  # the first starts the threads
    return 2 * side**3 / fastest


def work_per_image(model: keras.Model) -> int:
    """Return the multiplications and additions that one image takes in convolutions and dense layers, forwards.

    Learning from it takes about three times as many: each is undone once for the weights, once for the input.
    """
    work = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.Dense):
            places = int(np.prod(layer.output.shape[1:-1]))
            work += 2 * places * int(np.prod(layer.kernel.shape))
    return work


def prediction_speed(predictor: Predictor, model: keras.Model, images: np.ndarray, repeats: int = 200) -> pd.DataFrame:
    """Measure one image at a time and all images at once, by LiteRT and by Keras.

    Parameters
    ----------
    predictor : Predictor
    model : keras.Model
        The same model.
    images : uint8 array of shape (N, 28, 28)
    repeats : int
        Single images to time.

    Returns
    -------
    DataFrame
        Rows ``LiteRT`` and ``Keras``; ``one``: milliseconds for one image, the median; ``many``:
        milliseconds an image when all come at once, the best of three, for Keras also of three batch sizes.
    """
    one = images[:1]
    batch = model_input(images)
    keras_times = [_seconds(partial(model.predict, batch, batch_size=size, verbose=0), 3) for size in _BATCHES]
    many = [min(_seconds(lambda: predictor.predict_images(images), 3)), min(map(min, keras_times))]
    single = [
        np.median(_seconds(lambda: predictor.predict_images(one), repeats)),
        np.median(_seconds(lambda: model.predict(batch[:1], verbose=0), 20)),
    ]
    milliseconds = {"one": 1000 * np.array(single), "many": 1000 * np.array(many) / len(images)}
    return pd.DataFrame(milliseconds, index=["LiteRT", "Keras"])


def milliseconds_to_read_a_drawing(repeats: int = 100) -> float:
    """Return the median time from a drawing's strokes to its probabilities, with the model that ships."""
    predictor, (drawn, *_) = Predictor.pretrained(), EXAMPLES
    return float(1000 * np.median(_seconds(lambda: predictor.predict_drawing(drawn.drawing), repeats)))


def seconds_to_first_answer() -> float:
    """Return how long a new Python process takes to read a drawing with the model that ships."""
    program = (
        "from mnistlab.datasets.examples import EXAMPLES; from mnistlab.prediction import Predictor; "
        "Predictor.pretrained().predict_drawing(EXAMPLES[0].drawing)"
    )
    return min(_seconds(lambda: subprocess.run([sys.executable, "-c", program], check=True), 3))


def _seconds(call: Callable[[], object], times: int) -> list[float]:
    return [_clock(call) for _ in range(times)]


def _clock(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began
