import json

import numpy as np
import pytest

from mnistlab.benchmarks.deletion import (
    IMPORTANT,
    ORDERS,
    PATCHES,
    PIXELS,
    SHARES,
    UNIMPORTANT,
    Deletion,
    measure_deletion,
)
from mnistlab.datasets.drawings import load_drawings
from mnistlab.prediction import Predictor


def deletion(count: int) -> Deletion:
    """In half of the drawings, the answer stays without 20, 50, 60, 90 % of the ink; in the others, as long always."""
    steps = np.arange(len(SHARES))[:, np.newaxis]
    alike = steps <= np.full(count - count // 2, 4)
    is_same = np.stack([np.hstack([steps <= np.full(count // 2, last), alike]) for last in (2, 5, 6, 9)])
    return Deletion(is_same, np.where(is_same, np.float32(0.75), np.float32(0.25)))


def test_a_measurement_tells_its_result() -> None:
    measured = deletion(200)
    assert measured.table.loc[0.5].to_dict() == {IMPORTANT: 0, PATCHES: 0.5, PIXELS: 0.5, UNIMPORTANT: 0.5}
    assert measured.mean_probabilities.loc[0.5, PATCHES] == 0.5
    assert measured.areas.round(3).to_dict() == {IMPORTANT: 0.35, PATCHES: 0.5, PIXELS: 0.55, UNIMPORTANT: 0.7}
    assert measured.metrics == {
        "deletion_area_important": pytest.approx(0.35),
        "deletion_area_random": pytest.approx(0.5),
        "deletion_area_unimportant": pytest.approx(0.7),
    }
    assert repr(measured) == (
        "200 drawings, area under the curve of the same answers: most important first 0.35, random patches 0.50, "
        "random pixels 0.55, least important first 0.70"
    )
    assert measured.conclusion == (
        "Without the ink marked as most important, the answer changes sooner than without random patches in 100 of "
        "200 drawings, later in 0."
    )
    page = measured._repr_html_()
    assert page.index(">50%<") < page.index(">60%<")
    assert [page.index(f">{order}<") for order in ORDERS] == sorted(page.index(f">{order}<") for order in ORDERS)
    record = json.loads(json.dumps(measured.record()))
    assert (record["count"], record["same"][5][PATCHES], record["probability"][5][PATCHES]) == (200, 0.5, 0.5)


def test_few_drawings_allow_no_conclusion() -> None:
    few = deletion(12)
    assert few.metrics == {}
    assert "only 12 drawings, too few" in repr(few)
    assert few.conclusion == repr(few)
    assert "%" not in few._repr_html_()


def test_an_answer_that_comes_back_has_changed() -> None:
    is_same = np.ones((4, 11, 2), bool)
    is_same[0, 3, 0] = False  # and again the same with less ink
    assert [*Deletion(is_same, is_same)._kept(IMPORTANT)] == [3, 11]


@pytest.fixture(scope="module")
def measured() -> Deletion:
    return measure_deletion(Predictor.pretrained(), load_drawings("examples")[1])


def test_the_marked_ink_of_the_example_drawings_is_what_their_answers_depend_on(measured: Deletion) -> None:
    areas = measured.areas
    assert areas[IMPORTANT] + 0.1 < areas[PATCHES]
    assert areas[IMPORTANT] + 0.2 < areas[UNIMPORTANT]


def test_nothing_is_removed_at_first_and_everything_at_last(measured: Deletion) -> None:
    assert measured.count == 12
    assert measured.is_same[:, 0].all()
    assert (measured.probabilities[:, 0] == measured.probabilities[0, 0]).all()
    assert (measured.probabilities[:, -1] == measured.probabilities[0, -1]).all()
    assert not measured.is_same[:, -1].all()


def test_the_same_seed_gives_the_same_result_and_so_many_drawings_are_taken(measured: Deletion) -> None:
    predictor, sets = Predictor.pretrained(), load_drawings("examples")[1]
    np.testing.assert_array_equal(measure_deletion(predictor, sets).probabilities, measured.probabilities)
    assert measure_deletion(predictor, sets, count=2).count == 2
