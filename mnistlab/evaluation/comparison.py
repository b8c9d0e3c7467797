"""Comparing runs: settings over their seeds, and which differences are larger than chance."""

from collections.abc import Sequence

import pandas as pd
from scipy import stats

from mnistlab.errors import ParameterError, RunError
from mnistlab.evaluation.conditions import fulfilled

SEED = "seed"
"""The parameter that changes only what is left to chance."""

CONFIDENCE = 0.95
"""Probability that all intervals of one table hold together."""


def select(table: pd.DataFrame, where: str = "", sort: str = "", lowest_first: bool = False) -> pd.DataFrame:
    """Return the rows of a table of runs that fulfil a condition, sorted by a column.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.runs.registry.compare` makes it.
    where : str
        A condition as `mnistlab.evaluation.conditions` describes it: ``dataset == 'mnist' and accuracy > 0.99``.
        All rows if empty.
    sort : str
        A column, the highest values first, missing ones last.
    lowest_first : bool
        Sort the lowest values first.

    Raises
    ------
    ParameterError
        If the condition is not valid or there is no such column; the message lists the columns.
    """
    offer = f"the columns are {', '.join(table.columns)}"
    if where and len(table):
        try:
            table = table[fulfilled(table, where)]
        except ParameterError as error:
            raise ParameterError(f"{where!r} is not a valid condition: {error}; {offer}") from None
    if sort and len(table):
        if sort not in table:
            raise ParameterError(f"there is no column {sort!r} to sort by; {offer}")
        table = table.sort_values(sort, ascending=lowest_first, na_position="last", kind="stable")
    return table


def comparable(table: pd.DataFrame, metric: str, where: str = "") -> pd.DataFrame:
    """Return the complete runs of a table that fulfil a condition and have a metric.

    Parameters
    ----------
    table : DataFrame
        As `mnistlab.runs.registry.compare` makes it.
    metric : str
        A column of numbers in 0..1.
    where : str
        As in `select`.

    Returns
    -------
    DataFrame
        With a column ``seed`` in any case, missing where a run has none.

    Raises
    ------
    ParameterError
        If the condition is not valid, or the metric is not a column of numbers in 0..1.
    RunError
        If no run is left.
    """
    if table.empty:
        raise RunError("there are no runs to compare: make some with 'mnistlab sweep 02_train -g seed 0..4'")
    complete = table[table["state"] == "complete"]
    if complete.empty:
        raise RunError(f"none of the {len(table)} runs is complete: 'mnistlab runs' says why")
    chosen = select(complete, where)
    if chosen.empty:
        raise RunError(f"none of the {len(complete)} complete runs fulfils {where!r}")
    if metric not in chosen:
        raise ParameterError(f"there is no metric {metric!r}; the columns are {', '.join(chosen.columns)}")
    chosen = chosen.dropna(subset=[metric])
    if chosen.empty:
        raise RunError(f"none of these runs has measured {metric}: choose another metric")
    numbers = pd.to_numeric(chosen[metric], errors="coerce")
    if not numbers.between(0, 1).all():
        raise ParameterError(f"{metric} is not a number between 0 and 1 in every run: choose another metric")
    seeds = chosen.get(SEED)
    return chosen.assign(**{metric: numbers.astype(float), SEED: seeds})


def varied(table: pd.DataFrame, parameters: Sequence[str]) -> list[str]:
    """Return those of the parameters, the seed aside, that differ between the runs of a table."""
    return [name for name in parameters if name != SEED and name in table and table[name].nunique(dropna=False) > 1]


def value_text(value: object) -> str:
    """Return a parameter's value as text: ``0.001``, ``128``, ``fast``, ``True``; ``missing`` if a run has none."""
    if pd.isna(value):  # type: ignore[call-overload]
        return "missing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def with_setting(table: pd.DataFrame, parameters: Sequence[str]) -> pd.DataFrame:
    """Return a table of runs with a column ``setting``: its parameters as text, ``batch_size 32, preset fast``.

    Values of any type can be compared as text, also where a run lacks a parameter. Without
    parameters all runs have one setting.
    """
    texts = [[f"{name} {value_text(value)}" for value in table[name]] for name in parameters]
    settings = [", ".join(parts) for parts in zip(*texts, strict=True)] if texts else "all runs"
    return table.assign(setting=settings)


