from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest

from mnistlab.plots import training
from mnistlab.runs.history import Epoch, History

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


def test_a_history_becomes_a_file_without_showing_anything() -> None:
    assert training.history_png(HISTORY).startswith(b"\x89PNG")
    assert plt.get_fignums() == []
