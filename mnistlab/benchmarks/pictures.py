"""How well pictures are read as people take them, by kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pandas as pd

from mnistlab.benchmarks.picture_accuracy import CONFIDENT, Examples, PictureAccuracy
from mnistlab.benchmarks.scenes.kinds import KINDS, Kind, Scene, compose_scenes
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.errors import ParameterError
from mnistlab.prediction import Predictor

EXAMPLES = 6
"""Pictures of each kind that are kept to be looked at: wrong ones first."""

EXAMPLE_SIDE = 200
"""Longest side, in pixels, that these are reduced to."""


def measure_pictures(
    predictor: Predictor, digits: Sequence[LabelledDrawing], count: int, seed: int = 0, kinds: Sequence[Kind] = KINDS
) -> PictureAccuracy:
    """Measure how well a model reads pictures as people take them.

    A picture of one digit is right if that is what was read. One without a digit, or with several, is right if it was
    refused: with an error, or as no digit.

    Parameters
    ----------
    predictor : Predictor
    digits : sequence of LabelledDrawing
        What the pictures are composed from: see `mnistlab.benchmarks.scenes.kinds.compose_scenes`.
    count : int
        Pictures of each kind, 1 or more.
    seed : int
    kinds : sequence of Kind
        Those with some names: `mnistlab.benchmarks.scenes.kinds.kinds_named`.

    Returns
    -------
    PictureAccuracy

    Raises
    ------
    ParameterError
        If there are no pictures to compose.
    """
    if count < 1:
        raise ParameterError(f"{count} pictures of each kind: compose 1 or more")
    rows, kept = {}, {}
    for kind in kinds:
        readings = [_read(predictor, scene) for scene in compose_scenes(kind, digits, count, seed)]
        shares = [
            sum(getattr(each, name) for each in readings)
            for name in ("is_right", "is_refused", "is_unsure", "is_confident")
        ]
        rows[kind.name] = kind.group, kind.bar, len(readings), *shares
        kept[kind.name] = _examples(readings)
    columns = ["group", "bar", "pictures", "right", "refused", "unsure", "confident"]
    counts = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return PictureAccuracy(counts, kept, sum(not digit.is_wrong for digit in digits))


@dataclass(frozen=True, eq=False)
class _Reading:
    """What was said about a picture."""

    given: np.ndarray  # the picture, reduced
    found: np.ndarray | None  # what the model was given
    said: str
    is_right: bool
    is_refused: bool
    is_unsure: bool  # refused, but the most likely digit is right
    is_confident: bool  # and wrong


def _read(predictor: Predictor, scene: Scene) -> _Reading:
    given, label = _reduced(scene.picture), scene.label
    try:
        prediction = predictor.predict_picture(scene.picture)
    except ValueError as error:
        return _Reading(given, None, str(error), label is None, is_refused=True, is_unsure=False, is_confident=False)
    is_refused = not prediction.is_digit
    is_right = (None if is_refused else prediction.digit) == label
    is_unsure = is_refused and prediction.digit == label
    is_confident = not is_refused and not is_right and prediction.confidence > CONFIDENT
    return _Reading(given, prediction.image, str(prediction), is_right, is_refused, is_unsure, is_confident)


def _examples(readings: Sequence[_Reading]) -> Examples:
    """The first readings that are wrong; then, if there are too few, right ones."""
    chosen = sorted(readings, key=lambda reading: reading.is_right)[:EXAMPLES]
    said = [f"{'right' if reading.is_right else 'wrong'}: {reading.said}" for reading in chosen]
    return Examples([reading.given for reading in chosen], [reading.found for reading in chosen], said)


def _reduced(picture: np.ndarray) -> np.ndarray:
    scale = min(1, EXAMPLE_SIDE / max(picture.shape[:2]))
    height, width = (max(1, round(scale * side)) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
