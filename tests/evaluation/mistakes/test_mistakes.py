import numpy as np
import pytest
from scipy.stats import binom

from mnistlab.datasets.digits import Digits
from mnistlab.evaluation.mistakes.doubted_labels import ASKED, DOUBTED, doubted_labels
from mnistlab.evaluation.mistakes.pairs import confused_pairs
from mnistlab.evaluation.mistakes.two_models import TwoModels, compare_models


def test_the_images_of_a_pair_stand_in_its_row_the_most_confident_first() -> None:
    labels = np.array([5, 5, 5, 3, 1, 1])
    answers = np.array([3, 3, 5, 3, 7, 1])
    confidence = np.array([0.6, 0.9, 0.9, 0.9, 0.8, 0.9])
    probabilities = np.full((6, 10), 0.01)
    probabilities[np.arange(6), answers] = confidence
    images = np.full((6, 28, 28), np.arange(6)[:, np.newaxis, np.newaxis] + 1, np.uint8)
    rows = confused_pairs(probabilities, labels, images, examples=3)
    assert [*rows] == ["5 read as 3: 2", "1 read as 7: 1"]
    assert rows["5 read as 3: 2"][:, 0, 0].tolist() == [2, 1, 0]
    assert rows["1 read as 7: 1"][:, 0, 0].tolist() == [5, 0, 0]
    assert [*confused_pairs(probabilities, labels, images, pairs=1)] == ["5 read as 3: 2"]
    assert confused_pairs(np.eye(10)[labels], labels, images) == {}, "no mistakes"


def test_the_fifteen_doubted_labels_are_those_of_mnist(mnist: tuple[Digits, Digits]) -> None:
    train, test = mnist
    table = doubted_labels(test)
    assert len(table) == 15, "as the paper says"
    assert (test.labels[table.index] == table["label"]).all()
    assert (table["saw label"] < ASKED / 2).all()
    assert (table["saw label"] + table["saw other"] <= ASKED).all()
    assert doubted_labels(train).empty
    changed = test.labels.copy()
    changed[DOUBTED[0][0]] = 1
    assert doubted_labels(Digits("mnist", test.images, changed)).empty


def test_people_were_asked_about_no_other_digits(digits: tuple[Digits, Digits]) -> None:
    assert doubted_labels(digits[1]).empty


def test_the_four_kinds_of_images_are_counted() -> None:
    labels = np.array([1, 2, 3, 4, 5, 6])
    first, second = np.array([1, 2, 3, 4, 0, 0]), np.array([1, 2, 0, 0, 5, 0])
    compared = compare_models(first, second, labels)
    assert compared == TwoModels(both=2, only_first=2, only_second=1, neither=1)
    assert compared.table.loc["first right", "second wrong"] == 2
    assert compared.table.to_numpy().sum() == len(labels)


@pytest.mark.parametrize(("one", "other"), [(0, 6), (8, 2), (5, 5), (40, 61)])
def test_the_probability_is_that_of_a_coin(one: int, other: int) -> None:
    tosses = one + other
    expected = min(1.0, 2 * float(binom.cdf(min(one, other), tosses, 0.5)))
    assert TwoModels(0, one, other, 0).p_value == pytest.approx(expected)
    assert TwoModels(1000, one, other, 50).p_value == TwoModels(0, one, other, 0).p_value, "the others do not count"


def test_a_conclusion_is_drawn_only_if_it_is_more_than_luck() -> None:
    assert TwoModels(90, 2, 3, 5).conclusion("a", "b").endswith("; neither is better by more than luck (p = 1.00)")
    assert TwoModels(9, 0, 0, 1).p_value == 1, "they answer alike"
    said = TwoModels(90, 1, 12, 5).conclusion("a", "b")
    counted = "images read by a alone: 1, by b alone: 12"
    assert said == f"{counted}; b is better, and that is more than luck (p = 0.003)"
    assert (
        TwoModels(0, 500, 20, 0).conclusion("a", "b").endswith("; a is better, and that is more than luck (p < 0.001)")
    )
