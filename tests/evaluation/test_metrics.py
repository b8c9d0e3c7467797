import numpy as np
import pytest

from mnistlab import logits
from mnistlab.datasets.drawings import labels_of
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.evaluation import calibration, metrics
from mnistlab.evaluation.drawn import CONDITIONS, drawn_digits
from mnistlab.model import build_model
from mnistlab.preprocessing import model_input


def logits_for(predicted: list[int], margin: float = 5.0) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[predicted] * margin


LABELS = np.array([0, 1, 2, 2, 7], np.uint8)
LOGITS = logits_for([0, 1, 2, 3, 1])


def test_infer_gives_the_models_logits_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "BATCH", 3)
    images = np.random.default_rng(0).integers(0, 256, (7, 28, 28), np.uint8)
    model = build_model("baseline")
    logits = metrics.infer(model, images)
    assert (logits.dtype, logits.shape) == (np.float32, (7, 10))
    np.testing.assert_allclose(logits, model(model_input(images)), rtol=1e-4, atol=1e-5)


def test_accuracy_counts_and_divides_once() -> None:
    assert metrics.accuracy(LOGITS, LABELS) == 3 / 5


def test_the_interval_is_wilsons() -> None:
    labels = np.zeros(10, np.uint8)
    logits = logits_for([0] * 8 + [1] * 2)
    # 8 of 10, z = 1.96: (0.8 + z²/20 ± z sqrt(0.8 * 0.2 / 10 + z²/400)) / (1 + z²/10)
    assert metrics.accuracy_interval(logits, labels) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_probabilities_are_a_softmax() -> None:
    probabilities = logits.softmax(np.array([[1000.0] + [0.0] * 9, [0.0] * 10]))
    np.testing.assert_allclose(probabilities[0], [1] + [0] * 9)
    np.testing.assert_allclose(probabilities[1], 0.1)


def test_the_confusion_matrix_has_labels_in_rows() -> None:
    matrix = metrics.confusion_matrix(LOGITS, LABELS)
    assert matrix.shape == (10, 10)
    assert (matrix[2, 3], matrix[7, 1], matrix[3, 2], matrix.sum()) == (1, 1, 0, 5)


def test_precision_and_recall_of_each_digit() -> None:
    table = metrics.precision_recall(LOGITS, LABELS)
    assert table.loc[1].tolist() == [0.5, 1.0, 1]
    assert table.loc[2].tolist() == [1.0, 0.5, 2]
    assert table.loc[9].tolist() == [0.0, 0.0, 0]


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


def test_the_hardest_are_the_most_confidently_wrong() -> None:
    logits = np.concatenate([logits_for([4, 4], 1.0), logits_for([4], 9.0), logits_for([0], 9.0)])
    labels = np.array([4, 0, 0, 0])
    assert metrics.most_confident_errors(logits, labels, 5).tolist() == [2, 1]
    assert metrics.most_confident_errors(logits, labels, 1).tolist() == [2]
    assert metrics.most_confident_errors(logits[3:], labels[3:], 5).tolist() == []


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
    assert 0.3 < calibration.fit_temperature(LOGITS[:3], LABELS[:3]) < 1


def test_drawn_digits_are_counted_under_each_condition() -> None:
    labels = labels_of(EXAMPLES)

    def read(images: np.ndarray) -> np.ndarray:
        read.calls += 1
        right = logits_for(labels)
        return right if read.calls > 1 else np.roll(right, 3, axis=0)

    read.calls = 0
    table = drawn_digits(read, EXAMPLES)
    assert table.index.tolist() == [condition.name for condition in CONDITIONS]
    assert table["mistakes"].tolist() == [12, 0, 0, 0, 0]
    assert table["accuracy"].tolist() == [0, 1, 1, 1, 1]
    assert ((table["low"] <= table["accuracy"]) & (table["accuracy"] <= table["high"])).all()
