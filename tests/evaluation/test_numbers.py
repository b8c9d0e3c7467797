import json

import numpy as np
import pandas as pd
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.synthetic.numbers import compose_numbers
from mnistlab.evaluation.metrics import share_interval
from mnistlab.evaluation.numbers import NumberAccuracy, measure_numbers, picture_of
from mnistlab.prediction import Predictor


def test_almost_all_numbers_composed_from_the_examples_are_read() -> None:
    measured = measure_numbers(Predictor.pretrained(), {"examples": EXAMPLES}, 30, seed=1)
    assert measured.counts.index.tolist() == ["examples"]
    assert measured.counts.loc["examples", "numbers"] == 30
    drawing, grouping, picture = measured.counts.loc["examples", ["drawing", "grouping", "picture"]]
    assert (drawing >= 28, grouping >= 28, picture >= 20) == (True, True, True)
    clear, clear_picture = measured.counts.loc["examples", ["clear", "clear_picture"]]
    assert 0.8 * clear <= clear_picture <= min(clear, picture)
    assert 5 < clear < 30


def test_shares_have_intervals_and_all_sources_are_summed() -> None:
    counts = pd.DataFrame(
        {
            "numbers": [100, 300],
            "clear": [40, 60],
            "drawing": [90, 300],
            "grouping": [95, 300],
            "picture": [80, 280],
            "clear_picture": [39, 60],
        },
        ["one", "other"],
    )
    table = NumberAccuracy(counts, 400).table
    assert table.index.tolist() == ["one", "other", "all"]
    assert table["drawing"].tolist() == pytest.approx([0.9, 1, 0.975])
    assert table.loc["one", ["picture_low", "picture_high"]].tolist() == list(share_interval(80, 100))
    assert json.loads(json.dumps(NumberAccuracy(counts, 400).record()))["all"]["grouping"] == 395 / 400
    assert NumberAccuracy(counts, 400).metrics == {"numbers_drawn": 0.975, "numbers_pictured": 0.9}
    assert repr(NumberAccuracy(counts, 400)) == (
        "400 numbers: 97.50% of the drawings read as written, their strokes grouped correctly in 98.75%; "
        "90.00% of their pictures read as written, 99.00% where the ink of neighbours does not overlap by more than 5 %"
    )
    assert ">97.50%<" in NumberAccuracy(counts, 400)._repr_html_()


def test_numbers_of_few_drawings_allow_no_conclusion() -> None:
    counts = pd.DataFrame(
        {name: [30] for name in ("numbers", "clear", "drawing", "grouping", "picture", "clear_picture")}
    )
    few = NumberAccuracy(counts, 12)
    assert few.metrics == {}
    assert "only 12 drawings, too few" in repr(few)
    assert "%" not in few._repr_html_()


def test_no_number_is_composed_from_a_drawing_whose_label_is_known_to_be_wrong() -> None:
    seven = next(each for each in EXAMPLES if each.label == 7)
    mislabelled = next(each for each in EXAMPLES if each.label == 0)._replace(label=7, is_wrong=True)
    measured = measure_numbers(Predictor.pretrained(), {"one": [seven, mislabelled]}, 8)
    assert measured.counts.loc["one", "drawing"] == 8


def test_a_picture_is_dark_on_white_and_shows_the_whole_number() -> None:
    number = compose_numbers(EXAMPLES, 1, seed=3)[0]
    picture = picture_of(number)
    assert (picture.dtype, picture.shape[0]) == (np.uint8, 280)
    assert picture.min() == 0
    assert (np.concatenate([picture[:5], picture[-5:]]) == 255).all()
    assert (np.concatenate([picture[:, :5], picture[:, -5:]], axis=1) == 255).all()
