from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mnistlab.errors import ParameterError, RunError
from mnistlab.evaluation import comparison
from mnistlab.evaluation.comparison import by_setting, comparable, differences, select, varied, with_setting
from mnistlab.runs.registry import chosen_runs, compare

RATES = pd.DataFrame(
    {
        "state": "complete",
        "rate": [0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.9],
        "seed": [0, 1, 2, 0, 1, 2, 0],
        "accuracy": [0.90, 0.92, 0.94, 0.95, 0.975, 0.985, 0.97],
        "seconds": [10.0, 11.0, 12.0, 20.0, 21.0, 22.0, 5.0],
        "preset": "fast",
    },
    index=pd.Index(list("abcdefg"), name="run"),
)
TABLE = with_setting(RATES, ["rate"])


def test_rows_are_selected_and_sorted_the_highest_first() -> None:
    assert list(select(RATES, "rate == 0.3 and accuracy > 0.96").index) == ["e", "f"]
    assert list(select(RATES, sort="accuracy").index[:2]) == ["f", "e"]
    assert list(select(RATES, sort="seconds", lowest_first=True).index[:2]) == ["g", "a"]
    missing = RATES.assign(loss=[np.nan, 1, 2, 3, 4, 5, 6])
    assert list(select(missing, sort="loss", lowest_first=True).index)[-1] == "a"


@pytest.mark.parametrize(
    ("where", "sort"), [("speed > 1", ""), ("rate >", ""), ("rate", ""), ("", "speed"), ("seconds > 'x'", "")]
)
def test_an_invalid_condition_or_column_is_answered_with_the_columns(where: str, sort: str) -> None:
    with pytest.raises(ParameterError, match=r"the columns are state, rate, seed, accuracy, seconds, preset") as caught:
        select(RATES, where, sort)
    assert "\n" not in str(caught.value)


def test_only_complete_runs_with_the_metric_are_compared() -> None:
    table = RATES.assign(
        state=["failed", "running", *["complete"] * 5], accuracy=[0.9, None, None, 0.95, 0.975, 0.985, 0.97]
    )
    assert list(comparable(table, "accuracy").index) == ["d", "e", "f", "g"]
    assert list(comparable(table, "accuracy", "rate < 0.5").index) == ["d", "e", "f"]


