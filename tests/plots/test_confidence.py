from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mnistlab.attributions.pictures import AGAINST, FOR
from mnistlab.attributions.why import Why
from mnistlab.plots import confidence as charts


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_the_counts_of_neighbouring_bins_do_not_overlap() -> None:
    confidence = np.linspace(0.025, 0.975, 20)
    table = pd.DataFrame({"confidence": confidence, "accuracy": confidence, "images": np.geomspace(1, 74989, 20)})
    axes = charts.plot_reliability(table.astype({"images": int}))
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(left.overlaps(right) for left, right in pairwise(boxes))
    assert all(axes.get_window_extent().y1 >= box.y1 for box in boxes), "all inside the axes"
    assert [label.get_text() for label in axes.get_yticklabels()][-1] == "100%"


def test_reliability_has_a_bar_for_each_bin_with_its_count() -> None:
    table = pd.DataFrame({"confidence": [0.55, 0.97], "accuracy": [0.5, 1.0], "images": [4, 1200]})
    axes = charts.plot_reliability(table)
    assert [bar.get_height() for bar in axes.patches] == [0.5, 1.0]
    assert [bar.get_x() + bar.get_width() / 2 for bar in axes.patches] == pytest.approx([0.55, 0.97])
    assert [bar.get_alpha() for bar in axes.patches] == [0.4, 1.0], "four images say little"
    assert {"4", "1,200"} <= {text.get_text() for text in axes.texts}


def test_the_shares_that_are_taken_for_digits_fall_with_the_probability_that_is_asked_for() -> None:
    axes = charts.plot_acceptance(np.array([0.2, 0.6, 0.9, 0.95]), np.array([0.1, 0.6]))
    digits, outliers, _ = axes.lines
    asked = list(digits.get_xdata())
    assert [digits.get_ydata()[asked.index(x)] for x in (0, 0.5, 0.8, 1)] == [1, 0.75, 0.5, 0]
    assert [outliers.get_ydata()[asked.index(x)] for x in (0, 0.5, 0.8)] == [1, 0.5, 0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "digits",
        "outliers",
        "asked for by is_digit",
    ]


def test_each_order_is_a_line_that_differs_from_the_others_also_in_grey() -> None:
    shares = pd.DataFrame({"first": [1, 0.2, 0.1], "last": [1, 0.9, 0.1]}, [0, 0.5, 1])
    axes = charts.plot_deletion(shares)
    lines = axes.get_lines()
    assert [line.get_label() for line in lines] == ["first", "last"]
    assert [*lines[0].get_ydata()] == [1, 0.2, 0.1]
    assert [*lines[1].get_xdata()] == [0, 0.5, 1]
    assert len({str(line.get_color()) for line in lines}) == 2
    assert len({line.get_linestyle() for line in lines}) == 2
    assert axes.get_xlabel() == "ink removed"
    axes.figure.canvas.draw()
    assert [label.get_text() for label in axes.get_yticklabels()][-1].endswith("%")


def test_why_is_drawn_in_its_colours_on_a_dark_ground() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[10, 5:20] = 255
    values = np.where(np.arange(28) < 12, 1.0, -1.0) * (image > 0)
    axes = charts.plot_why(Why(values.astype(np.float32), image, 1, None, 0.0, 0.0))
    axes.figure.canvas.draw()
    seen = np.asarray(axes.figure.canvas.buffer_rgba())[..., :3]
    rows = [
        tuple(seen[int(seen.shape[0] - y), int(x)]) for x, y in axes.transData.transform([(7, 10), (17, 10), (7, 20)])
    ]
    assert rows == [FOR, AGAINST, (0, 0, 0)]
