import numpy as np

from mnistlab.datasets.corruptions.kinds import corrupt


def edges_of(image: np.ndarray) -> np.ndarray:
    (edges,) = corrupt(image[np.newaxis].astype(np.uint8), "canny edges")
    assert {*np.unique(edges)} <= {0, 255}
    return edges > 0


def test_of_a_square_its_outline_is_left() -> None:
    square = np.zeros((28, 28))
    square[8:20, 8:20] = 255
    edges = edges_of(square)
    ring = np.zeros((28, 28), bool)
    ring[7:21, 7:21] = True
    ring[9:19, 9:19] = False
    assert not (edges & ~ring).any()
    assert edges[9:19].any(axis=1).all()
    assert edges[9:19].sum(axis=1).max() <= 4, "of two pixels as steep as each other both may stay"
    assert edges[9:19].sum(axis=1).min() == 2


def test_weak_edges_stay_where_they_are_joined_to_strong_ones() -> None:
    bar = np.zeros((28, 28))
    bar[8:20, 4:24] = 16
    assert not edges_of(bar).any()
    bar[8:20, 4:24] = np.linspace(60, 10, 20)
    edges = edges_of(bar)
    assert edges[:9, 4:24].any(axis=0).all()


def test_weak_edges_are_not_joined_to_strong_ones_of_another_image() -> None:
    bars = np.zeros((2, 28, 28), np.uint8)
    bars[0, 8:20, 4:24], bars[1, 8:20, 4:24] = 200, 16
    assert corrupt(bars, "canny edges").any(axis=(1, 2)).tolist() == [True, False]


def test_an_even_ground_has_no_edges_not_even_at_its_border() -> None:
    assert not edges_of(np.full((28, 28), 200)).any()


def test_there_are_no_edges_in_the_outermost_rows_and_columns() -> None:
    edges = edges_of(np.tile([[0, 0, 255, 255]], (28, 7)))
    assert edges[1:-1].any()
    assert not edges[[0, -1]].any()
    assert not edges[:, [0, -1]].any()
