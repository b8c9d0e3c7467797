import json

import numpy as np
import pytest

from mnistlab.benchmarks.corrupted.side_by_side import (
    Interval,
    conclusion,
    in_one_table,
    metrics,
    of_kind,
    record,
    side_by_side,
)

NUMBERS: dict[str, dict[str, Interval]] = {
    "test digits": {"fast": (0.99, 0.98, 0.995), "drawn": (0.985, 0.975, 0.988)},
    "pen drawings": {"fast": (0.9, 0.85, 0.94), "drawn": (0.98, 0.97, 0.99)},
    "photos": {"fast": (np.nan, np.nan, np.nan), "drawn": (np.nan, np.nan, np.nan)},
}


def test_there_is_one_column_for_each_model_and_one_row_for_each_kind() -> None:
    table = in_one_table(NUMBERS)
    texts = side_by_side(table)
    assert [*texts] == ["fast", "drawn"]
    assert [*texts.index] == [*NUMBERS]
    assert texts.loc["pen drawings", "fast"] == "90.0% (85.0 to 94.0)"
    assert texts.loc["photos"].tolist() == ["not measured"] * 2
    assert of_kind(table, "pen drawings") == NUMBERS["pen drawings"]


def test_what_was_measured_is_kept() -> None:
    table = in_one_table(NUMBERS)
    assert metrics(table) == {
        "test_digits_accuracy_fast": 0.99,
        "pen_drawings_accuracy_fast": 0.9,
        "test_digits_accuracy_drawn": 0.985,
        "pen_drawings_accuracy_drawn": 0.98,
    }
    kept = json.loads(json.dumps(record(table), allow_nan=False))
    assert kept["fast"]["pen drawings"] == {"accuracy": 0.9, "low": 0.85, "high": 0.94}
    assert kept["drawn"]["photos"] == dict.fromkeys(["accuracy", "low", "high"])


def test_the_conclusion_says_what_is_lost_and_who_is_best() -> None:
    assert conclusion(in_one_table(NUMBERS)).splitlines() == [
        "fast: test digits 99.0%; in percentage points from there: pen drawings -9.0.",
        "drawn: test digits 98.5%; in percentage points from there: pen drawings -0.5.",
        "Best for test digits: fast; drawn may be as good.",
        "Best for pen drawings: drawn.",
    ]


@pytest.mark.parametrize("kinds", [["test digits"], ["test digits", "photos"]])
def test_one_model_is_compared_with_none_and_what_was_not_measured_is_not_concluded(kinds: list[str]) -> None:
    alone = {kind: {"drawn": NUMBERS[kind]["drawn"]} for kind in [*kinds, "pen drawings"]}
    assert conclusion(in_one_table(alone)) == (
        "drawn: test digits 98.5%; in percentage points from there: pen drawings -0.5."
    )
