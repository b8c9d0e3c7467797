"""What several models get right, one model in each column, each number with its interval."""

from collections.abc import Mapping

import pandas as pd

INTERVAL = ["accuracy", "low", "high"]
"""Columns of a number: a share in 0..1, and the ends of its 95 % interval."""

Interval = tuple[float, float, float]
"""The same of one number; NaN where nothing was measured."""

UNKNOWN = "not measured"


def told(accuracy: float, low: float, high: float) -> str:
    """Return a share with its interval as text: ``"97.5% (96.0 to 99.0)"``. Four of these fit beside each other."""
    return UNKNOWN if pd.isna(accuracy) else f"{accuracy:.1%} ({100 * low:.1f} to {100 * high:.1f})"


def side_by_side(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of texts, one column for each model.

    Parameters
    ----------
    table : DataFrame
        By model and kind: ``accuracy``, ``low`` and ``high``, 0..1. All models have the same kinds.
    """
    models = table.index.unique(0)
    texts = {model: [told(*row) for row in table.loc[model, INTERVAL].to_numpy()] for model in models}
    return pd.DataFrame(texts, index=table.loc[models[0]].index.rename(None))


def of_kind(table: pd.DataFrame, kind: str) -> dict[str, Interval]:
    """Return the number of each model for one kind in such a table."""
    rows = table.xs(kind, level=1)[INTERVAL]
    return {str(model): (float(a), float(low), float(high)) for model, a, low, high in rows.itertuples()}


def in_one_table(kinds: Mapping[str, Mapping[str, Interval]]) -> pd.DataFrame:
    """Return a table as `side_by_side` takes it, from the number of each model for each kind, in their order."""
    models = next(iter(kinds.values()))
    rows = {(model, kind): numbers[model] for model in models for kind, numbers in kinds.items()}
    return pd.DataFrame([*rows.values()], pd.MultiIndex.from_tuples(rows, names=["model", "images"]), INTERVAL)


def record(table: pd.DataFrame) -> dict[str, object]:
    """Return such a table by model and kind, with whatever columns it has, ready for JSON."""
    known = table.astype(object).where(table.notna(), None)
    return {str(model): known.loc[model].to_dict("index") for model in table.index.unique(0)}


def metrics(table: pd.DataFrame) -> dict[str, float]:
    """Return what was measured of such a table, by kind and model: ``"pen_drawings_accuracy_fast"``."""
    measured = {str(model): table.loc[model, "accuracy"].dropna() for model in table.index.unique(0)}
    return {
        f"{kind} accuracy {model}".replace(" ", "_"): float(share)
        for model, shares in measured.items()
        for kind, share in shares.items()
    }


def conclusion(table: pd.DataFrame) -> str:
    """Return in words what each model loses from the first kind to the others, and which model is best for each kind.

    Parameters
    ----------
    table : DataFrame
        As `side_by_side` takes it.
    """
    numbers = {str(model): table.loc[model] for model in table.index.unique(0)}
    lines = [_loss(model, rows["accuracy"].dropna()) for model, rows in numbers.items()]
    kinds = table["accuracy"].unstack(0, sort=False).dropna().index
    if len(numbers) > 1:
        lines += [_best(kind, {model: rows.loc[kind] for model, rows in numbers.items()}) for kind in kinds]
    return "\n".join(lines)


def _loss(model: str, accuracies: pd.Series) -> str:
    """A sentence about one model."""
    first, *others = accuracies.index
    apart = [f"{kind} {100 * (accuracies[kind] - accuracies[first]):+.1f}" for kind in others]
    return f"{model}: {first} {accuracies[first]:.1%}; in percentage points from there: {', '.join(apart)}."


def _best(kind: str, numbers: Mapping[str, pd.Series]) -> str:
    """A sentence about one kind: the best model, and those whose intervals reach its own."""
    best = max(numbers, key=lambda model: numbers[model]["accuracy"])
    near = [model for model in numbers if model != best and numbers[model]["high"] >= numbers[best]["low"]]
    return f"Best for {kind}: {best}{'; ' if near else ''}{', '.join(near)}{' may be as good' if near else ''}."
