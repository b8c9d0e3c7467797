import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
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
