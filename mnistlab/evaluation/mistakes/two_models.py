"""Two models compared on the same images."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.stats import binomtest


@dataclass(frozen=True)
class TwoModels:
    """How many images were read correctly by both of two models, by one of them only, and by none.

    Only images that one of them reads and the other does not say which is better: if both were equally good, each of
    these would be as likely to be read by the one as by the other (McNemar's test, here the exact one).

    References
    ----------
    Q. McNemar: Note on the sampling error of the difference between correlated proportions or percentages,
    Psychometrika 12, 1947.
    """

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def p_value(self) -> float:
        """The probability of so uneven a result, or a more uneven one, if both models are equally good: 0..1."""
        decided = self.only_first + self.only_second
        return float(binomtest(self.only_first, decided).pvalue) if decided else 1.0

    @property
    def table(self) -> pd.DataFrame:
        """The four numbers: rows for the first model, columns for the second."""
        counts = [[self.both, self.only_first], [self.only_second, self.neither]]
        return pd.DataFrame(counts, ["first right", "first wrong"], ["second right", "second wrong"])

    def record(self) -> dict[str, float]:
        """Return the four numbers and the probability, ready for JSON."""
        return {**asdict(self), "p_value": self.p_value}

    def conclusion(self, first: str, second: str) -> str:
        """Return in a sentence which of two models, by their names, is better, if that is more than luck."""
        counted = f"images read by {first} alone: {self.only_first:,}, by {second} alone: {self.only_second:,}"
        if self.p_value >= 0.05:
            return f"{counted}; neither is better by more than luck (p = {self.p_value:.2f})"
        better = first if self.only_first > self.only_second else second
        p = f"p = {self.p_value:.3f}" if self.p_value >= 0.001 else "p < 0.001"
        return f"{counted}; {better} is better, and that is more than luck ({p})"


def compare_models(first: np.ndarray, second: np.ndarray, labels: np.ndarray) -> TwoModels:
    """Compare the answers of two models.

    Parameters
    ----------
    first, second : int array of shape (N,)
        Their answers for the same images.
    labels : int array of shape (N,)
    """
    one, other = first == labels, second == labels
    counts = (one & other).sum(), (one & ~other).sum(), (~one & other).sum(), (~one & ~other).sum()
    return TwoModels(*map(int, counts))
