"""Whether the ink that an explanation marks is the ink that the answer depends on."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mnistlab.attributions.network import Network, read_network
from mnistlab.attributions.why import explain, spread
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.evaluation.drawn import CONDITIONS, MIN_DRAWINGS, few_drawings, rendered
from mnistlab.logits import CLASSES, argmax
from mnistlab.prediction import Predictor

SHARES = np.linspace(0, 1, 11)
"""Shares of the pixels with ink that are removed."""

COUNT = 200
"""Drawings to measure with."""

IMPORTANT, PATCHES, PIXELS, UNIMPORTANT = ORDERS = (
    "most important first",
    "random patches",
    "random pixels",
    "least important first",
)
"""Orders in which ink is removed. Random patches are as large as the marks of an explanation."""


@dataclass(frozen=True, eq=False)
class Deletion:
    """What becomes of the answers when ink is removed. It draws no conclusion from fewer than 100 drawings.

    Attributes
    ----------
    is_same : bool array of shape (4, 11, N)
        By order, share removed, and drawing: whether the answer is still the first one.
    probabilities : float32 array of shape (4, 11, N)
        Of that first answer, 0 to 1.
    """

    is_same: np.ndarray
    probabilities: np.ndarray

    @property
    def count(self) -> int:
        """Drawings that were measured with."""
        return self.is_same.shape[-1]

    @property
    def is_enough(self) -> bool:
        """Whether there are enough drawings for a share."""
        return self.count >= MIN_DRAWINGS

    @property
    def table(self) -> pd.DataFrame:
        """Share of the answers that are the same, 0..1, by share of the ink removed; a column for each order."""
        return _by_share(self.is_same)

    @property
    def mean_probabilities(self) -> pd.DataFrame:
        """Mean probability of the first answer, 0..1, as `table`."""
        return _by_share(self.probabilities)

    @property
    def areas(self) -> pd.Series:
        """By order, the area under the curve of the same answers, 0..1: small where the answers change soon."""
        return self.table.apply(np.trapezoid, x=SHARES)

    @property
    def metrics(self) -> dict[str, float]:
        """The areas of three orders; nothing for too few drawings."""
        if not self.is_enough:
            return {}
        names = {IMPORTANT: "important", PATCHES: "random", UNIMPORTANT: "unimportant"}
        return {f"deletion_area_{name}": float(self.areas[order]) for order, name in names.items()}

    @property
    def conclusion(self) -> str:
        """Whether the answers change sooner without the ink that is marked than without random ink."""
        if not self.is_enough:
            return few_drawings(self.count)
        important, random = (self._kept(order) for order in (IMPORTANT, PATCHES))
        return (
            f"Without the ink marked as most important, the answer changes sooner than without random patches in "
            f"{(important < random).sum()} of {self.count} drawings, later in {(important > random).sum()}."
        )

    def record(self) -> dict[str, object]:
        """Return the table, ready for JSON."""
        tables = {"same": self.table, "probability": self.mean_probabilities}
        return {"count": self.count, **{name: table.reset_index().to_dict("records") for name, table in tables.items()}}

    def __repr__(self) -> str:
        if not self.is_enough:
            return few_drawings(self.count)
        told = ", ".join(f"{order} {area:.2f}" for order, area in self.areas.items())
        return f"{self.count} drawings, area under the curve of the same answers: {told}"

    def _repr_html_(self) -> str:
        """The shares of the same answers, with a sentence above them; only that for too few drawings."""
        if not self.is_enough:
            return html.escape(repr(self))
        styled = self.table.style.format("{:.1%}").format_index("{:.0%}")
        return str(styled.set_caption(html.escape(repr(self))).to_html())

    def _kept(self, order: str) -> np.ndarray:
        """By drawing, how many shares can be removed in an order before the answer changes."""
        return self.is_same[ORDERS.index(order)].cumprod(axis=0).sum(axis=0)


def measure_deletion(predictor: Predictor, sets: Sequence[DrawingSet], count: int = COUNT, seed: int = 0) -> Deletion:
    """Remove the ink of drawings by held-out writers piece by piece, in several orders, and predict again.

    Parameters
    ----------
    predictor : Predictor
    sets : sequence of DrawingSet
    count : int
        Drawings, chosen at random from all sets: fewer if there are fewer.
    seed : int
        For the choice and for the random orders.

    Returns
    -------
    Deletion

    Raises
    ------
    RunError
        If the model has a layer that explanations do not know.

    References
    ----------
    V. Petsiuk, A. Das, K. Saenko: RISE: randomized input sampling for explanation of black-box models, BMVC 2018,
    for the deletion curve.
    """
    rng, network = np.random.default_rng(seed), read_network(predictor.model)
    images = np.concatenate([rendered(drawing_set.held_out, CONDITIONS[0]).images for drawing_set in sets])
    images = images[rng.permutation(len(images))[:count]]
    left = np.stack([[_without(image, each) for each in _scores(network, image, rng)] for image in images])
    probabilities = predictor.predict_images(left.reshape(-1, *images.shape[1:])).reshape(*left.shape[:3], CLASSES)
    answers = argmax(probabilities[:, 0, 0])[:, np.newaxis, np.newaxis]  # with all ink
    is_same = probabilities.argmax(axis=-1) == answers
    of_answers = np.take_along_axis(probabilities, answers[..., np.newaxis], axis=-1)[..., 0]
    return Deletion(np.moveaxis(is_same, 0, -1), np.moveaxis(of_answers, 0, -1))


def _by_share(values: np.ndarray) -> pd.DataFrame:
    """Means over the drawings."""
    return pd.DataFrame(values.mean(axis=-1).T, pd.Index(SHARES.round(2), name="removed"), ORDERS)


def _scores(network: Network, image: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """For each order, scores (28, 28): the higher, the earlier is the ink removed."""
    important, random = explain(network, image).attributions, rng.random(image.shape)
    ink = (image / 255).astype(np.float32)
    return [important, spread(random * ink, ink), random, -important]


def _without(image: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The image without each of `SHARES` of its pixels with ink, those with high scores first: (11, 28, 28)."""
    pixels = np.flatnonzero(image)
    pixels = pixels[np.argsort(-scores.ravel()[pixels], kind="stable")]
    left = np.stack([image.ravel()] * len(SHARES))
    for row, share in zip(left, SHARES, strict=True):
        row[pixels[: round(share * len(pixels))]] = 0
    return left.reshape(-1, *image.shape)
