from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mnistlab.plots.pictures import plot_readings


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_pictures_lie_above_what_was_found_and_said() -> None:
    given = [np.zeros((50, 100, 3), np.uint8), np.zeros((80, 40), np.uint8), np.zeros((9, 9, 4), np.uint8)]
    image = np.full((28, 28), 200, np.uint8)
    axes = plot_readings(given, [image, None, image], ["right: 1", "wrong: blank", "right: 3"], columns=2)
    pictures = {drawn.get_array().shape[:2]: drawn.get_extent() for drawn in axes.images}
    assert [*pictures] == [(50, 100), (28, 28), (80, 40), (9, 9)]
    left, right, bottom, top = pictures[50, 100]
    assert (right - left, bottom - top) == (100, 50)  # wider than high, as it is
    assert left < pictures[80, 40][0]
    assert (axes.images[3].get_array() == 200).all()  # transparent
    assert bottom < pictures[9, 9][3]
    assert [text.get_text() for text in axes.texts] == ["right: 1", "wrong: blank", "right: 3"]
    assert (*axes.get_xlim(), *axes.get_ylim()) == pytest.approx((0, 220, 410, 0))


def test_a_long_answer_is_written_on_three_lines() -> None:
    axes = plot_readings(
        [np.zeros((9, 9), np.uint8)], [None], ["wrong: the picture is blank: " + 9 * "there is no digit "]
    )
    (text,) = axes.texts
    assert text.get_text().count("\n") == 2
