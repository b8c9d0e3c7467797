from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from mnistlab.plots import runs
from mnistlab.runs.history import Epoch, History


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_groups_are_told_apart_by_more_than_colour() -> None:
    table = pd.DataFrame(
        {"preset": ["baseline", "fast", "fast"], "seconds": [90, 6, 7], "test_accuracy": [0.991, 0.992, 0.99]}
    )
    axes = runs.plot_accuracy_against_time(table, ["preset"], "test_accuracy")
    baseline, fast = axes.collections
    assert (len(baseline.get_offsets()), fast.get_offsets().tolist()) == (1, [[6, 0.992], [7, 0.99]])
    assert not np.array_equal(baseline.get_paths()[0].vertices, fast.get_paths()[0].vertices)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["baseline", "fast"]


def test_a_slice_has_a_place_a_value_and_a_line_through_the_means() -> None:
    table = pd.DataFrame({"rate": [0.1, 0.1, 0.3], "size": [1, 2, 1], "accuracy": [0.8, 0.9, 0.7]})
    rate, size = runs.plot_slices(table, ["rate", "size"])
    assert [text.get_text() for text in rate.get_xticklabels()] == ["0.1", "0.3"]
    assert rate.lines[0].get_ydata().tolist() == pytest.approx([0.85, 0.7])
    assert size.collections[0].get_offsets().tolist() == [[0, 0.8], [1, 0.9], [0, 0.7]]


def test_histories_lie_over_each_other() -> None:
    history = History((Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0), Epoch(2, 0.3, 0.9, 0.2, 0.95, 1.0)))
    axes = runs.plot_histories({"one": history, "other": history.up_to(1)})
    assert [list(line.get_ydata()) for line in axes.lines] == [[0.85, 0.95], [0.85]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "other"]


def test_a_difference_that_may_be_chance_is_hollow() -> None:
    table = pd.DataFrame(
        {
            "difference": [-0.02, -0.01],
            "low": [-0.03, -0.03],
            "high": [-0.01, 0.01],
            "larger_than_noise": [True, False],
        },
        index=pd.Index([0.1, 0.3], name="rate"),
    )
    axes = runs.plot_differences(table)
    real, chance = axes.collections[-1].get_facecolors()
    assert real.tolist() != [1, 1, 1, 1]
    assert chance.tolist() == [1, 1, 1, 1]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["0.1", "0.3"]
