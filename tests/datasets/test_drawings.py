from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets.drawings import labels_of, load_drawings, render_at_random
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import DataNotFoundError, ParameterError


def test_for_training_each_digit_gets_its_own_pen_and_the_seed_decides() -> None:
    one, again, other = (render_at_random([EXAMPLES[0]] * 5, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert len({image.tobytes() for image in [*one, *other]}) == 10


def test_the_examples_have_every_digit() -> None:
    name, drawings = load_drawings("examples")
    assert name == "examples"
    assert set(labels_of(drawings)) == set(range(10))


def test_drawings_that_are_not_here_say_what_to_do_and_unknown_ones_what_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr("mnistlab.datasets.download.pooch.os_cache", lambda name: tmp_path)
    with pytest.raises(
        DataNotFoundError, match=r"ujipenchars2.txt is not on this machine; .*Put ujipenchars2.txt in the folder uji/"
    ):
        load_drawings("uji")
    with pytest.raises(ParameterError, match="set of drawings 'mine': choose one of auto, uji"):
        load_drawings("mine")


@pytest.mark.parametrize(("name", "count", "writers"), [("uji", 1200, 60), ("pendigits", 7494, 30)])
def test_the_real_files_hold_what_their_authors_say(name: str, count: int, writers: int) -> None:
    try:
        drawings = load_drawings(name)[1]
    except DataNotFoundError as error:
        pytest.skip(str(error))
    assert len(drawings) == count
    assert {labelled.writer for labelled in drawings} == set(range(1, writers + 1))
    if name == "uji":
        assert np.bincount(labels_of(drawings)).tolist() == [120] * 10
