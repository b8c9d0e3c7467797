import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.synthetic.styles import STYLES
from mnistlab.evaluation import styles

LABELS = np.repeat([label for label, _ in STYLES.values()], 4).astype(np.uint8)


def test_each_style_has_its_accuracy(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = Digits("synthetic", np.zeros((len(LABELS), 28, 28), np.uint8), LABELS)
    monkeypatch.setattr(styles, "synthetic_digits", lambda for_training: None if for_training else digits)
    answers = LABELS.copy()
    answers[1] = 5  # the second of the first style
    table = styles.measure_styles(lambda images: np.eye(10)[answers])
    assert table.index.tolist() == [*STYLES]
    assert table["mistakes"].tolist() == [1] + [0] * (len(STYLES) - 1)
    assert table["accuracy"].iloc[0] == 0.75
    assert (table["low"] < table["accuracy"]).all()


def test_of_the_zeros_that_people_draw_those_of_two_strokes_are_measured() -> None:
    ring, slash = [(0.0, 0.0), (1.0, 1.0), (0.0, 2.0)], [(0.0, 2.0), (1.0, 0.0)]
    plain = LabelledDrawing([ring], 0, 60)
    slashed = LabelledDrawing([ring, slash], 0, 60)
    drawn = [plain, slashed, slashed._replace(writer=1), slashed._replace(is_wrong=True), slashed._replace(label=4)]
    sets = [DrawingSet("uji", "key", lambda: drawn), DrawingSet("unipen", "key", lambda: [plain])]
    answers = np.eye(10)[[0, 0, 8, 0, 0]]
    table = styles.measure_slashed_zeros(lambda images: answers[: len(images)], sets)
    assert table.index.tolist() == ["uji"]
    assert table.loc["uji", ["accuracy", "mistakes"]].tolist() == [0.8, 1]
