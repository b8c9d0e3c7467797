import json

import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.outliers import KINDS, UNSEEN_KIND
from mnistlab.evaluation import outliers
from mnistlab.evaluation.metrics import mean_interval, share_interval
from mnistlab.evaluation.outliers import ALL_KINDS, OutlierDetection, measure_outliers, refused_by_kind

BLANK = Digits("some", np.zeros((100, 28, 28), np.uint8), np.zeros(100, np.uint8))

DIGITS = [LabelledDrawing([[(0.0, 0.0)]], 0, 5)] * 100


def logits_of(images: np.ndarray) -> np.ndarray:
    """The first pixel is the kind, 0 for a digit. Digits get -1 to 0.99 as eleventh logit, capitals a little less,
    all other outliers -2; the ten say nothing.
    """
    kind = images[:, 0, 0].astype(int) - 1
    logits = np.zeros((len(images), 11))
    rising = np.linspace(-1, 1, 201)[:200:2][: len(images)]
    logits[:, 10] = np.where(kind < 0, rising, np.where(kind == 0, rising - 0.005, -2))
    return logits


def measured(monkeypatch: pytest.MonkeyPatch, *kinds: str) -> OutlierDetection:
    """With a hundred outliers of these kinds in turn."""
    numbers = np.array([KINDS.index(kinds[i % len(kinds)]) for i in range(100)], np.uint8)
    others = Digits("outliers", np.broadcast_to(1 + numbers[:, None, None], (100, 28, 28)).copy(), numbers)
    monkeypatch.setattr(outliers, "load_outliers", lambda for_training: None if for_training else others)
    monkeypatch.setattr(
        DrawingSet,
        "rendered",
        lambda each, *_: Digits(each.name, np.zeros((100, 28, 28), np.uint8), np.zeros(100, np.uint8)),
    )
    return measure_outliers(logits_of, [DrawingSet("unipen", "key", lambda: DIGITS)])


def test_each_kind_has_its_auroc_and_what_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    detection = measured(monkeypatch, "signs")
    assert detection.table.index.tolist() == ["signs"]
    row = detection.table.loc["signs"]
    assert (row["images"], row["eleventh logit"], row["largest logit"], row["energy"]) == (100, 1, 0.5, 0.5)
    assert (row["accepted where 97% of digits are"], row["accepted"]) == (0, 0)
    assert detection.metrics == {"digits_kept": 0.5, "outlier_auroc_lowest": 1.0}
    assert repr(detection) == "It takes 50.00% of the digits for digits, and 0.00% of 100 outliers"
    assert json.loads(json.dumps(detection.record()))["kinds"]["signs"]["images"] == 100
    assert ">1.0000<" in detection._repr_html_()


def test_what_looks_like_digits_is_accepted_as_digits_are(monkeypatch: pytest.MonkeyPatch) -> None:
    row = measured(monkeypatch, "capitals").table.loc["capitals"]
    assert row["eleventh logit"] == pytest.approx(0.505)
    assert row["accepted where 97% of digits are"] == pytest.approx(0.97, abs=0.011)


def test_a_kind_that_nobody_trained_on_is_told_apart_and_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    detection = measured(monkeypatch, "signs", UNSEEN_KIND)
    detection.table.loc[UNSEEN_KIND, "eleventh logit"] = 0.2
    assert detection.table["images"].to_dict() == {"signs": 50, UNSEEN_KIND: 50}
    assert detection.metrics["outlier_auroc_lowest"] == 1
    assert detection.of_outliers.shape == detection.of_digits.shape == (100,)


def test_what_is_refused_is_counted_by_kind_and_model() -> None:
    """Of 50 signs 40 are refused, of 100 doodles all."""
    numbers = np.repeat([KINDS.index("signs"), KINDS.index("doodles")], [50, 100]).astype(np.uint8)
    some = Digits("outliers", np.zeros((150, 28, 28), np.uint8), numbers)
    careful = np.zeros((150, 11))
    careful[10:, 10] = -1
    table = refused_by_kind({"careful": careful, "rash": np.zeros((150, 10))}, some)
    assert [*table.loc["careful"].index] == ["signs", "doodles", ALL_KINDS]
    assert table.loc["careful", :].loc["signs"].tolist() == [0.8, *share_interval(40, 50)]
    assert table.loc["careful", :].loc["doodles"].tolist() == [1, *share_interval(100, 100)]
    error = (0.8 * 0.2 / 50) ** 0.5 / 2
    assert table.loc["careful", :].loc[ALL_KINDS].tolist() == pytest.approx([0.9, *mean_interval(0.9, error, 150)])
    assert (table.loc["rash", "accuracy"] == 0).all()


@pytest.mark.parametrize(
    ("name", "logits", "reason"), [("uji", 11, "letters of UNIPEN are not"), ("unipen", 10, "the model has ten logits")]
)
def test_where_it_cannot_be_measured_it_says_why(
    monkeypatch: pytest.MonkeyPatch, name: str, logits: int, reason: str
) -> None:
    monkeypatch.setattr(DrawingSet, "rendered", lambda *_: BLANK)
    detection = measure_outliers(lambda images: np.zeros((100, logits)), [DrawingSet(name, "key", lambda: DIGITS)])
    assert detection.metrics == {}
    assert reason in repr(detection)
    assert reason in detection._repr_html_()
