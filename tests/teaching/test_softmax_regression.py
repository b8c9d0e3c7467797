import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.teaching.softmax_regression import accuracy, gradient, learn, loss


def some(digits: tuple[Digits, Digits], count: int) -> Digits:
    return digits[0].take(np.arange(count))


def test_without_weights_every_digit_is_as_probable(digits: tuple[Digits, Digits]) -> None:
    assert loss(np.zeros((784, 10)), some(digits, 50)) == pytest.approx(np.log(10))


def test_the_gradient_says_how_the_loss_changes(digits: tuple[Digits, Digits]) -> None:
    few = some(digits, 20)
    weights = np.random.default_rng(0).normal(0, 0.1, (784, 10))
    slopes = gradient(weights, few)
    for pixel, digit in ((14 * 28 + 14, 3), (10 * 28 + 16, 8), (0, 0)):
        change = np.zeros_like(weights)
        change[pixel, digit] = 1e-3
        slope = (loss(weights + change, few) - loss(weights - change, few)) / 2e-3
        assert slopes[pixel, digit] == pytest.approx(slope, abs=1e-4)


def test_few_images_are_learned_by_heart_and_many_are_not(digits: tuple[Digits, Digits]) -> None:
    unseen = digits[1]
    few, many = learn(some(digits, 50), unseen, 40, seed=0), learn(some(digits, 1400), unseen, 2, seed=0)
    for curve in (few, many):
        assert len(curve) == 21
        assert curve["training loss"].iloc[0] == pytest.approx(np.log(10))
    assert (few.index[-1], many.index[-1]) == (2000, 2800)
    assert few["training accuracy"].iloc[-1] == 1
    gaps = [curve["unseen loss"].iloc[-1] - curve["training loss"].iloc[-1] for curve in (few, many)]
    assert gaps[0] > 5 * gaps[1]
    assert many["unseen accuracy"].iloc[-1] > few["unseen accuracy"].iloc[-1]


def test_the_step_size_and_the_seed_count(digits: tuple[Digits, Digits]) -> None:
    few = some(digits, 50)
    ends = [
        learn(few, few, 1, seed, step_size)["training loss"].iloc[-1]
        for seed, step_size in ((0, 0.1), (0, 0.1), (1, 0.1), (0, 0.01))
    ]
    assert ends[0] == ends[1] != ends[2]
    assert ends[3] > ends[0]


def test_what_is_read_is_counted() -> None:
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 0, 0] = 255
    weights = np.zeros((784, 10))
    weights[0, 3] = 1
    assert accuracy(weights, Digits("x", images, np.array([3, 3, 3, 4], np.uint8))) == 0.75
