import json
from dataclasses import asdict

import pytest


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests, with a training with each preset."""
    global BASELINE, FAST, build_model, speed
    from mnistlab.benchmarks import speed
    from mnistlab.benchmarks.speed import TimedTraining
    from mnistlab.model import build_model

    BASELINE = TimedTraining("baseline", 0, 0.99, 12, 1.0, 99.0, None, 8e3)
    FAST = [
        TimedTraining("fast", 0, 0.98, 1, 1.0, 3.0, 4.0, 9e3),
        TimedTraining("fast", 1, 0.99, 1, 1.0, 3.0, None, 9e3),
    ]


def test_a_training_is_timed_from_loading_to_the_kept_weights() -> None:
    timed = speed.time_training("baseline", seed=1, dataset="digits", epochs=2)
    assert (timed.preset, timed.seed, timed.epochs) == ("baseline", 1, 2)
    assert 0.3 < timed.test_accuracy < 0.99
    assert timed.loading_seconds > 0
    assert timed.training_seconds > 2 * 1293 / timed.images_per_second, "more than its epochs: the graph is counted too"
    assert timed.seconds == timed.loading_seconds + timed.training_seconds
    assert timed.seconds_to_target is None, "99 % is out of reach"


def test_the_time_to_the_target_counts_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "TARGET_ACCURACY", 0.0)  # the first epoch reaches it
    timed = speed.time_training("fast", seed=0, dataset="digits", epochs=1)
    assert timed.seconds_to_target == pytest.approx(timed.seconds)


def test_a_summary_has_mean_and_spread_over_seeds() -> None:
    table = speed.summary([BASELINE, *FAST])
    assert table.index.tolist() == ["baseline", "fast"]
    assert table["seeds"].tolist() == [1, 2]
    assert table["accuracy"].tolist() == pytest.approx([0.99, 0.985])
    assert table.loc["fast", "accuracy_std"] == pytest.approx(0.005)
    assert table["seconds"].tolist() == [100, 4]
    assert table["epochs"].tolist() == [12, 1]
    assert speed.as_table(FAST)["seconds"].tolist() == [4, 4]


def test_a_summary_says_how_many_reached_the_target_and_a_single_seed_has_no_spread() -> None:
    table = speed.summary([BASELINE, *FAST])
    assert table["reached_target"].tolist() == [0, 1]
    assert table.loc["fast", "seconds_to_target"] == 4.0
    assert table.loc["baseline", ["seconds_to_target", "accuracy_std", "seconds_std"]].isna().all()
    alone = speed.summary([BASELINE])
    assert alone.loc["baseline", ["seconds_to_target", "accuracy_std", "seconds_std"]].isna().all()


def test_a_timed_training_is_valid_json() -> None:
    assert json.loads(json.dumps(asdict(BASELINE), allow_nan=False))["seconds_to_target"] is None


def test_the_operations_of_the_baseline_are_those_of_its_layers() -> None:
    convolutions = 26 * 26 * 9 * 1 * 32 + 11 * 11 * 9 * 32 * 64
    dense = 1600 * 128 + 128 * 10
    assert speed.operations_per_image(build_model("baseline")) == 2 * (convolutions + dense)


def test_the_machine_is_measured() -> None:
    assert speed.matrix_product_speed(side=64, repeats=2) > 0
    assert speed.memory_gib() > 0
