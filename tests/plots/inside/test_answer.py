from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mnistlab.attributions.why import Why
from mnistlab.plots.inside.answer import plot_logits, plot_map, plot_why


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_logits_stand_above_their_probabilities_and_the_highest_is_marked() -> None:
    logits = np.linspace(-5, 2, 10)[::-1].copy()
    probabilities = np.exp(logits) / np.exp(logits).sum()
    upper, lower = plot_logits(logits, probabilities).axes
    assert [bar.get_width() for bar in upper.patches] == logits.tolist()
    assert [bar.get_width() for bar in lower.patches] == probabilities.tolist()
    for part in (upper, lower):
        assert [i for i, bar in enumerate(part.patches) if bar.get_linewidth() == 1.5] == [0]
        assert part.yaxis_inverted()
    assert upper.texts[0].get_text() == "2.0"


@pytest.mark.parametrize(("other", "title"), [(None, "why 2"), (7, "why 2, not 7")])
def test_reasons_are_large_and_say_what_they_add_up_to(other: int | None, title: str) -> None:
    attributions = np.zeros((28, 28), np.float32)
    attributions[3, 4], attributions[5, 6] = 2, -0.5
    axes = plot_why(Why(attributions, (255 * (attributions != 0)).astype(np.uint8), 2, other, 1.5, 0.1))
    assert axes.get_title() == f"{title}\nink for it +2.0, against it -0.5"
    assert axes.images[0].get_array().shape == (280, 280, 4)
    axes.figure.canvas.draw()
    assert axes.title.get_window_extent().y1 <= axes.figure.bbox.y1, "it is not cut off"


LABELS = np.arange(20) % 10
POINTS = np.random.default_rng(0).normal(size=(20, 2))


def test_each_digit_has_its_mark_and_colour_and_mistakes_a_ring() -> None:
    is_wrong = np.isin(np.arange(20), [4, 11])
    axes = plot_map(POINTS, LABELS, is_wrong)
    *digits, rings = axes.collections
    assert len(digits) == 10
    for digit, marks in enumerate(digits):
        np.testing.assert_allclose(marks.get_offsets(), POINTS[digit == LABELS])
    assert len({tuple(marks.get_facecolor()[0]) for marks in digits}) == 10
    np.testing.assert_allclose(rings.get_offsets(), POINTS[is_wrong])
    assert len(rings.get_facecolor()) == 0, "the digit inside is seen"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["misread"]


def test_without_a_mistake_there_is_nothing_to_explain() -> None:
    assert plot_map(POINTS, LABELS, np.zeros(20, bool)).get_legend() is None
