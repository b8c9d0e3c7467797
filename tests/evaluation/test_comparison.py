from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mnistlab.errors import ParameterError
from mnistlab.evaluation.comparison import best_runs, by_setting, differences, select, varied
from mnistlab.runs.registry import chosen_runs

TABLE = pd.DataFrame(
    {
        "rate": [0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.9],
        "seed": [0, 1, 2, 0, 1, 2, 0],
        "accuracy": [0.90, 0.92, 0.94, 0.95, 0.975, 0.985, 0.97],
        "seconds": [10.0, 11.0, 12.0, 20.0, 21.0, 22.0, 5.0],
        "preset": "fast",
    },
    index=pd.Index(list("abcdefg"), name="run"),
)


def test_rows_are_selected_and_sorted_the_highest_first() -> None:
    assert list(select(TABLE, "rate == 0.3 and accuracy > 0.96").index) == ["e", "f"]
    assert list(select(TABLE, sort="accuracy").index[:2]) == ["f", "e"]
    assert list(select(TABLE, sort="seconds", lowest_first=True).index[:2]) == ["g", "a"]
    missing = TABLE.assign(loss=[np.nan, 1, 2, 3, 4, 5, 6])
    assert list(select(missing, sort="loss", lowest_first=True).index)[-1] == "a"


@pytest.mark.parametrize(
    ("where", "sort"), [("speed > 1", ""), ("rate >", ""), ("rate", ""), ("", "speed"), ("seconds > 'x'", "")]
)
def test_what_is_no_condition_and_no_column_is_said_with_those_that_are(where: str, sort: str) -> None:
    with pytest.raises(ParameterError, match=r"the columns are rate, seed, accuracy, seconds, preset") as caught:
        select(TABLE, where, sort)
    assert "\n" not in str(caught.value)


def test_what_varies_makes_a_setting_and_the_seed_does_not() -> None:
    assert varied(TABLE, ["rate", "seed", "preset", "unknown"]) == ["rate"]


def test_a_setting_is_told_over_its_seeds() -> None:
    table = by_setting(TABLE, ["rate"])
    assert list(table.index.get_level_values("rate")) == [0.3, 0.9, 0.1]
    assert table["seeds"].tolist() == [3, 1, 3]
    assert table.loc[0.1, "mean"] == pytest.approx(0.92)
    assert table.loc[0.1, "std"] == pytest.approx(0.02)
    assert np.isnan(table.loc[0.9, "std"])
    assert table.loc[0.3, "seconds"] == 21


def test_a_difference_is_larger_than_noise_if_its_interval_leaves_zero_out() -> None:
    table = differences(TABLE, ["rate"])
    assert list(table.index.get_level_values("rate")) == [0.9, 0.1]
    apart = np.array([0.90, 0.92, 0.94]) - np.array([0.95, 0.975, 0.985])
    expected = stats.ttest_1samp(apart, 0).confidence_interval(1 - 0.05 / 2)  # two settings are held against the best
    told = table.loc[0.1]
    assert (told["low"], told["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert told["larger_than_noise"]
    assert table.loc[0.9, "seeds"] == 1
    assert np.isnan(table.loc[0.9, "low"])
    assert not table.loc[0.9, "larger_than_noise"], "one seed tells nothing"


def test_noise_alone_is_rarely_taken_for_a_difference() -> None:
    random = np.random.default_rng(0)
    found = 0
    for _ in range(200):
        table = pd.DataFrame({"rate": np.repeat([1, 2, 3, 4], 5), "seed": np.tile(range(5), 4), "seconds": 1.0})
        table["accuracy"] = random.normal(0.9, 0.01, 20)
        found += differences(table, ["rate"])["larger_than_noise"].any()
    assert found < 30


def test_the_best_run_of_the_best_setting_comes_first() -> None:
    assert best_runs(TABLE, ["rate"]).to_dict() == {0.3: "f", 0.9: "g", 0.1: "c"}


def test_the_sample_comes_with_the_project(reports: Path) -> None:
    assert len(chosen_runs("sample", "02_train")) == 30
    assert all((run.path / "history.csv").exists() for run in chosen_runs("sample", "02_train"))
    assert chosen_runs("sample", "01_x") == []
    assert chosen_runs("all", "02_train") == []
