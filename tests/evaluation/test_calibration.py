import numpy as np
import pytest

from mnistlab.evaluation import calibration


def test_calibration_is_perfect_when_confidence_is_accuracy() -> None:
    probabilities = np.full((4, 10), 0.25 / 9)
    probabilities[:, 3] = 0.75
    assert calibration.calibration_error(probabilities, np.array([3, 3, 3, 8])) == pytest.approx(0, abs=1e-12)


def test_calibration_error_weighs_each_bin_by_its_images() -> None:
    probabilities = np.zeros((4, 10))
    probabilities[:3, 0] = 1.0  # sure, 2 of 3 right: off by 1/3
    probabilities[3] = 0.05
    probabilities[3, 1] = 0.55  # half sure and right: off by 0.45
    error = calibration.calibration_error(probabilities, np.array([0, 0, 5, 1]))
    assert error == pytest.approx((3 * (1 / 3) + 0.45) / 4)


def test_reliability_is_what_the_error_is_made_of() -> None:
    probabilities = np.full((4, 10), 0.05)
    probabilities[:, 0] = 0.55
    probabilities[3] = np.eye(10)[2]
    table = calibration.reliability(probabilities, np.array([0, 0, 5, 2]), bins=10)
    assert table.index.tolist() == [5, 9]
    assert table["images"].tolist() == [3, 1]
    assert table["accuracy"].tolist() == pytest.approx([2 / 3, 1])
    assert table["confidence"].tolist() == pytest.approx([0.55, 1])


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
def test_the_temperature_that_spoiled_a_calibrated_model_is_found(temperature: float) -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (20_000, 10))
    labels = (honest + rng.gumbel(size=honest.shape)).argmax(axis=1)  # drawn with the probabilities of their softmax
    assert calibration.fit_temperature(honest * temperature, labels) == pytest.approx(temperature, rel=0.05)


def test_a_few_images_all_read_right_do_not_make_sure_of_everything() -> None:
    assert 0.3 < calibration.fit_temperature(5 * np.eye(10)[:3], np.arange(3)) < 1


def test_evidence_becomes_a_probability_where_digits_and_outliers_are_equally_frequent() -> None:
    rng = np.random.default_rng(0)
    of_digits, of_outliers = 2 * rng.normal(1, 1, 20_000) + 5, 2 * rng.normal(-1, 1, 5_000) + 5
    scale, shift = calibration.fit_evidence(of_digits, of_outliers)
    # Of two normal distributions with means 1 and -1 and deviation 1 the logit at x is 2 x.
    assert scale == pytest.approx(1, abs=0.05)
    assert shift == pytest.approx(-5, abs=0.3)
