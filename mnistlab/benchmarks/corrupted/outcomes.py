"""What becomes of corrupted digits where a model may refuse."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mnistlab.benchmarks.corrupted.robustness import KINDS, MEAN, Robustness
from mnistlab.datasets.corruptions.kinds import CORRUPTIONS

READ, RELUCTANT, STOPPED, UNNOTICED = "read", "refused, though right", "refused, and wrong", "wrong, unnoticed"
"""Outcomes: only the second costs a right answer, only the last is a mistake that nobody notices."""


def of_models(measured: Robustness) -> dict[str, pd.DataFrame]:
    """Return what became of the digits.

    Parameters
    ----------
    measured : Robustness

    Returns
    -------
    dict of str to DataFrame
        By model: one row for each kind of images, the mean of the fifteen corruptions last; the share of each outcome,
        0..1, which add up to 1.
    """
    return {model: _outcomes(is_right, measured.is_refused[model]) for model, is_right in measured.is_right.items()}


def caution(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return in words how much each model refuses, and how many of its mistakes go unnoticed, mean of the fifteen."""
    return "\n".join(f"{model}: {_caution(table)}" for model, table in tables.items())


def _outcomes(is_right: np.ndarray, is_refused: np.ndarray | None) -> pd.DataFrame:
    """Of one model; bool `(16, N)`."""
    if is_refused is None:
        is_refused = np.zeros_like(is_right)
    parts = {
        READ: is_right & ~is_refused,
        RELUCTANT: is_right & is_refused,
        STOPPED: ~is_right & is_refused,
        UNNOTICED: ~is_right & ~is_refused,
    }
    table = pd.DataFrame({outcome: part.mean(axis=1) for outcome, part in parts.items()}, index=pd.Index(KINDS))
    table.loc[MEAN] = table.loc[[*CORRUPTIONS]].mean()
    return table


def _caution(table: pd.DataFrame) -> str:
    """Half a sentence about one model."""
    mean, unnoticed = table.loc[MEAN], table.loc[[*CORRUPTIONS], UNNOTICED]
    share = mean[RELUCTANT] + mean[STOPPED]
    refused = (
        f"{share:.1%} refused, {mean[RELUCTANT]:.1%} although the answer was right" if share else "nothing refused"
    )
    return (
        f"{refused}; {mean[UNNOTICED]:.1%} wrong and unnoticed, most of them with "
        f"{unnoticed.idxmax()} ({unnoticed.max():.1%})."
    )
