from collections.abc import Iterator
from dataclasses import replace

import matplotlib.pyplot as plt
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


def test_before_the_first_epoch_has_ended_the_axes_are_those_of_an_epoch() -> None:
    for history in (History(), History(points=(Point(0.1, 2.2, 0.2),))):
        loss, accuracy = training.plot_history(history)
        assert loss.get_xlim() == accuracy.get_xlim() == (0, 1)
    assert training.plot_history(History())[1].get_ylim() == (0, 1)
