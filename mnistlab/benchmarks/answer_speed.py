"""How fast a model answers."""

import subprocess
import sys
from functools import partial

import numpy as np
import pandas as pd

from mnistlab.benchmarks.speed import seconds_of
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.synthetic.numbers import compose_numbers
from mnistlab.evaluation.numbers import picture_of
from mnistlab.prediction import Predictor
from mnistlab.preprocessing import model_input
from mnistlab.system.backend import keras

_BATCHES = (250, 1000, 5000)  # Keras is timed with each, the fastest counts


def prediction_speed(predictor: Predictor, model: keras.Model, images: np.ndarray, repeats: int = 200) -> pd.DataFrame:
    """Time predictions for one image and for all images at once, with LiteRT and with Keras.

    Parameters
    ----------
    predictor : Predictor
    model : keras.Model
        The same network.
    images : uint8 array of shape (N, 28, 28)
    repeats : int
        Times that LiteRT predicts a single image.

    Returns
    -------
    DataFrame
        Rows ``LiteRT`` and ``Keras``. ``one``: milliseconds for a single image, the median. ``many``:
        milliseconds for each image when all are given at once, the fastest of three calls, for Keras
        also of three batch sizes.
    """
    batch = model_input(images)
    keras_times = [seconds_of(partial(model.predict, batch, batch_size=size, verbose=0), 3) for size in _BATCHES]
    many = [min(seconds_of(lambda: predictor.predict_images(images), 3)), min(map(min, keras_times))]
    single = [
        np.median(seconds_of(lambda: predictor.predict_images(images[:1]), repeats)),
        np.median(seconds_of(lambda: model.predict(batch[:1], verbose=0), 20)),
    ]
    seconds = {"one": np.array(single), "many": np.array(many) / len(images)}
    return 1000 * pd.DataFrame(seconds, index=["LiteRT", "Keras"])


def milliseconds_to_read_a_drawing(repeats: int = 100) -> float:
    """Return the median time from a drawing's strokes to its probabilities, with the pretrained model."""
    predictor, (example, *_) = Predictor.pretrained(), EXAMPLES
    return float(1000 * np.median(seconds_of(lambda: predictor.predict_drawing(example.drawing), repeats)))


def milliseconds_to_read_numbers(count: int = 60) -> tuple[float, float]:
    """Return the median times to read a number of 2 to 5 digits from its strokes and from a picture.

    The numbers are composed from the example drawings; the pretrained model reads them.
    """
    predictor, numbers = Predictor.pretrained(), compose_numbers(EXAMPLES, count)
    pictures = [picture_of(number) for number in numbers]
    drawn = [seconds_of(partial(predictor.read_number, n.drawing, n.pen_width), 1)[0] for n in numbers]
    pictured = [seconds_of(partial(predictor.read_number_picture, picture), 1)[0] for picture in pictures]
    return float(1000 * np.median(drawn)), float(1000 * np.median(pictured))


def seconds_to_first_answer() -> float:
    """Return how long a new Python process takes to read a drawing with the pretrained model, the best of three."""
    imports = "from mnistlab.datasets.examples import EXAMPLES; from mnistlab.prediction import Predictor"
    program = f"{imports}; Predictor.pretrained().predict_drawing(EXAMPLES[0].drawing)"
    return min(seconds_of(lambda: subprocess.run([sys.executable, "-c", program], check=True), 3))
