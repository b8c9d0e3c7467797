from collections.abc import Iterator
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mnistlab.plots import training
from mnistlab.runs.history import Epoch, History, Point

HISTORY = History((Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0), Epoch(2, 0.3, 0.9, 0.2, 0.95, 1.0)))


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_a_history_shows_both_metrics_of_both_parts_and_the_kept_epoch() -> None:
    loss, accuracy = training.plot_history(HISTORY)
    assert [line.get_ydata()[0] for line in loss.lines[:2]] == [0.5, 0.4]
    assert [line.get_ydata()[0] for line in accuracy.lines[:2]] == [0.8, 0.85]
    labels = [text.get_text() for text in loss.get_legend().get_texts()]
    assert labels == ["training", "validation", "kept epoch: 2"]


def test_one_epoch_with_points_is_drawn_as_curves() -> None:
    points = tuple(Point(i / 10, 2 - i / 10, i / 10, 2.1 - i / 10, i / 11) for i in range(1, 10))
    for ax in training.plot_history(replace(HISTORY.up_to(1), points=points)):
        training_line, validation_line = ax.lines[:2]
        assert (len(training_line.get_xdata()), len(validation_line.get_xdata())) == (9, 10)
        assert 0.2 in ax.get_xticks().round(3), "parts of an epoch"


def test_a_history_becomes_a_file_without_showing_anything() -> None:
    assert training.history_png(HISTORY).startswith(b"\x89PNG")
    assert plt.get_fignums() == []


def test_the_loss_of_a_probability_is_marked_on_its_curve() -> None:
    curve, point = training.plot_loss(0.25).lines
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (0.25, pytest.approx(1.386, abs=1e-3))
    assert curve.get_ydata()[-1] == pytest.approx(0)


def test_logits_have_bars_to_both_sides() -> None:
    axes = training.plot_logits(np.arange(10) - 4.5)
    assert [bar.get_width() for bar in axes.patches] == [*(np.arange(10) - 4.5)]
    low, high = axes.get_ylim()
    assert low > high, "0 is at the top"


@pytest.mark.parametrize(("x", "scale"), [([0.01, 1.0, 100.0], "log"), ([0, 1, 2], "linear")])
def test_a_loss_is_drawn_along_what_it_depends_on(x: list[float], scale: str) -> None:
    axes = training.plot_curve(x, [3, 1, 2], "step size")
    assert axes.get_xscale() == scale
    assert axes.get_xlabel() == "step size"
    assert [*axes.lines[0].get_ydata()] == [3, 1, 2]


def test_maps_of_any_size_are_blue_above_0_and_red_below() -> None:
    left, right = training.plot_maps({"image": np.ones((28, 28)), "pooled": -2 * np.ones((13, 13))})
    assert (left.get_title(), right.get_title()) == ("image, 28x28", "pooled, 13x13")
    for axes, (channel, other) in ((left, (2, 0)), (right, (0, 2))):
        (shown,) = axes.images
        colour = shown.cmap(shown.norm(shown.get_array()))[0, 0]
        assert colour[channel] > colour[other]


def test_each_training_shows_both_losses() -> None:
    curve = pd.DataFrame({"training loss": [2.3, 0.1], "unseen loss": [2.3, 0.7]}, index=[0, 100])
    few, many = training.plot_overfitting({"few": curve, "many": curve / 2})
    assert [line.get_ydata()[-1] for line in few.lines] == [0.1, 0.7]
    assert [axes.get_title() for axes in (few, many)] == ["few", "many"]
    assert few.get_ylim() == many.get_ylim(), "they can be compared"


def test_before_the_first_epoch_has_ended_the_axes_are_those_of_an_epoch() -> None:
    for history in (History(), History(points=(Point(0.1, 2.2, 0.2),))):
        loss, accuracy = training.plot_history(history)
        assert loss.get_xlim() == accuracy.get_xlim() == (0, 1)
    assert training.plot_history(History())[1].get_ylim() == (0, 1)
