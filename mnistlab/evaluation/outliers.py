"""How well a model tells digits from what is none."""

import html
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.outliers import KINDS, TEST, UNSEEN_KIND, load_outliers
from mnistlab.datasets.rendering import render_at_random
from mnistlab.evaluation.metrics import mean_interval, share_interval
from mnistlab.logits import CLASSES, digit_logits, digit_probability
from mnistlab.preprocessing import SIDE

SCORES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "eleventh logit": lambda logits: logits[:, CLASSES],
    "largest logit": lambda logits: digit_logits(logits).max(axis=1),
    "energy": lambda logits: logsumexp(digit_logits(logits), axis=1),
}
"""Scores by name, from logits `(N, 11)`: the higher, the more likely it is a digit. Two need no eleventh logit."""

KEPT = 0.97
"""Share of the digits that a threshold keeps, where scores are compared."""

WHERE_KEPT = f"accepted where {KEPT:.0%} of digits are"


ALL_KINDS = "mean of the kinds"


@dataclass(frozen=True, eq=False)
class OutlierDetection:
    """How well digits are told from outliers; `reason` says why if that was not measured."""

    table: pd.DataFrame  # by kind: images, the AUROC of each score, shares accepted
    of_digits: np.ndarray  # their probabilities of being a digit, (N,)
    of_outliers: np.ndarray  # those of the outliers, (M,)
    reason: str = ""

    @property
    def metrics(self) -> dict[str, float]:
        """The share of digits that `Prediction.is_digit` keeps, and the lowest AUROC of a kind that was trained on."""
        if self.reason:
            return {}
        trained_on = [kind for kind in self.table.index if kind != UNSEEN_KIND]
        lowest = float(self.table.loc[trained_on, "eleventh logit"].min())
        return {"digits_kept": float((self.of_digits >= 0.5).mean()), "outlier_auroc_lowest": lowest}

    def record(self) -> dict[str, object]:
        """Return the table and the reason, ready for JSON."""
        return {"kinds": self.table.to_dict("index"), "reason": self.reason}

    def __repr__(self) -> str:
        if self.reason:
            return f"Not measured how it tells digits from other things: {self.reason}"
        kept, accepted = self.metrics["digits_kept"], (self.of_outliers >= 0.5).mean()
        return f"It takes {kept:.2%} of the digits for digits, and {accepted:.2%} of {len(self.of_outliers):,} outliers"

    def _repr_html_(self) -> str:
        if self.reason:
            return html.escape(repr(self))
        shares: list[Hashable] = [WHERE_KEPT, "accepted"]
        scores: list[Hashable] = list(SCORES)
        styled = self.table.style.format("{:.4f}", subset=scores).format("{:.1%}", subset=shares)
        return str(styled.set_caption(html.escape(repr(self))).to_html())


def measure_outliers(logits_of: Callable[[np.ndarray], np.ndarray], sets: Sequence[DrawingSet]) -> OutlierDetection:
    """Measure how well a model tells digits from outliers, kind by kind, drawn by writers who were not trained on.

    Parameters
    ----------
    logits_of : callable
        From images, uint8 `(N, 28, 28)`, to calibrated logits: `(N, 11)`, else nothing is measured.
    sets : sequence of DrawingSet
        Where the digits come from. Without UNIPEN there are no letters, and nothing is measured.

    Returns
    -------
    OutlierDetection

    References
    ----------
    D. Hendrycks, K. Gimpel: A baseline for detecting misclassified and out-of-distribution examples in neural
    networks, ICLR 2017. W. Liu, X. Wang, J. Owens, Y. Li: Energy-based out-of-distribution detection, NeurIPS 2020.
    """
    if not any(drawing_set.name == "unipen" for drawing_set in sets):
        return _not_measured("the letters of UNIPEN are not on this machine")
    if logits_of(np.zeros((0, SIDE, SIDE), np.uint8)).shape[1] == CLASSES:
        return _not_measured("the model has ten logits, and has not learned what is no digit")
    digits = [drawing_set.held_out.rendered(render_at_random, TEST.seed).images for drawing_set in sets]
    outliers = load_outliers(for_training=False)
    return _compared(logits_of(np.concatenate(digits)), logits_of(outliers.images), outliers.labels)


def refused_by_kind(logits: Mapping[str, np.ndarray], outliers: Digits) -> pd.DataFrame:
    """Return how many outliers models take for no digit, kind by kind; the mean of the kinds comes last.

    Parameters
    ----------
    logits : mapping of str to float array of shape (N, 10) or (N, 11)
        By model: calibrated logits of the outliers. One with ten has not learned what is no digit, and refuses none.
    outliers : Digits
        N of them, as `mnistlab.datasets.outliers.load_outliers` returns them.

    Returns
    -------
    DataFrame
        By model and kind: ``accuracy``, the share that is refused, 0..1; ``low`` and ``high`` end of its 95 % interval.
    """
    return pd.concat(
        {model: _refused(each, outliers.labels) for model, each in logits.items()}, names=["model", "kind"]
    )


def _refused(logits: np.ndarray, kinds: np.ndarray) -> pd.DataFrame:
    """By kind, what one model refuses."""
    is_digit = digit_probability(logits)
    is_refused = np.zeros(len(kinds), bool) if is_digit is None else is_digit < 0.5
    parts = {kind: is_refused[kinds == number] for number, kind in enumerate(KINDS) if number in kinds}
    rows = {kind: (part.mean(), *share_interval(part.sum(), len(part))) for kind, part in parts.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["accuracy", "low", "high"])
    error = np.linalg.norm([part.std() / len(part) ** 0.5 for part in parts.values()]) / len(parts)
    mean = table["accuracy"].mean()
    table.loc[ALL_KINDS] = mean, *mean_interval(mean, float(error), len(kinds))
    return table


def _compared(good: np.ndarray, bad: np.ndarray, kinds: np.ndarray) -> OutlierDetection:
    """Compare the logits of digits with those of outliers."""
    from sklearn.metrics import roc_auc_score  # late: importing it takes a second

    threshold = np.quantile(good[:, CLASSES], 1 - KEPT)
    rows: dict[str, dict[str, float]] = {}
    for number, kind in enumerate(KINDS):
        part = bad[kinds == number]
        if len(part):
            is_digit = np.repeat([1, 0], [len(good), len(part)])
            auroc = {name: roc_auc_score(is_digit, np.r_[score(good), score(part)]) for name, score in SCORES.items()}
            evidence = part[:, CLASSES]
            shares = {WHERE_KEPT: (evidence >= threshold).mean(), "accepted": (evidence >= 0).mean()}
            rows[kind] = {"images": len(part), **auroc, **shares}
    of_digits, of_outliers = (np.asarray(digit_probability(logits)) for logits in (good, bad))
    return OutlierDetection(pd.DataFrame.from_dict(rows, orient="index"), of_digits, of_outliers)


def _not_measured(reason: str) -> OutlierDetection:
    return OutlierDetection(pd.DataFrame(), np.zeros(0), np.zeros(0), reason)
