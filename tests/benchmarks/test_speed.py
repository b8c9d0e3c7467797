import numpy as np
import pytest

from mnistlab.benchmarks import speed
from mnistlab.benchmarks.speed import Trial
from mnistlab.data import Digits
from mnistlab.model import build_model
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.system.run_files import WEIGHTS


def test_a_trial_is_one_training_with_its_times() -> None:
    trial = speed.trial("baseline", seed=1, dataset="digits", epochs=2)
    assert (trial.preset, trial.seed, trial.epochs) == ("baseline", 1, 2)
    assert 0.3 < trial.test_accuracy < 0.99
    assert trial.loading > 0
    assert trial.training > 2 * 1293 / trial.images_per_second, "more than its epochs: the graph is counted too"
    assert trial.seconds == trial.loading + trial.training
    assert np.isnan(trial.to_goal), "99 % is out of reach"


def test_the_time_to_the_goal_counts_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "GOAL", 0.0)  # the first epoch reaches it
    trial = speed.trial("fast", seed=0, dataset="digits", epochs=1)
    assert trial.to_goal == pytest.approx(trial.seconds)


def test_a_summary_has_mean_and_spread_over_seeds() -> None:
    trials = [Trial("fast", seed, accuracy, 1, 1.0, 3.0, 4.0, 9e3) for seed, accuracy in enumerate((0.98, 0.99))]
    table = speed.summary([Trial("baseline", 0, 0.99, 12, 1.0, 99.0, float("nan"), 8e3), *trials])
    assert table.index.tolist() == ["baseline", "fast"]
    assert table["seeds"].tolist() == [1, 2]
    assert table["accuracy"].tolist() == pytest.approx([0.99, 0.985])
    assert table["accuracy_std"].tolist() == pytest.approx([0, 0.005])
    assert table["seconds"].tolist() == [100, 4]
    assert speed.as_table(trials)["seconds"].tolist() == [4, 4]


def test_the_work_of_the_baseline_is_that_of_its_layers() -> None:
    convolutions = 26 * 26 * 9 * 1 * 32 + 11 * 11 * 9 * 32 * 64
    dense = 1600 * 128 + 128 * 10
    assert speed.work_per_image(build_model("baseline")) == 2 * (convolutions + dense)


def test_speeds_are_those_of_both_ways_to_predict(digits: tuple[Digits, Digits]) -> None:
    model = build_model("accurate")
    model.load_weights(PRETRAINED / WEIGHTS)
    speeds = speed.prediction_speed(Predictor.pretrained(), model, digits[1].images[:20], repeats=3)
    assert speeds.index.tolist() == ["LiteRT", "Keras"]
    assert (speeds > 0).all(axis=None)
    assert speed.milliseconds_to_read_a_drawing(repeats=3) > 0
    assert speed.matrix_product_speed(side=64, repeats=2) > 0
    assert speed.memory_held() > 0


def test_the_first_answer_of_a_new_process_comes() -> None:
    assert speed.seconds_to_first_answer() > 0
