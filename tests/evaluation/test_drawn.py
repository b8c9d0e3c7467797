import json
import re
from pathlib import Path

import numpy as np
import pytest
from images import centre_of_mass, differ

from mnistlab.datasets.drawings import DrawingSet, labels_of
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.evaluation.drawn import CONDITIONS, Condition, measure_drawn, render, rendered
from mnistlab.evaluation.metrics import share_interval
from mnistlab.preprocessing import CENTRE


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistlab.datasets.cache.pooch.os_cache", lambda name: tmp_path)


def test_the_conditions_are_those_of_the_table() -> None:
    centred, small, thin, thick, tilted = CONDITIONS
    assert (centred.size, centred.pen_width, centred.tilt) == (200, 24, 0)
    assert (small.size, small.pen_width, small.in_a_corner) == (80, 12, True)
    assert (thin.pen_width, thick.pen_width, tilted.tilt) == (8, 40, 15)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_every_example_is_drawn_completely_and_normalised(condition: Condition) -> None:
    images = render(EXAMPLES, condition)
    assert (images.shape, images.dtype) == ((12, 28, 28), np.uint8)
    assert np.abs(centre_of_mass(images) - CENTRE).max() <= 0.5 + 1e-9
    longest = np.maximum(images.any(axis=2).sum(axis=1), images.any(axis=1).sum(axis=1))
    assert longest.max() == 20
    np.testing.assert_array_equal(images, render(EXAMPLES, condition))


def test_a_corner_changes_nothing_but_the_position() -> None:
    corner, middle = (render(EXAMPLES, Condition("", 80, 12, in_a_corner=where)) for where in (True, False))
    assert max(differ(one, other) for one, other in zip(corner, middle, strict=True)) <= 3


def test_a_thicker_pen_leaves_more_ink_and_a_tilt_goes_to_either_side() -> None:
    thin, centred, thick = (render(EXAMPLES, CONDITIONS[i]).mean() for i in (2, 0, 3))
    assert thin < centred < thick
    ones = [labelled for labelled in EXAMPLES if labelled.label == 1][:1] * 20
    assert len(np.unique(render(ones, Condition("", tilt=15)), axis=0)) == 2


def test_rendered_images_are_kept(tmp_path: Path) -> None:
    for _ in range(2):
        images = rendered(examples(), CONDITIONS[1], 3).images
        np.testing.assert_array_equal(images, render(EXAMPLES, CONDITIONS[1], 3))
    assert len(list(tmp_path.rglob("examples-*.npz"))) == 1


def examples(copies: int = 1, name: str = "examples") -> DrawingSet:
    return DrawingSet(name, f"{copies}", lambda: EXAMPLES * copies)


