"""Tables of runs, compared: settings over their seeds, and which differences are more than chance."""

from collections.abc import Sequence

import pandas as pd
from scipy import stats

from mnistlab.errors import ParameterError

SEED = "seed"
"""The parameter that changes nothing but chance."""

CONFIDENCE = 0.95
"""Of all intervals of one table together."""


def select(table: pd.DataFrame, where: str = "", sort: str = "", lowest_first: bool = False) -> pd.DataFrame:
    """Return the rows of a table of runs that fulfil a condition, sorted by a column.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.runs.registry.compare` makes it.
    where : str
        A condition as pandas' `DataFrame.query` takes it: ``dataset == 'mnist' and accuracy > 0.99``.
    sort : str
        A column, the highest values first; missing ones come last.
    lowest_first : bool

    Returns
    -------
    DataFrame

    Raises
    ------
    ParameterError
        If there is no such column, or the condition is none; the message lists the columns.
    """
    offer = f"the columns are {', '.join(table.columns)}"
    if where and len(table):
        try:
            table = table.query(where)
        except Exception as error:  # pandas raises whatever the words of a condition lead to
            raise ParameterError(f"{where!r} is no condition: {str(error).splitlines()[0]}; {offer}") from None
    if sort and len(table):
        if sort not in table:
            raise ParameterError(f"there is no column {sort!r} to sort by; {offer}")
        table = table.sort_values(sort, ascending=lowest_first, na_position="last", kind="stable")
    return table


def varied(table: pd.DataFrame, parameters: Sequence[str]) -> list[str]:
    """Return those of the parameters, the seed aside, that differ between the runs of a table."""
    return [name for name in parameters if name != SEED and name in table and table[name].nunique(dropna=False) > 1]


def by_setting(table: pd.DataFrame, settings: Sequence[str], metric: str = "accuracy") -> pd.DataFrame:
    """Return one row a setting, the best first: what its seeds come to.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.runs.registry.compare` makes it; runs without the metric are left out.
    settings : sequence of str
        The parameters that make a setting, one or more.
    metric : str

    Returns
    -------
    DataFrame
        Indexed by the setting: ``seeds``, ``mean`` and ``std`` of the metric (of a sample: divided by
        seeds - 1; missing for a single seed) and ``seconds``, the mean.
    """
    measured = table.dropna(subset=[metric]).groupby(list(settings), dropna=False)
    rows = {"seeds": measured.size(), "mean": measured[metric].mean(), "std": measured[metric].std()}
    return pd.DataFrame({**rows, "seconds": measured["seconds"].mean()}).sort_values("mean", ascending=False)


def best_runs(table: pd.DataFrame, settings: Sequence[str], metric: str = "accuracy") -> "pd.Series[str]":
    """Return the name of each setting's best run, that of the best setting first; as `by_setting` takes and sorts."""
    best = table.dropna(subset=[metric]).groupby(list(settings), dropna=False)[metric].idxmax()
    return best.loc[by_setting(table, settings, metric).index]


def differences(table: pd.DataFrame, settings: Sequence[str], metric: str = "accuracy") -> pd.DataFrame:
    """Hold every setting against the one with the best mean, seed by seed.

    Two runs with the same seed begin alike, so what differs between them is the setting and less
    chance than between any two: the interval is that of a paired t-test over the seeds that both
    have. With several settings each interval is made wider (Bonferroni), so that all of them
    together hold with 95 %.

    Parameters
    ----------
    table, settings, metric
        As in `by_setting`.

    Returns
    -------
    DataFrame
        Indexed by the setting, the best one left out: ``seeds`` shared with it, mean ``difference``
        to it, ``low`` and ``high`` end of its interval, and ``larger_than_noise``, whether that
        excludes 0. Missing where fewer than two seeds are shared: there is no saying.

    References
    ----------
    Student: The probable error of a mean, Biometrika 6, 1908. O. J. Dunn: Multiple comparisons among
    means, JASA 56, 1961.
    """
    seeds = table.pivot_table(index=SEED, columns=list(settings), values=metric, dropna=False)
    order = by_setting(table, settings, metric).index
    best, others = order[0], order[1:]
    rows = []
    for other in others:
        apart = (seeds[other] - seeds[best]).dropna()
        count, mean = len(apart), apart.mean()
        reach = float("nan")
        if count > 1:
            reach = stats.t.ppf(1 - (1 - CONFIDENCE) / len(others) / 2, count - 1) * stats.sem(apart)
        rows.append((count, mean, mean - reach, mean + reach, bool(abs(mean) > reach)))
    return pd.DataFrame(rows, index=others, columns=["seeds", "difference", "low", "high", "larger_than_noise"])
