from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from mnistlab.plots.pictures import as_jpeg, plot_kinds, plot_readings, plot_stages
from mnistlab.plots.style import TRAINING


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
    assert text.get_text().endswith(" ...")


def test_stages_lie_below_their_names_each_as_it_is() -> None:
    stages = {"given": np.zeros((50, 100, 3), np.uint8), "ink": np.full((80, 40), 9, np.uint8)}
    axes = plot_stages(stages, columns=1)
    assert [text.get_text() for text in axes.texts] == ["given", "ink"]
    wide, high = axes.images
    left, right, bottom, top = wide.get_extent()
    assert (right - left, bottom - top) == (100, 50)
    assert high.get_extent()[3] > bottom
    assert high.get_clim() == (0, 255)
    for text, picture in zip(axes.texts, axes.images, strict=True):
        assert text.get_position()[1] < picture.get_extent()[3]


TABLE = pd.DataFrame(
    {
        "group": ["a", "a", "b"],
        "bar": 0.9,
        "pictures": 10,
        "confident": [0, 2, 0],
        "accuracy": [1.0, 0.8, 0.5],
        "low": [0.7, 0.5, 0.2],
        "high": [1.0, 0.95, 0.8],
        "is_reached": [True, False, False],
    },
    ["first", "second", "third"],
)


def test_kinds_are_drawn_with_intervals_bars_and_confident_mistakes() -> None:
    axes = plot_kinds(TABLE)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second", "third"]
    intervals, accuracies, bars = axes.collections
    assert [[*segment[:, 0]] for segment in intervals.get_segments()] == [[0.7, 1.0], [0.5, 0.95], [0.2, 0.8]]
    assert accuracies.get_offsets()[:, 0].tolist() == [1.0, 0.8, 0.5]
    reached, *missed = map(to_hex, accuracies.get_facecolors())
    assert reached == to_hex(TRAINING)
    assert missed == ["#ffffff", "#ffffff"]
    assert bars.get_offsets()[:, 0].tolist() == [0.9, 0.9, 0.9]
    assert [bar.get_width() for bar in axes.patches] == [0, 0.2, 0]
    assert [line.get_ydata()[0] for line in axes.lines] == [1.5], "one line, between the groups"
    assert axes.get_ylim() == pytest.approx((2.6, -0.6)), "the first is on top"


def test_a_figure_becomes_a_jpeg_and_is_closed() -> None:
    picture = as_jpeg(plot_stages({"given": np.zeros((9, 9), np.uint8)}, columns=1).figure)
    assert picture.format == "jpeg"
    assert picture.data[:2] == b"\xff\xd8"
    assert plt.get_fignums() == []