class Reader:
    """Reads every digit correctly under all conditions but the first of the first set, always sure."""

    def __init__(self, labels: np.ndarray) -> None:
        self.right, self.calls = np.eye(10)[labels], 0

    def __call__(self, images: np.ndarray) -> np.ndarray:
        self.calls += 1
        assert images.shape == (len(self.right), 28, 28)
        return self.right if self.calls > 1 else np.roll(self.right, 3, axis=0)


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank images in place of rendered ones: a reader that does not look is as good with them."""

    def render(drawings: list[LabelledDrawing], condition: Condition, seed: int) -> np.ndarray:
        return np.zeros((len(drawings), 28, 28), np.uint8)

    monkeypatch.setattr("mnistlab.evaluation.drawn.render", render)


MANY = labels_of(EXAMPLES * 9)


@pytest.mark.usefixtures("blank")
def test_mistakes_are_counted_in_each_set_under_each_condition() -> None:
    measured = measure_drawn(Reader(MANY), "both", [examples(9, "one"), examples(9, "other")])
    table = measured.table
    assert table.index.tolist() == [(name, each.name) for name in ("one", "other") for each in CONDITIONS]
    assert table["mistakes"].tolist() == [108] + [0] * 9
    assert table["accuracy"].tolist() == [0] + [1] * 9
    assert ((table["low"] <= table["accuracy"]) & (table["accuracy"] <= table["high"])).all()
    assert measured.worst == (measured.sets[0], CONDITIONS[0])
    assert measured.metrics == {
        "drawn_accuracy": 0.9,
        "drawn_accuracy_lowest": 0.0,
        "drawn_calibration_error": pytest.approx(0.1),
        "one_accuracy": 0.8,
        "other_accuracy": 1.0,
    }


@pytest.mark.usefixtures("blank")
def test_only_what_held_out_writers_drew_is_measured() -> None:
    drawn = [labelled._replace(writer=number) for number, labelled in enumerate(EXAMPLES * 10, start=1)]
    measured = measure_drawn(Reader(labels_of(drawn[4::5])), "unipen", [DrawingSet("unipen", "key", lambda: drawn)])
    assert measured.count == 24


@pytest.mark.usefixtures("blank")
def test_the_interval_of_the_mean_is_that_for_other_writers() -> None:
    def of_writers(count: int) -> tuple[float, float, float]:
        """Of 120 drawings by so many; those of the first third are misread under all conditions."""
        drawn = [each._replace(writer=i * count // 120) for i, each in enumerate(EXAMPLES * 10)]
        right = np.eye(10)[labels_of(drawn)]
        right[:40] = np.roll(right[:40], 3, axis=1)
        return measure_drawn(lambda images: right, "own", [DrawingSet("own", str(count), lambda: drawn)]).mean_accuracy

    each_its_own, few = of_writers(120), of_writers(12)
    assert each_its_own == pytest.approx((2 / 3, *share_interval(80, 120)))
    assert few == pytest.approx((2 / 3, *share_interval(8, 12)))


@pytest.mark.usefixtures("blank")
def test_the_error_of_two_sets_is_that_of_their_mean() -> None:
    drawn = [each._replace(writer=number) for number, each in enumerate(EXAMPLES * 10)]
    right = np.eye(10)[labels_of(drawn)]
    right[:60] = np.roll(right[:60], 3, axis=1)
    sets = [DrawingSet(name, name, lambda: drawn) for name in ("one", "other")]
    assert measure_drawn(lambda images: right, "both", sets).error == pytest.approx(0.5 / 240**0.5)


@pytest.mark.usefixtures("blank")
def test_what_is_read_without_a_mistake_still_has_an_interval() -> None:
    measured = measure_drawn(lambda images: np.eye(10)[MANY], "examples", [examples(9)])
    assert measured.mean_accuracy == (1, *share_interval(108, 108))


@pytest.mark.usefixtures("blank")
def test_with_many_drawings_the_accuracy_is_said_and_shown() -> None:
    measured = measure_drawn(Reader(MANY), "examples", [examples(9)])
    assert repr(measured) == (
        "108 drawings (examples): 80.00% read correctly, mean of 5 conditions; "
        "the lowest 0.00% (examples, centred, pen 24)"
    )
    assert ">100.00%<" in measured._repr_html_()


@pytest.mark.usefixtures("blank")
def test_with_few_drawings_there_is_no_accuracy_and_no_conclusion() -> None:
    measured = measure_drawn(Reader(labels_of(EXAMPLES)), "examples", [examples()])
    assert measured.metrics == {}
    assert np.isnan(measured.mean_accuracy).all()
    assert repr(measured).startswith("Drawn digits: only 12 drawings, too few to say how well a model reads them.")
    shown = measured._repr_html_()
    assert "only 12 drawings" in shown
    assert "mistakes" in shown
    assert "100" not in re.sub(r"id=\S+", "", shown) + repr(measured)


@pytest.mark.usefixtures("blank")
def test_the_record_goes_into_json() -> None:
    measured = measure_drawn(Reader(labels_of(EXAMPLES)), "examples", [examples()])
    record = json.loads(json.dumps(measured.record()))
    assert (record["drawings"], record["count"]) == ("examples", 12)
    assert record["conditions"][2]["condition"] == "thin pen 8"
    assert record["conditions"][2]["mistakes"] == 0
