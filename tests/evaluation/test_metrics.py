import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics as sklearn_metrics

from mnistlab import logits
from mnistlab.evaluation import metrics
from mnistlab.preprocessing import model_input


def logits_for(predicted: list[int], margin: float = 5.0) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[predicted] * margin


LABELS = np.array([0, 1, 2, 2, 7], np.uint8)
LOGITS = logits_for([0, 1, 2, 3, 1])


def test_infer_gives_the_models_logits_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from mnistlab.model import build_model  # late, as in all tests

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


@pytest.mark.parametrize("count", [50, 150, 1200])  # without care, the ends of these lie outside 0..1
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_is_that_of_scipy(count: int, level: float) -> None:
    for correct in (0, 1, count // 2, count - 1, count):
        labels = np.array([0] * correct + [1] * (count - correct))
        expected = binomtest(correct, count).proportion_ci(level, method="wilson")
        assert metrics.accuracy_interval(logits_for([0] * count), labels, level) == tuple(expected)


def test_the_interval_of_a_mean_is_that_of_as_many_independent_digits() -> None:
    of_each = (0.8 * 0.2 / 100) ** 0.5
    assert metrics.mean_interval(0.8, of_each, 1000) == pytest.approx(metrics.share_interval(80, 100))
    assert metrics.mean_interval(0.8, 2 * of_each, 1000) == pytest.approx(metrics.share_interval(20, 25))
    for mean in (0, 1):
        assert metrics.mean_interval(mean, 0, 50) == metrics.share_interval(50 * mean, 50)


def test_matrix_precision_and_recall_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    labels, predicted = rng.integers(0, 9, (2, 500), np.uint8)  # no 9: a row and a column of zeros
    logits = logits_for(predicted)
    np.testing.assert_array_equal(
        metrics.confusion_matrix(logits, labels), sklearn_metrics.confusion_matrix(labels, predicted, labels=range(10))
    )
    precision, recall, _, images = sklearn_metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(10), zero_division=0
    )
    table = metrics.precision_recall(logits, labels)
    np.testing.assert_array_equal(table.to_numpy(), np.stack([precision, recall, images], axis=1))


def test_probabilities_are_a_softmax() -> None:
    probabilities = logits.softmax(np.array([[1000.0] + [0.0] * 9, [0.0] * 10]))
    np.testing.assert_allclose(probabilities[0], [1] + [0] * 9)
    np.testing.assert_allclose(probabilities[1], 0.1)


def test_the_confusion_matrix_has_labels_in_rows() -> None:
    matrix = metrics.confusion_matrix(LOGITS, LABELS)
    assert matrix.shape == (10, 10)
    assert (matrix[2, 3], matrix[7, 1], matrix[3, 2], matrix.sum()) == (1, 1, 0, 5)


def test_the_most_frequent_confusion_is_off_the_diagonal() -> None:
    matrix = 100 * np.eye(10, dtype=int)
    matrix[4, 9], matrix[7, 1] = 3, 2
    assert metrics.most_confused(matrix) == (4, 9, 3)


def test_precision_and_recall_of_each_digit() -> None:
    table = metrics.precision_recall(LOGITS, LABELS)
    assert table.loc[1].tolist() == [0.5, 1.0, 1]
    assert table.loc[2].tolist() == [1.0, 0.5, 2]
    assert table.loc[9].tolist() == [0.0, 0.0, 0]


def test_the_most_confident_errors_come_first() -> None:
    probabilities = np.array([[0.1, 0.9], [0.4, 0.6], [0.2, 0.8], [0.7, 0.3]])
    labels = np.array([1, 0, 0, 0])
    assert metrics.most_confident_errors(probabilities, labels, 5).tolist() == [2, 1]
    assert metrics.most_confident_errors(probabilities, labels, 1).tolist() == [2]
    assert metrics.most_confident_errors(probabilities[3:], labels[3:], 5).tolist() == []


def test_errors_of_each_digit_take_every_digit_in_turn() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1, 2])
    confidence = np.array([0.9, 0.95, 0.8, 0.7, 0.6, 0.65, 0.5])
    probabilities = np.zeros((7, 10))
    probabilities[range(7), 9] = confidence  # all read as 9
    assert metrics.errors_of_each_digit(probabilities, labels, 3).tolist() == [1, 5, 6]
    assert metrics.errors_of_each_digit(probabilities, labels, 5).tolist() == [1, 0, 5, 4, 6]
    assert metrics.errors_of_each_digit(probabilities, labels, 20).tolist() == [1, 0, 2, 3, 5, 4, 6]
    assert metrics.errors_of_each_digit(probabilities, np.full(7, 9), 20).tolist() == []
