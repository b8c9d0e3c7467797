"""How well models read digits that are corrupted in the fifteen ways of MNIST-C."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from mnistlab.benchmarks.corrupted.side_by_side import record, side_by_side, told
from mnistlab.datasets.corruptions.kinds import CORRUPTIONS, corrupt
from mnistlab.datasets.digits import Digits
from mnistlab.evaluation.metrics import share_interval
from mnistlab.logits import argmax, digit_logits, digit_probability
from mnistlab.prediction import Predictor

CLEAN = "clean"
"""Name of the images as they are."""

KINDS = (CLEAN, *CORRUPTIONS)
"""Kinds of images that are measured with."""

MEAN = f"mean of the {len(CORRUPTIONS)}"
"""Name of the mean over the corruptions, without the clean images."""

COLUMNS = ["accuracy", "low", "high", "refused", "unnoticed"]


@dataclass(frozen=True, eq=False)
class Robustness:
    """How well models read corrupted digits.

    Attributes
    ----------
    is_right : mapping of str to bool array of shape (16, N)
        By model: whether each digit was read correctly, in each of `KINDS`.
    is_refused : mapping of str to bool array of shape (16, N), or None
        By model: whether it was said to be no digit; None for a model that has not learned what is no digit.
    """

    is_right: Mapping[str, np.ndarray]
    is_refused: Mapping[str, np.ndarray | None]

    @property
    def table(self) -> pd.DataFrame:
        """By model and kind of images, the mean of the fifteen corruptions last; all are shares, 0..1.

        ``accuracy`` with ``low`` and ``high`` end of its 95 % interval; ``refused``: said to be no digit, missing for
        a model that has not learned what is none; ``unnoticed``: misread, and taken for a digit.

        The interval of the mean is that of the digits' own means, because a digit that is hard to read is so in many
        kinds.
        """
        return pd.concat({model: self._of_model(model) for model in self.is_right}, names=["model", "images"])

    @property
    def means(self) -> pd.DataFrame:
        """One row for each model: its mean over the fifteen corruptions, with the columns of `table`."""
        return pd.DataFrame({model: self._of_model(model).loc[MEAN] for model in self.is_right}).T

    @property
    def conclusion(self) -> str:
        """For each model, the best first, its mean and the three corruptions that it reads worst; what is chance."""
        return "\n".join(map(self._conclusion, self._best_first()))

    def record(self) -> dict[str, object]:
        """Return the table by model, ready for JSON."""
        return record(self.table)

    def __repr__(self) -> str:
        means = (f"{model} {told(*_mean_interval(self._of_digits(model)))}" for model in self.is_right)
        return f"{self._count:,} digits read correctly, mean of {len(CORRUPTIONS)} corruptions: {'; '.join(means)}"

    def _repr_html_(self) -> str:
        styled = side_by_side(self.table).style.format_index(escape="html", axis="columns")
        return str(styled.set_caption(f"{self._count:,} digits: read correctly, with 95 % intervals").to_html())

    @property
    def _count(self) -> int:
        return next(iter(self.is_right.values())).shape[1]

    def _of_digits(self, model: str) -> np.ndarray:
        """For each digit, the share of the corruptions in which a model reads it, `(N,)`."""
        return self.is_right[model][1:].mean(axis=0)

    def _of_model(self, model: str) -> pd.DataFrame:
        is_right, is_refused = self.is_right[model], self.is_refused[model]
        is_unnoticed = ~is_right if is_refused is None else ~is_right & ~is_refused
        table = pd.DataFrame(index=pd.Index(KINDS), columns=COLUMNS, dtype=float)
        table["accuracy"] = is_right.mean(axis=1)
        table[["low", "high"]] = [share_interval(int(each.sum()), len(each)) for each in is_right]
        table["refused"] = np.nan if is_refused is None else is_refused.mean(axis=1)
        table["unnoticed"] = is_unnoticed.mean(axis=1)
        table.loc[MEAN] = table.loc[[*CORRUPTIONS]].mean()
        table.loc[MEAN, ["accuracy", "low", "high"]] = _mean_interval(self._of_digits(model))
        return table

    def _best_first(self) -> list[str]:
        return [str(model) for model in self.means["accuracy"].sort_values(ascending=False, kind="stable").index]

    def _conclusion(self, model: str) -> str:
        """A sentence about one model."""
        of_digits, best = self._of_digits(model), self._best_first()[0]
        lowest = self._of_model(model).loc[[*CORRUPTIONS], "accuracy"].nsmallest(3)
        names = ", ".join(f"{name} {accuracy:.1%}" for name, accuracy in lowest.items())
        text = f"{model}: {told(*_mean_interval(of_digits))}; the lowest: {names}."
        if model == best:
            return text
        less, low, _ = _mean_interval(self._of_digits(best) - of_digits)
        return f"{text} That is {less:.2%} less than {best}, {'more than' if low > 0 else 'which may be'} chance."


def measure_robustness(predictors: Mapping[str, Predictor], digits: Digits, seed: int = 0) -> Robustness:
    """Measure how well models read digits as they are, and after each of the fifteen corruptions of MNIST-C.

    Parameters
    ----------
    predictors : mapping of str to Predictor
        By what each is called; one or more. All are given the same images.
    digits : Digits
        One or more; MNIST's 10,000 test digits, for the numbers to be comparable with those of the paper.
    seed : int
        For the corruptions, 0 or more.

    Returns
    -------
    Robustness

    References
    ----------
    As `mnistlab.datasets.corruptions.kinds.corrupt`.
    """
    answers = {kind: _answers(predictors, kind, digits, seed) for kind in KINDS}
    is_right, is_refused = {}, {}
    for model in predictors:
        right, refused = zip(*(answers[kind][model] for kind in KINDS), strict=True)
        is_right[model] = np.stack(right)
        is_refused[model] = None if refused[0] is None else np.stack(refused)
    return Robustness(is_right, is_refused)


def _answers(
    predictors: Mapping[str, Predictor], kind: str, digits: Digits, seed: int
) -> dict[str, tuple[np.ndarray, np.ndarray | None]]:
    """By model: which digits of one kind are read correctly, and which are refused, bool `(N,)`."""
    images = digits.images if kind == CLEAN else corrupt(digits.images, kind, seed)
    answers = {}
    for model, predictor in predictors.items():
        logits = predictor.logits(images)
        is_digit = digit_probability(logits)
        is_refused = None if is_digit is None else is_digit < 0.5
        answers[model] = argmax(digit_logits(logits)) == digits.labels, is_refused
    return answers


def _mean_interval(values: np.ndarray) -> tuple[float, float, float]:
    """The mean of values `(N,)` with the ends of its 95 % interval: normal, as there are thousands."""
    mean, half_width = values.mean(), ndtri(0.975) * values.std() / len(values) ** 0.5
    return float(mean), float(mean - half_width), float(mean + half_width)
