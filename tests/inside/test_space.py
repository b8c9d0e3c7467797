import numpy as np
import pytest

from mnistlab.attributions.network import read_network
from mnistlab.datasets.digits import Digits
from mnistlab.inside.space import agreement, last_hidden, nearest
from mnistlab.prediction import Predictor


def test_the_logits_are_the_last_layer_of_what_it_gets(digits: tuple[Digits, Digits]) -> None:
    predictor, images = Predictor.pretrained(), digits[1].images[:23]
    network = read_network(predictor.model)
    points = last_hidden(network, images)
    assert points.shape == (23, 1152)
    np.testing.assert_allclose(network.layers[-1].forward(points)[0], predictor.logits(images), atol=1e-3)


def test_the_nearest_come_first_with_their_distances() -> None:
    points = np.array([[3, 4], [0, 0], [0, 1], [6, 8]], float)
    indices, distances = nearest(np.zeros(2), points, 3)
    assert indices.tolist() == [1, 2, 0]
    assert distances.tolist() == [0, 1, 5]
    assert nearest(np.zeros(2), points, 9)[0].tolist() == [1, 2, 0, 3]


def test_agreement_counts_the_labels_of_the_nearest_without_the_point_itself() -> None:
    points = np.array([[0.0], [1], [2], [10], [11], [12.5]])
    labels = np.array([0, 0, 1, 1, 1, 1])
    assert agreement(points, labels, labels, 2).tolist() == [0.5, 0.5, 0, 1, 1, 1]
    assert agreement(points, labels, np.zeros(6, int), 1) == pytest.approx([1, 1, 1, 0, 0, 0])
