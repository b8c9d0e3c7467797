from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets import outliers
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.datasets.formats.unipen import Character
from mnistlab.datasets.outliers import KINDS, LOOK_ALIKES, UNSEEN, UNSEEN_KIND, Amounts, load_outliers, outliers_from

SHAPE = [[(float(n % 7), float(n)) for n in range(40)]]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten writers of digits, and two more of letters; few outliers."""
    writers = [f"w{number:02}" for number in range(1, 13)]

    def read_characters(archive: Path, category: str) -> list[Character]:
        texts = {"digits": "1234", "capitals": "AO", "small letters": "al", "signs": "+/"}[category]
        return [
            Character(SHAPE, text, writer, "apa")
            for writer in (writers[:10] if category == "digits" else writers)
            for text in texts
        ]

    drawn = [LabelledDrawing(SHAPE, 5, writer) for writer in range(1, 11) for _ in range(20)]
    monkeypatch.setattr(outliers, "load_drawings", lambda name: (name, [DrawingSet("unipen", "key", lambda: drawn)]))
    monkeypatch.setattr(outliers, "fetch", lambda source: [tmp_path])
    monkeypatch.setattr(outliers, "read_characters", read_characters)
    monkeypatch.setattr(outliers, "TRAINING", Amounts(characters=100, doodles=2, fragments=10, seed=0))
    monkeypatch.setattr(outliers, "TEST", Amounts(characters=100, doodles=1, fragments=5, seed=1))
    monkeypatch.setattr("mnistlab.datasets.cache.pooch.os_cache", lambda name: tmp_path / "cache")


@pytest.mark.usefixtures("sources")
def test_there_are_all_kinds_and_the_letters_are_by_other_writers_than_those_to_test_with() -> None:
    train, test = load_outliers(for_training=True), load_outliers(for_training=False)
    letters = KINDS.index("capitals"), KINDS.index("small letters"), KINDS.index("signs")
    for kind in letters:
        assert {*train.writers[train.labels == kind]} == {*range(1, 13)} - {5, 10}
        assert {*test.writers[test.labels == kind]} == {5, 10}
    assert np.bincount(train.labels, minlength=len(KINDS)).tolist() == [10, 10, 10, 2 * 16, 0, 10, 10]
    assert np.bincount(test.labels, minlength=len(KINDS)).tolist() == [2, 2, 2, 16, 3, 5, 5]
    assert not {image.tobytes() for image in train.images} & {image.tobytes() for image in test.images}


@pytest.mark.usefixtures("sources")
def test_they_are_kept_and_the_same_on_every_machine() -> None:
    first = load_outliers(for_training=True)
    assert load_outliers(for_training=True).sha256 == first.sha256


@pytest.mark.usefixtures("sources")
def test_without_unipen_there_are_no_letters() -> None:
    few = outliers_from([DrawingSet("examples", "key", lambda: EXAMPLES)])
    assert np.bincount(few.labels, minlength=len(KINDS)).tolist()[:5] == [0, 0, 0, 16, 3]
    assert np.bincount(few.labels, minlength=len(KINDS))[6] == 5


def test_what_is_not_trained_on_is_named() -> None:
    assert UNSEEN_KIND in KINDS
    assert len(UNSEEN) == 3
    assert {"o", "O", "l", "I", "|", "Z", "z", "S", "s", "B", "b", "g", "q"} <= LOOK_ALIKES
    assert not {"A", "x", "?", "+", "-", "."} & LOOK_ALIKES
