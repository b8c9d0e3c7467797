import json

import numpy as np
import pytest

from mnistlab.benchmarks.corrupted.robustness import KINDS, MEAN, Robustness, measure_robustness
from mnistlab.benchmarks.corrupted.side_by_side import side_by_side
from mnistlab.datasets.corruptions.kinds import corrupt
from mnistlab.datasets.digits import Digits
from mnistlab.evaluation.metrics import share_interval
from mnistlab.logits import CLASSES
from mnistlab.prediction import Predictor


class Fake(Predictor):
    """Reads every image as the label that its number says; remembers what it was given."""

    def __init__(self, labels: np.ndarray, logits: int) -> None:
        self.labels, self.width, self.given = labels, logits, []

    def logits(self, images: np.ndarray) -> np.ndarray:
        self.given.append(images)
        logits = np.zeros((len(images), self.width))
        logits[np.arange(len(images)), self.labels] = 1
        logits[:, CLASSES:] = np.where(images.mean(axis=(1, 2)) > 90, -1, 1)[:, np.newaxis]
        return logits


def robustness(right: int, count: int = 400, low: tuple[str, ...] = ()) -> Robustness:
    """Of a model that reads the first so many in each kind, and none of those kinds that are low."""
    is_right = np.tile(np.arange(count) < right, (len(KINDS), 1))
    is_right[[KINDS.index(kind) for kind in low]] = False
    return Robustness({"a": is_right}, {"a": None})


def together(**models: Robustness) -> Robustness:
    return Robustness({name: each.is_right["a"] for name, each in models.items()}, dict.fromkeys(models))


def test_all_models_are_given_the_same_clean_and_corrupted_images(digits: tuple[Digits, Digits]) -> None:
    few = digits[1].take(np.arange(40))
    wrong = few.labels.copy()
    wrong[:10] = (wrong[:10] + 1) % 10
    models = {"ten": Fake(few.labels, 10), "eleven": Fake(wrong, 11)}
    measured = measure_robustness(models, few, seed=3)
    for model in models.values():
        np.testing.assert_array_equal(model.given[0], few.images)
        for images, name in zip(model.given[1:], KINDS[1:], strict=True):
            np.testing.assert_array_equal(images, corrupt(few.images, name, seed=3))
    table = measured.table
    assert [*table.index] == [(model, kind) for model in models for kind in (*KINDS, MEAN)]
    assert (table.loc["ten", "accuracy"] == 1).all()
    assert table.loc["ten", "refused"].isna().all()
    assert (table.loc["eleven", "accuracy"] == 0.75).all()
    assert table.loc[("eleven", "clean"), ["refused", "unnoticed"]].tolist() == [0, 0.25]
    assert table.loc[("eleven", "brightness"), ["refused", "unnoticed"]].tolist() == [1, 0]
    assert 0 < table.loc[("eleven", MEAN), "refused"] < 1


def test_each_accuracy_has_its_interval_and_the_mean_leaves_out_the_clean_images() -> None:
    measured = robustness(300, low=("clean", "fog"))
    table = measured.table.loc["a"]
    assert table.loc["scale", ["accuracy", "low", "high"]].tolist() == [0.75, *share_interval(300, 400)]
    assert table.loc[MEAN, "accuracy"] == pytest.approx(0.75 * 14 / 15)
    assert table.loc[MEAN, "unnoticed"] == pytest.approx(1 - 0.75 * 14 / 15)
    assert measured.means.loc["a"].equals(table.loc[MEAN])


def test_the_interval_of_the_mean_takes_one_digit_in_fifteen_kinds_for_one_digit() -> None:
    same, apart = robustness(300), robustness(300)
    rng = np.random.default_rng(0)
    apart = Robustness({"a": rng.permuted(apart.is_right["a"], axis=1)}, {"a": None})
    (low, high), (near_low, near_high) = (each.means.loc["a", ["low", "high"]] for each in (same, apart))
    assert high - low == pytest.approx(2 * 1.96 * (0.75 * 0.25 / 400) ** 0.5, rel=0.001)
    assert near_high - near_low == pytest.approx((high - low) / 15**0.5, rel=0.1)


def test_models_stand_side_by_side_one_in_each_column() -> None:
    measured = together(good=robustness(390), bad=robustness(200))
    columns = side_by_side(measured.table)
    assert [*columns] == ["good", "bad"]
    assert [*columns.index] == [*KINDS, MEAN]
    assert columns.loc["fog", "bad"] == "50.0% (45.1 to 54.9)"
    page = Robustness({"<b>": measured.is_right["bad"]}, {"<b>": None})._repr_html_()
    assert "<b>" not in page
    assert "50.0% (45.1 to 54.9)" in page
    assert repr(measured) == (
        "400 digits read correctly, mean of 15 corruptions: good 97.5% (96.0 to 99.0); bad 50.0% (45.1 to 54.9)"
    )


def test_the_conclusion_names_the_best_first_and_what_may_be_chance() -> None:
    measured = together(bad=robustness(200, low=("fog", "zigzag")), good=robustness(390), near=robustness(388))
    good, near, bad = measured.conclusion.splitlines()
    assert good == "good: 97.5% (96.0 to 99.0); the lowest: shot noise 97.5%, impulse noise 97.5%, glass blur 97.5%."
    assert near.endswith("That is 0.50% less than good, which may be chance.")
    assert "the lowest: fog 0.0%, zigzag 0.0%, shot noise 50.0%." in bad
    assert bad.endswith("That is 54.17% less than good, more than chance.")


def test_a_record_is_json_without_what_is_not_known() -> None:
    record = json.loads(json.dumps(robustness(300).record(), allow_nan=False))
    assert record["a"]["fog"]["accuracy"] == 0.75
    assert record["a"]["fog"]["refused"] is None


def test_the_model_that_ships_reads_sheared_digits_better_than_noisy_ones(digits: tuple[Digits, Digits]) -> None:
    measured = measure_robustness({"drawn": Predictor.pretrained()}, digits[1].take(np.arange(60)))
    accuracies = measured.table.loc["drawn", "accuracy"]
    assert accuracies["shear"] > 0.9 > accuracies["impulse noise"]
    assert measured.table.loc["drawn", "refused"].notna().all()