def by_setting(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return one row for each setting, the best first.

    Parameters
    ----------
    table : DataFrame
        As `with_setting` makes it of `comparable` runs.
    metric : str

    Returns
    -------
    DataFrame
        Indexed by ``setting``: number of ``runs``, ``mean`` and ``std`` of the metric (sample standard
        deviation, divided by runs - 1; missing for a single run), and mean ``seconds``.
    """
    runs = table.groupby("setting")
    columns = {"runs": runs.size(), "mean": runs[metric].mean(), "std": runs[metric].std()}
    means = pd.DataFrame({**columns, "seconds": runs["seconds"].mean()})
    return means.sort_values("mean", ascending=False, kind="stable")


def mean_text(row: "pd.Series[float]") -> str:
    """Return a row of `by_setting` as text: ``95.80% ± 0.76% over 5 runs``."""
    if row["runs"] == 1:
        return f"{row['mean']:.2%} in a single run"
    return f"{row['mean']:.2%} ± {row['std']:.2%} over {row['runs']:.0f} runs"


def best_runs(table: pd.DataFrame, metric: str) -> "pd.Series[str]":
    """Return the name of each setting's best run, in the order of `by_setting`, whose parameters it takes."""
    return table.groupby("setting")[metric].idxmax().reindex(by_setting(table, metric).index)


def differences(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Compare every setting with the one that has the best mean, seed by seed.

    Runs with the same seed share what is drawn at random, as far as their settings allow: the split,
    the first weights. The interval is therefore that of a paired t-test over the seeds that both
    settings have. With several settings each interval is widened (Bonferroni), so that all of them
    hold together with 95 % probability.

    Parameters
    ----------
    table, metric
        As in `by_setting`.

    Returns
    -------
    DataFrame
        Indexed by ``setting``, without the best: number of ``seeds`` in common with the best, mean
        ``difference`` from it, ``low`` and ``high`` end of its interval, and ``larger_than_noise``:
        whether the interval excludes 0. The interval is missing, and nothing can be said, where
        fewer than two seeds are in common or all of them differ by the same amount.

    References
    ----------
    Student: The probable error of a mean, Biometrika 6, 1908. O. J. Dunn: Multiple comparisons among
    means, JASA 56, 1961.
    """
    best, *others = by_setting(table, metric).index
    seeds = table.pivot_table(index=SEED, columns="setting", values=metric).reindex(columns=[best, *others])
    rows = []
    for other in others:
        apart = (seeds[other] - seeds[best]).dropna()
        count, mean = len(apart), apart.mean()
        half_width = float("nan")
        if count > 1 and apart.max() - apart.min() > 1e-6:
            half_width = stats.t.ppf(1 - (1 - CONFIDENCE) / len(others) / 2, count - 1) * stats.sem(apart)
        rows.append((count, mean, mean - half_width, mean + half_width, bool(abs(mean) > half_width)))
    columns = ["seeds", "difference", "low", "high", "larger_than_noise"]
    return pd.DataFrame(rows, index=pd.Index(others, name="setting", dtype=str), columns=columns)


def conclusion(table: pd.DataFrame) -> str:
    """Return in words what a table of `differences` shows."""
    if table.empty:
        return "only one setting: nothing to compare it with"
    noticed, unknown = table["larger_than_noise"].sum(), table["low"].isna().sum()
    close = len(table) - noticed - unknown
    parts = [f"{noticed} of {len(table)} settings differ from the best by more than chance"]
    parts += [f"{close} may be as good"] if close else []
    parts += [f"{unknown} cannot be judged from the seeds in common"] if unknown else []
    return "; ".join(parts)
