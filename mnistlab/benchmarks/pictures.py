"""How well pictures are read as people take them, by kind."""

import html
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import pandas as pd

from mnistlab.benchmarks.scenes.kinds import KINDS, Kind, Scene, compose_scenes
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.errors import UnknownNameError
from mnistlab.evaluation.drawn import MIN_DRAWINGS, few_drawings
from mnistlab.evaluation.metrics import share_interval
from mnistlab.prediction import Predictor

CONFIDENT = 0.9
"""A mistake with more confidence than this is a confident one."""

MOST_CONFIDENT = 0.02
"""Largest share of confident mistakes with which a kind reaches its bar."""

EXAMPLES = 6
"""Pictures of each kind that are kept to be looked at: wrong ones first."""

EXAMPLE_SIDE = 200
"""Longest side, in pixels, that these are reduced to."""


class Examples(NamedTuple):
    """Some pictures of a kind, ready for `mnistlab.plots.pictures.plot_readings`."""

    given: Sequence[np.ndarray]  # uint8 (H, W), (H, W, 3) or (H, W, 4), reduced
    found: Sequence[np.ndarray | None]  # what the model was given, uint8 (28, 28); None where the picture was refused
    said: Sequence[str]  # "right" or "wrong", and the answer


@dataclass(frozen=True, eq=False)
class PictureAccuracy:
    """How well kinds of pictures were read. It draws no conclusion from fewer than 100 drawings.

    Attributes
    ----------
    counts : DataFrame
        By kind: its ``group`` and its ``bar``; how many ``pictures``, and of these how many were ``right``, how many
        ``refused``, how many ``unsure``: refused although the most likely digit is the right one, and how many were
        ``confident`` mistakes.
    kept : mapping of str to Examples
        By kind.
    drawings : int
        Digits that the pictures were composed from.
    """

    counts: pd.DataFrame
    kept: Mapping[str, Examples]
    drawings: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough drawings for a share."""
        return self.drawings >= MIN_DRAWINGS

    @property
    def table(self) -> pd.DataFrame:
        """The counts, the ``accuracy`` with ``low`` and ``high`` end of its 95 % interval, 0..1, and ``is_reached``.

        A kind's bar is reached if its accuracy is not below it, and at most 2 % are confident mistakes.
        """
        table = self.counts.copy()
        pairs = list(zip(table["right"], table["pictures"], strict=True))
        table["accuracy"] = table["right"] / table["pictures"]
        table[["low", "high"]] = [share_interval(*pair) for pair in pairs]
        is_careful = table["confident"] <= MOST_CONFIDENT * table["pictures"]
        table["is_reached"] = (table["accuracy"] >= table["bar"]) & is_careful
        return table

    @property
    def metrics(self) -> dict[str, float]:
        """Mean and lowest accuracy of the kinds, the largest share of confident mistakes, the share of bars reached.

        Nothing for too few drawings.
        """
        if not self.is_enough:
            return {}
        table = self.table
        return {
            "picture_accuracy": float(table["accuracy"].mean()),
            "picture_accuracy_lowest": float(table["accuracy"].min()),
            "picture_confident_mistakes_highest": float((table["confident"] / table["pictures"]).max()),
            "picture_bars_reached": float(table["is_reached"].mean()),
        }

    def examples(self, kind: str) -> Examples:
        """Return pictures of a kind, what was found in them, and what was said; UnknownNameError for another name."""
        if kind not in self.kept:
            raise UnknownNameError("kind of pictures", kind, self.kept)
        return self.kept[kind]

    def record(self) -> dict[str, object]:
        """Return the table, ready for JSON."""
        return {str(kind): row for kind, row in self.table.to_dict("index").items()}

    def __repr__(self) -> str:
        if not self.is_enough:
            return few_drawings(self.drawings)
        table, confident = self.table, self.counts["confident"].sum()
        lowest, pictures = table["accuracy"].idxmin(), table["pictures"].sum()
        return (
            f"{pictures:,} pictures of {len(table)} kinds: {table['is_reached'].sum()} reach their bar; "
            f"{table['accuracy'].mean():.1%} read correctly, mean of the kinds; the lowest "
            f"{table['accuracy'].min():.1%} ({lowest}); {confident:,} mistakes with confidence above {CONFIDENT:.0%}"
        )

    def _repr_html_(self) -> str:
        """The table, with a sentence above it; only that for too few drawings."""
        if not self.is_enough:
            return html.escape(repr(self))
        shares: list[Hashable] = ["bar", "accuracy", "low", "high"]
        table = self.table.replace({"is_reached": {True: "yes", False: "no"}})
        styled = table.style.format("{:.1%}", subset=shares).format_index(escape="html")
        return str(styled.set_caption(html.escape(repr(self))).to_html())


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
    """
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
