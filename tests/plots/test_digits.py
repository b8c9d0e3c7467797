from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mnistlab.plots import digits


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_digits_lie_in_rows_dark_on_white() -> None:
    images = np.zeros((12, 28, 28), np.uint8)
    images[11] = 255
    axes = digits.plot_digits(images, range(12))
    (paper,) = axes.images
    assert paper.get_array().shape == (2 * 40, 10 * 32)
    assert np.argwhere(paper.get_array()).min(axis=0).tolist() == [40 + 12, 32 + 2]
    assert [text.get_text() for text in axes.texts] == [str(i) for i in range(12)]


def test_weights_are_blue_above_0_and_red_below() -> None:
    weights = np.zeros((2, 28, 28))
    weights[0], weights[1] = 0.5, -2.0
    (picture,) = digits.plot_weights(weights, "ab").images
    assert picture.get_clim() == (-2.0, 2.0)
    blue, red, nothing = picture.cmap(picture.norm([2.0, -2.0, 0.0]))[:, :3]
    assert blue[2] > blue[0]
    assert red[0] > red[2]
    assert nothing.min() > 0.95
    assert picture.get_array()[20, 10] == 0.5


def test_no_images_make_an_empty_chart() -> None:
    assert len(digits.plot_digits(np.zeros((0, 28, 28)), []).texts) == 0


def test_a_confusion_matrix_colours_the_mistakes_only() -> None:
    axes = digits.plot_confusion_matrix(np.diag(range(100, 110)) + np.eye(10, k=1, dtype=int))
    assert axes.images[0].get_array().max() == 1
    assert {"105", "1", "·"} <= {text.get_text() for text in axes.texts}


def test_the_most_probable_digit_is_marked_by_more_than_colour() -> None:
    probabilities = np.full(10, 0.05)
    probabilities[4] = 0.55
    bars = digits.plot_probabilities(probabilities).patches
    assert [i for i, bar in enumerate(bars) if bar.get_linewidth() == 1.5] == [4]
    assert [bar.get_width() for bar in bars] == probabilities.tolist()


def test_counts_and_spread_have_one_mark_for_each_digit() -> None:
    assert [bar.get_height() for bar in digits.plot_counts(np.arange(10)).patches] == list(range(10))
    labels = np.repeat(np.arange(10), 5)
    medians = digits.plot_spread(labels * 1.0, labels, "value").lines[5::6]  # after a box, two whiskers, two caps
    assert [line.get_ydata()[0] for line in medians] == list(range(10))


@pytest.mark.parametrize("most", [2, 30, 6742])
def test_counts_have_whole_ticks_that_differ(most: int) -> None:
    axes = digits.plot_counts(np.arange(10) % 2 + most - 1)
    axes.figure.canvas.draw()
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.yaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    labels = [tick.label1.get_text() for tick in ticks]
    assert len(set(labels)) == len(labels)
    assert labels == [f"{tick.get_loc():,g}" for tick in ticks]
    assert len(labels) <= 6


def test_a_plate_has_a_row_of_images_beside_each_name() -> None:
    rows = {name: np.full((3, 28, 28), value, np.uint8) for name, value in (("a", 10), ("b", 20), ("c", 30))}
    axes = digits.plot_plate(rows, columns=2, font=11)
    (paper,) = axes.images
    shown = np.asarray(paper.get_array())
    assert shown.shape == (2 * 28, 2 * (5 + 4) * 28)
    assert [text.get_text() for text in axes.texts] == ["a", "b", "c"]
    assert {text.get_fontsize() for text in axes.texts} == {11}
    for (name, images), (top, left) in zip(rows.items(), [(0, 0), (28, 0), (0, 252)], strict=True):
        assert (shown[top : top + 28, left + 140 : left + 224] == images[0, 0, 0]).all(), name
