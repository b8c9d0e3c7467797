from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mnistlab.plots.robustness import WIDTH, plot_outcomes, plot_robustness


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def table(*models: str) -> pd.DataFrame:
    kinds = pd.DataFrame(
        {"accuracy": [1.0, 0.8, 0.5], "low": [0.7, 0.5, 0.2], "high": [1.0, 0.95, 0.8]},
        ["clean", "impulse noise", "fog"],
    )
    return pd.concat(dict.fromkeys(models, kinds), names=["model", "images"])


def test_each_model_has_a_dot_and_an_interval_in_each_row() -> None:
    axes = plot_robustness(table("fast", "drawn"))
    assert [label.get_text() for label in axes.get_yticklabels()] == ["clean", "impulse noise", "fog"]
    intervals, dots, others, other_dots = axes.collections
    assert [[*segment[:, 0]] for segment in intervals.get_segments()] == [[0.7, 1.0], [0.5, 0.95], [0.2, 0.8]]
    assert dots.get_offsets()[:, 0].tolist() == [1.0, 0.8, 0.5]
    assert [segment[0, 1] for segment in others.get_segments()] == other_dots.get_offsets()[:, 1].tolist()
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first is on top"
    assert axes.get_xlim()[1] == pytest.approx(1.02)


def test_models_differ_in_colour_shape_and_height() -> None:
    axes = plot_robustness(table("fast", "drawn"))
    _, fast, _, drawn = axes.collections
    assert fast.get_facecolors().tolist() != drawn.get_facecolors().tolist()
    assert not np.array_equal(fast.get_paths()[0].vertices, drawn.get_paths()[0].vertices)
    apart = drawn.get_offsets()[:, 1] - fast.get_offsets()[:, 1]
    assert (apart > 0.2).all()
    assert [text.get_text() for text in axes.figure.legends[0].get_texts()] == ["fast", "drawn"]


def test_dots_of_ten_models_stay_in_their_rows() -> None:
    axes = plot_robustness(table(*map(str, range(10))))
    heights = np.array([dots.get_offsets()[:, 1] for dots in axes.collections[1::2]])
    assert heights.shape == (10, 3)
    assert np.abs(heights - np.arange(3)).max() < 0.5


def test_all_text_can_be_read_on_a_phone() -> None:
    axes = plot_robustness(table("baseline", "fast", "accurate", "drawn"))
    pixels_of_a_point = 340 / 72 / WIDTH  # 390 pixels, less what a page leaves free at its sides
    texts = [*axes.get_yticklabels(), *axes.get_xticklabels(), axes.xaxis.label, *axes.figure.legends[0].get_texts()]
    assert min(text.get_fontsize() for text in texts) * pixels_of_a_point >= 12
    axes.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
    assert not any(upper.overlaps(lower) for upper, lower in pairwise(boxes))
    drawn, page = axes.figure.get_tightbbox(), axes.figure.bbox_inches
    assert (drawn.x0 >= 0, drawn.x1 <= page.x1, drawn.y0 >= 0, drawn.y1 <= page.y1) == (True, True, True, True)


def outcomes() -> pd.DataFrame:
    shares = {"read": [0.7, 0.1], "doubted": [0.2, 0.1], "stopped": [0.0, 0.5], "unnoticed": [0.1, 0.3]}
    return pd.DataFrame(shares, ["clean", "mean of the 15"])


def test_outcomes_lie_one_after_the_other_from_left_to_right() -> None:
    axes = plot_outcomes(outcomes())
    bars = np.array([[(bar.get_x(), bar.get_width()) for bar in part] for part in axes.containers])
    np.testing.assert_allclose(bars[:, 1], [[0, 0.1], [0.1, 0.1], [0.2, 0.5], [0.7, 0.3]])
    assert axes.get_xlim() == (0, 1)
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first is on top"


def test_outcomes_differ_in_colour_or_hatch_and_can_be_read_on_a_phone() -> None:
    axes = plot_outcomes(outcomes())
    assert len({(part[0].get_facecolor(), part[0].get_hatch()) for part in axes.containers}) == 4
    axes.figure.canvas.draw()
    drawn, page = axes.figure.get_tightbbox(), axes.figure.bbox_inches
    assert (drawn.x0 >= 0, drawn.x1 <= page.x1, drawn.y0 >= 0, drawn.y1 <= page.y1) == (True, True, True, True)
