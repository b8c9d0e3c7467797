from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from mnistlab.plots import runs
from mnistlab.runs.history import Epoch, History


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def shown_labels(axes: Axes, axis: str) -> list[str]:
    """Draw the figure and return the tick labels of an axis that do not lie outside it."""
    axes.figure.canvas.draw()
    line = getattr(axes, f"{axis}axis")
    low, high = sorted(line.get_view_interval())
    ticks = [*line.get_major_ticks(), *line.get_minor_ticks()]
    return [tick.label1.get_text() for tick in ticks if low <= tick.get_loc() <= high and tick.label1.get_text()]


def overlap(axes: Axes) -> bool:
    """Return whether two tick labels of the x axis lie over each other."""
    axes.figure.canvas.draw()
    low, high = axes.get_xlim()
    ticks = [tick for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    boxes = sorted((tick.label1.get_window_extent() for tick in ticks), key=lambda box: box.x0)
    return any(left.x1 > right.x0 for left, right in pairwise(boxes))


def test_groups_are_told_apart_by_more_than_colour() -> None:
    table = pd.DataFrame(
        {"preset": ["baseline", "fast", "fast"], "seconds": [90, 6, 7], "test_accuracy": [0.99, 0.992, 0.991]}
    )
    axes = runs.plot_accuracy_against_time(table, "test_accuracy", "preset")
    fast, baseline = axes.collections
    assert (len(baseline.get_offsets()), fast.get_offsets().tolist()) == (1, [[6, 0.992], [7, 0.991]])
    assert not np.array_equal(baseline.get_paths()[0].vertices, fast.get_paths()[0].vertices)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["fast", "baseline"]


@pytest.mark.parametrize(
    ("seconds", "accuracy"),
    [
        ([8, 26], [0.9991, 0.9992]),
        ([9.5, 10.5], [0.99, 0.99]),
        ([5, 60], [0.92, 0.98]),
        ([0.5, 2000], [1.0, 1.0]),
        ([7, 7], [0.1, 1.0]),
        ([0, 0], [0.0, 0.0]),
    ],
)
def test_tick_labels_are_clear_and_no_accuracy_is_above_100_percent(
    seconds: list[float], accuracy: list[float]
) -> None:
    table = pd.DataFrame({"setting": ["a", "b"], "seconds": seconds, "accuracy": accuracy})
    axes = runs.plot_accuracy_against_time(table, "accuracy")
    x, y = (shown_labels(axes, axis) for axis in ("x", "y"))
    for labels in (x, y):
        assert len(set(labels)) == len(labels) >= 2, labels
    assert not overlap(axes)
    assert max(float(label.rstrip("%")) for label in y) <= 100
    assert not any("\N{MINUS SIGN}" in label for label in x + y)
    assert axes.get_ylim()[0] <= min(accuracy)
    assert axes.get_ylim()[1] >= max(accuracy)


def test_the_ten_best_of_many_settings_have_a_colour() -> None:
    names = [f"preset fast, batch_size {size}, learning_rate 0.00302589, dataset mnist+pendigits" for size in range(30)]
    table = pd.DataFrame({"setting": names, "seconds": range(1, 31), "accuracy": np.linspace(0.9, 0.99, 30)})
    axes = runs.plot_accuracy_against_time(table, "accuracy")
    axes.figure.canvas.draw()  # warns if the legend leaves no room for the axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[0] == "20 others"
    assert len(labels) == 11
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in labels[1].splitlines()]
    assert lines == ["preset fast, batch_size 29,", "learning_rate 0.00302589,", "dataset mnist+pendigits"]


def test_a_slice_has_a_place_for_each_value_and_a_line_through_the_means() -> None:
    table = pd.DataFrame({"rate": [0.1, 0.1, 0.3], "size": [1, 2, 1], "accuracy": [0.8, 0.9, 0.7]})
    rate, size = runs.plot_slices(table, ["rate", "size"], "accuracy")
    assert shown_labels(rate, "x") == ["0.1", "0.3"]
    assert rate.lines[0].get_ydata().tolist() == pytest.approx([0.85, 0.7])
    assert size.collections[0].get_offsets().tolist() == [[0, 0.8], [1, 0.9], [0, 0.7]]