@pytest.mark.parametrize(
    ("table", "metric", "where", "message"),
    [
        (compare([]), "accuracy", "", "there are no runs to compare"),
        (RATES.assign(state="failed"), "accuracy", "", "none of the 7 runs is complete"),
        (RATES, "accuracy", "rate > 1", "none of the 7 complete runs fulfils 'rate > 1'"),
        (RATES.assign(loss=None), "loss", "", "none of these runs has measured loss"),
        (RATES, "loss", "", "there is no metric 'loss'; the columns are state, rate"),
        (RATES, "seconds", "", "seconds is not a number between 0 and 1"),
        (RATES, "preset", "", "preset is not a number between 0 and 1"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(table: pd.DataFrame, metric: str, where: str, message: str) -> None:
    with pytest.raises((ParameterError, RunError), match=message) as caught:
        comparable(table, metric, where)
    assert "\n" not in str(caught.value)


def test_settings_are_the_parameters_that_vary_but_not_the_seed() -> None:
    assert varied(RATES, ["rate", "seed", "preset", "unknown"]) == ["rate"]


def test_a_setting_may_hold_numbers_text_booleans_and_missing_values() -> None:
    table = pd.DataFrame(
        {
            "preset": ["fast", "baseline", None],
            "batch_size": [32, 64, np.nan],
            "rate": [0.001, 0.1 + 0.2, np.nan],
            "tensorboard": pd.Series([True, False, None], dtype=object),
        }
    )
    assert with_setting(table, list(table))["setting"].tolist() == [
        "preset fast, batch_size 32, rate 0.001, tensorboard True",
        "preset baseline, batch_size 64, rate 0.3, tensorboard False",
        "preset missing, batch_size missing, rate missing, tensorboard missing",
    ]


def test_runs_that_differ_only_in_the_seed_have_one_setting() -> None:
    table = with_setting(RATES, [])
    assert by_setting(table, "accuracy").loc["all runs", "runs"] == 7
    assert differences(table, "accuracy").empty


def test_a_setting_has_mean_and_spread_over_its_runs() -> None:
    table = by_setting(TABLE, "accuracy")
    assert list(table.index) == ["rate 0.3", "rate 0.9", "rate 0.1"]
    assert table["runs"].tolist() == [3, 1, 3]
    assert table.loc["rate 0.1", "mean"] == pytest.approx(0.92)
    assert table.loc["rate 0.1", "std"] == pytest.approx(0.02)
    assert np.isnan(table.loc["rate 0.9", "std"])
    assert table.loc["rate 0.3", "seconds"] == 21
    assert comparison.mean_text(table.loc["rate 0.1"]) == "92.00% ± 2.00% over 3 runs"
    assert comparison.mean_text(table.loc["rate 0.9"]) == "97.00% in a single run", "one run has no spread"


def test_a_difference_is_larger_than_noise_if_its_interval_excludes_zero() -> None:
    table = differences(TABLE, "accuracy")
    assert list(table.index) == ["rate 0.9", "rate 0.1"]
    apart = np.array([0.90, 0.92, 0.94]) - np.array([0.95, 0.975, 0.985])
    expected = stats.ttest_1samp(apart, 0).confidence_interval(1 - 0.05 / 2)  # two settings are compared with the best
    row = table.loc["rate 0.1"]
    assert (row["low"], row["high"]) == (pytest.approx(expected.low), pytest.approx(expected.high))
    assert row["larger_than_noise"]
    assert table.loc["rate 0.9", "seeds"] == 1
    assert np.isnan(table.loc["rate 0.9", "low"])
    assert not table.loc["rate 0.9", "larger_than_noise"], "one seed tells nothing"


@pytest.mark.parametrize("seeds", [[0, 0, 0, 0], [None] * 4, [0, 1, 2, 3]])
def test_without_common_seeds_nothing_is_said(seeds: list[int | None]) -> None:
    table = pd.DataFrame({"state": "complete", "rate": [1, 1, 2, 2], "seed": seeds, "accuracy": [0.9, 0.8, 0.7, 0.6]})
    table = with_setting(comparable(table.assign(seconds=1.0), "accuracy"), ["rate"])
    (row,) = differences(table, "accuracy").itertuples()
    assert np.isnan(row.low)
    assert not row.larger_than_noise
    without_seeds = differences(with_setting(comparable(table.drop(columns="seed"), "accuracy"), ["rate"]), "accuracy")
    assert without_seeds["seeds"].tolist() == [0]


def test_equal_differences_on_few_images_are_not_taken_for_certain() -> None:
    """Of 200 images a difference is a multiple of 0.5 %: two seeds often differ by the same amount."""
    table = pd.DataFrame({"rate": [1, 1, 2, 2], "seed": [0, 1, 0, 1], "accuracy": [0.95, 0.945, 0.945, 0.94]})
    (row,) = differences(with_setting(table.assign(seconds=1.0), ["rate"]), "accuracy").itertuples()
    assert row.difference == pytest.approx(-0.005)
    assert not row.larger_than_noise


def test_noise_alone_is_rarely_taken_for_a_difference() -> None:
    random = np.random.default_rng(0)
    found = 0
    for _ in range(200):
        table = pd.DataFrame({"rate": np.repeat([1, 2, 3, 4], 5), "seed": np.tile(range(5), 4), "seconds": 1.0})
        table["accuracy"] = random.normal(0.9, 0.01, 20)
        found += differences(with_setting(table, ["rate"]), "accuracy")["larger_than_noise"].any()
    assert found < 30


def test_the_conclusion_follows_the_table() -> None:
    table = pd.DataFrame({"larger_than_noise": [True, False, False], "low": [-0.3, -0.1, np.nan]})
    counted = "1 of 3 settings differ from the best by more than chance; 1 may be as good"
    assert comparison.conclusion(table) == f"{counted}; 1 cannot be judged from the seeds in common"
    assert comparison.conclusion(table[:1]) == "1 of 1 settings differ from the best by more than chance"
    assert comparison.conclusion(table[:0]) == "only one setting: nothing to compare it with"


@pytest.mark.parametrize("values", [[0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.9], [True, True, True, False, False, False, None]])
def test_the_best_run_of_the_best_setting_comes_first(values: list[object]) -> None:
    table = with_setting(RATES.assign(x=pd.Series(values, index=RATES.index, dtype=object)), ["x"])
    assert comparison.best_runs(table, "accuracy").tolist() == ["f", "g", "c"]


def test_the_example_comes_with_the_project(reports: Path) -> None:
    assert len(chosen_runs("example", "02_train")) == 30
    assert all((run.path / "history.csv").exists() for run in chosen_runs("example", "02_train"))
    assert chosen_runs("example", "01_x") == []
    assert chosen_runs("all", "02_train") == []
