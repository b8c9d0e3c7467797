import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.evaluation import statistics


@pytest.fixture
def twenty() -> Digits:
    """Two images of each digit: all pixels of digit d are d, then d + 10."""
    labels = np.repeat(np.arange(10), 2).astype(np.uint8)
    values = labels + np.tile([0, 10], 10)
    return Digits("x", np.full((20, 28, 28), values[:, None, None], np.uint8), labels)


def test_means_and_distances(twenty: Digits) -> None:
    np.testing.assert_allclose(statistics.mean_images(twenty)[3], 8)
    np.testing.assert_allclose(statistics.distances_from_mean(twenty), 5)
    assert statistics.class_counts(twenty).tolist() == [2] * 10


def test_ink_is_a_share(twenty: Digits) -> None:
    full = Digits("x", np.full((1, 28, 28), 255, np.uint8), np.array([1], np.uint8))
    assert statistics.ink_shares(full).tolist() == [1.0]
    assert statistics.ink_shares(twenty)[0] == 0


def test_extremes_are_found_within_each_class(twenty: Digits) -> None:
    distances = np.tile([2.0, 1.0], 10)
    found = statistics.extremes(twenty.labels, distances)
    assert found.tolist() == [*range(1, 20, 2), *range(0, 20, 2)]


def test_the_nearest_mean_is_the_digit() -> None:
    means = np.zeros((10, 28, 28))
    means[:, 0] = 25 * np.arange(10)[:, None]
    images = np.round(means[[7, 0, 9]] + 11).clip(0, 255).astype(np.uint8)
    assert statistics.nearest_mean(means, images).tolist() == [7, 0, 9]


def test_weights_speak_for_a_digit_where_only_its_images_have_ink() -> None:
    labels = np.tile(np.arange(10), 20).astype(np.uint8)
    images = np.zeros((200, 28, 28), np.uint8)
    images[np.arange(200), 10, labels] = 255  # digit d has its only ink in column d
    images[:100, 20] = 255  # and this says nothing
    fitted = statistics.logistic_regression(Digits("x", images, labels), seed=0)
    assert fitted.weights.shape == (10, 28, 28)
    assert fitted.weights[:, 10].argmax(axis=1).tolist() == [*range(10)]
    assert np.abs(fitted.weights[:, 20]).max() < 0.01
    assert fitted.predict(images[:10]).tolist() == [*range(10)]


def test_a_stroke_that_leans_has_its_slant() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    rows = np.arange(4, 24)
    images[0, rows, 14] = 255
    images[1, rows, 27 - rows] = 200  # its upper end is to the right
    images[2, rows, 7 + rows // 2] = 255
    np.testing.assert_allclose(statistics.slants(images), [0, 45, -np.degrees(np.arctan(0.5))], atol=0.5)


def test_samples_come_in_rows_of_all_classes(digits: tuple[Digits, Digits]) -> None:
    drawn = statistics.samples_per_class(digits[0], 4, seed=0)
    assert drawn.labels.tolist() == 4 * list(range(10))
    assert len({image.tobytes() for image in drawn.images}) == 40


def test_mnist_has_the_statistics_that_01_explore_data_names(mnist: tuple[Digits, Digits]) -> None:
    train, test = mnist
    shares = statistics.class_counts(train) / len(train)
    assert (round(shares.min(), 2), round(shares.max(), 2)) == (0.09, 0.11)
    correct = statistics.nearest_mean(statistics.mean_images(train), test.images) == test.labels
    assert correct.sum() == 8203
    weights = statistics.logistic_regression(train, seed=0)
    assert (weights.predict(test.images) == test.labels).mean() == pytest.approx(0.916, abs=0.003)


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_most_of_an_image_is_empty(name: str, request: pytest.FixtureRequest) -> None:
    train, _ = request.getfixturevalue(name)
    ink = statistics.ink_shares(train)
    assert ink.mean() < 1 / 3
    usual = (ink > ink.mean() / 3) & (ink < ink.mean() * 3)
    assert usual.mean() > 0.9
    counts = statistics.class_counts(train)
    assert 0 < counts.max() < 1.3 * counts.min()
