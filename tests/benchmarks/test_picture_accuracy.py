import json

import numpy as np
import pandas as pd
import pytest

from mnistlab.benchmarks.picture_accuracy import Examples, PictureAccuracy
from mnistlab.evaluation.metrics import share_interval

COUNTS = pd.DataFrame(
    {
        "group": ["a", "a", "b"],
        "bar": [0.9, 0.9, 0.95],
        "pictures": [200, 200, 100],
        "right": [180, 190, 94],
        "refused": [16, 5, 6],
        "unsure": [2, 0, 1],
        "confident": [4, 5, 0],
    },
    ["at the bar", "too confident <", "below"],
)


def test_a_bar_is_reached_without_many_confident_mistakes() -> None:
    table = PictureAccuracy(COUNTS, {}, 100).table
    assert table["is_reached"].tolist() == [True, False, False]
    assert table["accuracy"].tolist() == [0.9, 0.95, 0.94]
    assert table.loc["below", ["low", "high"]].tolist() == list(share_interval(94, 100))


def test_a_measurement_tells_its_result() -> None:
    measured = PictureAccuracy(COUNTS, {}, 100)
    assert measured.metrics == {
        "picture_accuracy": pytest.approx(0.93),
        "picture_accuracy_lowest": 0.9,
        "picture_confident_mistakes_highest": 0.025,
        "picture_bars_reached": pytest.approx(1 / 3),
    }
    assert repr(measured) == (
        "500 pictures of 3 kinds: 1 reach their bar; 93.0% read correctly, mean of the kinds; the lowest 90.0% "
        "(at the bar); 9 mistakes with confidence above 90%"
    )
    assert measured.tally == (
        "464 of 500 pictures right; 27 refused, of these 3 needlessly; 9 mistakes with confidence above 90%"
    )
    assert measured.mean_accuracy == (464 / 500, *share_interval(464, 500))
    page = measured._repr_html_()
    assert ">94.0%<" in page
    assert "too confident &lt;" in page
    assert page.index(">accuracy<") < page.index(">confident<") < page.index(">group<")
    assert (page.count(">yes<"), page.count(">no<")) == (1, 2)
    assert json.loads(json.dumps(measured.record()))["below"]["right"] == 94


def test_a_conclusion_names_what_misses_its_bar_and_how_much_of_that_is_chance() -> None:
    assert PictureAccuracy(COUNTS, {}, 100).conclusion == (
        "2 of 3 kinds do not reach their bar, 0 of them by more than chance: too confident < (190 of 200); "
        "below (94 of 100).\n9 mistakes with confidence above 90%: at the bar (4); too confident < (5)."
    )
    low = COUNTS.assign(right=[100, 100, 80], confident=0)
    said = PictureAccuracy(low, {}, 100).conclusion
    assert "3 of 3 kinds do not reach their bar, 3 of them by more than chance" in said
    assert said.endswith("0 mistakes with confidence above 90%: none.")
    good = COUNTS.assign(right=COUNTS["pictures"])
    assert (
        "1 of 3 kinds do not reach their bar, 0 of them by more than chance"
        in PictureAccuracy(good, {}, 100).conclusion
    )


@pytest.mark.parametrize(("count", "lowest"), [(1, ["at the bar"]), (2, ["at the bar", "below"]), (0, [*COUNTS.index])])
def test_the_kinds_with_the_lowest_accuracy_come_in_their_order(count: int, lowest: list[str]) -> None:
    kept = {str(kind): Examples([], [], []) for kind in COUNTS.index}
    assert PictureAccuracy(COUNTS, kept, 100).lowest(count) == lowest


def test_few_drawings_allow_no_conclusion() -> None:
    few = PictureAccuracy(COUNTS, {}, 12)
    assert few.metrics == {}
    assert np.isnan(few.mean_accuracy).all()
    assert "only 12 drawings, too few" in repr(few)
    assert few.conclusion == few.tally == repr(few)
    assert "%" not in few._repr_html_()
