"""How well kinds of pictures were read: the counts, and what they say."""

import html
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from mnistlab.errors import UnknownNameError
from mnistlab.evaluation.drawn import MIN_DRAWINGS, few_drawings
from mnistlab.evaluation.metrics import share_interval

CONFIDENT = 0.9
"""A mistake with more confidence than this is a confident one."""

MOST_CONFIDENT = 0.02
"""Largest share of confident mistakes with which a kind reaches its bar."""


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
    def mean_accuracy(self) -> tuple[float, float, float]:
        """The accuracy of all pictures, low and high end of its 95 % interval; NaN for too few drawings.

        It is the mean of the kinds, where there are as many pictures of each.
        """
        if not self.is_enough:
            return np.nan, np.nan, np.nan
        right, pictures = int(self.counts["right"].sum()), int(self.counts["pictures"].sum())
        return right / pictures, *share_interval(right, pictures)

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

    @property
    def conclusion(self) -> str:
        """Which kinds do not reach their bar, how many of them by more than chance, and the confident mistakes.

        By more than chance: the bar lies above the interval.
        """
        if not self.is_enough:
            return few_drawings(self.drawings)
        table = self.table
        missed, mistaken = table[~table["is_reached"]], table[table["confident"] > 0]
        clearly = (missed["high"] < missed["bar"]).sum()
        read = [f"{kind} ({row['right']} of {row['pictures']})" for kind, row in missed.iterrows()]
        made = [f"{kind} ({count})" for kind, count in mistaken["confident"].items()]
        return (
            f"{len(missed)} of {len(table)} kinds do not reach their bar, {clearly} of them by more than chance: "
            f"{'; '.join(read) or 'none'}.\n"
            f"{table['confident'].sum():,} mistakes with confidence above {CONFIDENT:.0%}: {'; '.join(made) or 'none'}."
        )

    @property
    def tally(self) -> str:
        """What became of the pictures, whatever their kind."""
        if not self.is_enough:
            return few_drawings(self.drawings)
        counts = self.counts.drop(columns=["group", "bar"]).sum()
        return (
            f"{counts['right']:,} of {counts['pictures']:,} pictures right; {counts['refused']:,} refused, of these "
            f"{counts['unsure']:,} needlessly; {counts['confident']:,} mistakes with confidence above {CONFIDENT:.0%}"
        )

    def lowest(self, count: int) -> list[str]:
        """Return the kinds with the lowest accuracy, so many or all if 0, in the table's order."""
        order = self.table["accuracy"].sort_values(kind="stable").index
        chosen = {*order[: count or None]}
        return [kind for kind in self.kept if kind in chosen]

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
        shares: list[Hashable] = ["accuracy", "bar", "low", "high"]
        table = self.table.replace({"is_reached": {True: "yes", False: "no"}})
        on_a_phone: list[Hashable] = ["accuracy", "bar", "is_reached", "confident"]  # these are seen without scrolling
        table = table[[*on_a_phone, *table.columns.drop(on_a_phone)]]
        styled = table.style.format("{:.1%}", subset=shares).format_index(escape="html")
        return str(styled.set_caption(html.escape(repr(self))).to_html())
