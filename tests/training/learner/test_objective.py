import numpy as np
import pytest
from scipy.special import log_expit, log_softmax


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests."""
    global CERTAINTY, DigitAccuracy, OutlierExposure, keras
    from mnistlab.system.backend import keras
    from mnistlab.training.learner.objective import CERTAINTY, DigitAccuracy, OutlierExposure


RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(4, 11)).astype(np.float32)
TARGETS = np.eye(10, dtype=np.float32)[[3, 0, 9, 1]]
TARGETS[2] = 0  # an outlier


def test_it_is_the_cross_entropy_of_the_digit_and_a_share_of_that_of_whether_there_is_one() -> None:
    expected = []
    for target, logits in zip(TARGETS, LOGITS.astype(float), strict=True):
        is_digit = target.sum()
        smoothed = 0.9 * target + 0.1 / 10
        which = -(smoothed * log_softmax(logits[:10])).sum() if is_digit else 0
        share = CERTAINTY if is_digit else 1 - CERTAINTY
        whether = -share * log_expit(logits[10]) - (1 - share) * log_expit(-logits[10])
        expected.append(which + 0.3 * whether)
    assert float(OutlierExposure(0.1, 0.3)(TARGETS, LOGITS)) == pytest.approx(np.mean(expected), rel=1e-5)


def test_without_outliers_and_weight_it_is_keras_own_loss() -> None:
    digits = [0, 1, 3]
    usual = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    ours = OutlierExposure(0.1, 0.0)
    assert float(ours(TARGETS[digits], LOGITS[digits])) == pytest.approx(
        float(usual(TARGETS[digits], LOGITS[digits, :10])), rel=1e-5
    )


@pytest.mark.parametrize("extra", [0, 1])
def test_only_digits_count_for_the_accuracy_and_only_ten_logits(extra: int) -> None:
    logits = np.zeros((4, 10 + extra), np.float32)
    logits[[0, 1, 3], [3, 5, 1]] = 1  # right, wrong, right
    logits[:, 10:] = 9
    metric = DigitAccuracy()
    metric.update_state(TARGETS, logits)
    assert float(metric.result()) == pytest.approx(2 / 3)
    assert metric.name == "accuracy"


def test_both_survive_being_saved_with_a_model() -> None:
    loss = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(OutlierExposure(0.1, 0.3)))
    assert (loss.label_smoothing, loss.weight) == (0.1, 0.3)
    metric = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(DigitAccuracy()))
    assert isinstance(metric, DigitAccuracy)