def test_slices_show_text_booleans_and_missing_values() -> None:
    table = pd.DataFrame(
        {
            "preset": ["fast", "baseline", None],
            "size": [128, 32, np.nan],
            "flag": pd.Series([True, None, False], dtype=object),
            "accuracy": [0.8, 0.9, 0.7],
        }
    )
    preset, size, flag = runs.plot_slices(table, ["preset", "size", "flag"], "accuracy")
    assert shown_labels(preset, "x") == ["baseline", "fast", "missing"]
    assert shown_labels(size, "x") == ["32", "128", "missing"]
    assert shown_labels(flag, "x") == ["False", "True", "missing"]
    assert preset.lines[0].get_linestyle() == "None", "text has no order that a line could follow"
    assert all(len(ax.collections[0].get_offsets().compressed()) == 6 for ax in (preset, size, flag))


@pytest.mark.parametrize("low", [1e-5, 1e-3, 0.02, 0.09])
def test_a_slice_of_many_numbers_has_a_scale(low: float) -> None:
    rates = np.geomspace(low, 0.1, 30)
    table = pd.DataFrame({"rate": rates, "accuracy": 0.9})
    (axes,) = runs.plot_slices(table, ["rate"], "accuracy")
    labels = shown_labels(axes, "x")
    assert 2 <= len(set(labels)) == len(labels) < 9
    assert not overlap(axes)
    assert axes.collections[0].get_offsets()[:, 0].tolist() == pytest.approx(rates.tolist())


def test_long_values_do_not_overlap_and_nothing_varied_draws_nothing() -> None:
    names = [f"a long name {number}" for number in range(12)]
    table = pd.DataFrame({"a": names, "b": names, "c": names, "d": names, "accuracy": 0.9})
    slices = runs.plot_slices(table, ["a", "b", "c", "d"], "accuracy")
    assert len(slices) == 4
    slices[0].figure.canvas.draw()
    assert shown_labels(slices[3], "x") == sorted(names)
    assert all(label.get_rotation() == 90 for label in slices[3].get_xticklabels())
    assert runs.plot_slices(table, [], "accuracy") == []


def test_histories_lie_over_each_other_with_whole_epochs() -> None:
    history = History((Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0), Epoch(2, 0.3, 0.9, 0.2, 0.95, 1.0)))
    axes = runs.plot_histories({"one": history, "other": history.up_to(1)})
    assert [list(line.get_ydata()) for line in axes.lines] == [[0.85, 0.95], [0.85]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "other"]
    assert shown_labels(axes, "x") == ["1", "2"]
    assert max(float(label.rstrip("%")) for label in shown_labels(axes, "y")) <= 100
    assert runs.plot_histories({}).get_legend() is None


def test_a_difference_that_may_be_chance_is_hollow() -> None:
    table = pd.DataFrame(
        {
            "difference": [-0.02, -0.01, np.nan],
            "low": [-0.03, np.nan, np.nan],
            "high": [-0.01, np.nan, np.nan],
            "larger_than_noise": [True, False, False],
        },
        index=pd.Index(["rate 0.1", "rate 0.3", "rate 0.9"], name="setting"),
    )
    axes = runs.plot_differences(table)
    real, chance = axes.collections[-1].get_facecolors()
    assert real.tolist() != [1, 1, 1, 1]
    assert chance.tolist() == [1, 1, 1, 1]
    labels = [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in axes.get_yticklabels()]
    assert labels == ["rate 0.1", "rate 0.3"], "without a difference there is nothing to draw"


def test_a_chart_of_differences_has_thirty_rows_at_most() -> None:
    table = pd.DataFrame({"difference": -0.1, "low": -0.2, "high": 0.0, "larger_than_noise": False}, index=range(500))
    axes = runs.plot_differences(table.set_index(table.index.map("rate {}".format)))
    assert len(axes.get_yticklabels()) == 30
    assert axes.figure.get_figheight() < 15
