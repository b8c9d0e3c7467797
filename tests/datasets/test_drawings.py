import os
from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets import drawings as drawings_module
from mnistlab.datasets.drawings import HELD_OUT, SOURCES, DrawingSet, labels_of, load_drawings
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import GENERATOR, LabelledDrawing
from mnistlab.datasets.rendering import render_at_random
from mnistlab.errors import DataDamagedError, DataNotFoundError, ParameterError


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any data: its cache."""
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr("mnistlab.datasets.download.pooch.os_cache", lambda name: tmp_path)
    return tmp_path


def test_the_examples_have_every_digit_and_nobody_is_held_out() -> None:
    name, (examples,) = load_drawings("examples")
    assert name == examples.name == "examples"
    assert set(labels_of(examples.drawings)) == set(range(10))
    assert examples.held_out is examples


@pytest.mark.usefixtures("empty")
def test_drawings_that_are_not_here_say_what_to_do_and_unknown_ones_what_there_is() -> None:
    with pytest.raises(
        DataNotFoundError, match=r"ujipenchars2.txt is not on this machine; .*Put ujipenchars2.txt in the folder uji/"
    ):
        load_drawings("uji")
    with pytest.raises(ParameterError, match="set of drawings 'mine': choose one of auto, all, pendigits, uji, unipen"):
        load_drawings("mine")


@pytest.mark.usefixtures("empty")
def test_auto_takes_the_examples_where_there_is_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    name, sets = load_drawings("auto")
    assert (name, len(sets)) == ("examples", 1)
    assert "Using the 12 example drawings instead of UJI's" in caplog.text


def test_all_are_three_sets_and_auto_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(drawings_module, "fetch", lambda source: [tmp_path / "file"])
    assert [each.name for each in load_drawings("all")[1]] == ["pendigits", "uji", "unipen"]
    name, (only,) = load_drawings("auto")
    assert name == only.name == "uji"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("{}")
    monkeypatch.setattr(drawings_module, "fetch", lambda source: [tmp_path / "file"])
    for name in ("uji", "unipen"):
        (drawings,) = load_drawings(name)[1]
        with pytest.raises(DataDamagedError, match=f"{tmp_path / 'file'}: "):
            _ = drawings.drawings


def by(writer: int) -> LabelledDrawing:
    return LabelledDrawing([[(0.0, 0.0), (float(writer), 50.0)]], writer % 10, writer)


@pytest.mark.parametrize("name", SOURCES)
def test_every_drawing_is_for_training_or_held_out_by_its_writer(name: str) -> None:
    whole = DrawingSet(name, "key", lambda: [by(writer) for writer in range(1, 61) for _ in range(2)])
    training, held_out = whole.training, whole.held_out
    assert len({whole.key, training.key, held_out.key}) == 3
    apart = {labelled.writer for labelled in held_out.drawings}
    assert apart == {writer for writer in range(1, 61) if HELD_OUT[name](writer)}
    assert 0 < len(apart) < 60
    assert not apart & {labelled.writer for labelled in training.drawings}
    assert len(training.drawings) + len(held_out.drawings) == 120


def test_images_are_rendered_once_and_then_no_drawing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistlab.datasets.cache.pooch.os_cache", lambda name: tmp_path)
    first = DrawingSet("uji", "key", lambda: [by(3), by(7)])
    twice = first.rendered(render_at_random, 5, copies=2)
    assert (twice.labels.tolist(), twice.writers.tolist()) == ([3, 7, 3, 7], [3, 7, 3, 7])
    np.testing.assert_array_equal(twice.images, render_at_random([by(3), by(7)] * 2, 5))
    again = DrawingSet("uji", "key", pytest.fail).rendered(render_at_random, 5, copies=2)
    assert again.sha256 == twice.sha256
    for other, arguments, copies in ((first, (6,), 2), (first, (5,), 1), (DrawingSet("uji", "x", first.read), (5,), 2)):
        assert other.rendered(render_at_random, *arguments, copies=copies).sha256 != twice.sha256 or other is not first
    assert len(list(tmp_path.rglob("uji-*.npz"))) == 4


def test_images_have_the_writers_of_their_drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistlab.datasets.cache.pooch.os_cache", lambda name: tmp_path)
    writers = [0, GENERATOR, 7]
    some = DrawingSet("some", "key", lambda: [EXAMPLES[0]._replace(writer=writer) for writer in writers])
    assert some.rendered(render_at_random, copies=2).writers.tolist() == writers * 2


@pytest.mark.parametrize(
    ("name", "count", "writers", "held_out"),
    [("pendigits", 7494, 30, 6), ("uji", 1200, 60, 20), ("unipen", 10323, 137, 27)],
)
@pytest.mark.skipif("MNISTLAB_DATA_DIR" not in os.environ, reason="needs the drawings in MNISTLAB_DATA_DIR")
@pytest.mark.slow
def test_the_real_files_hold_what_their_authors_say(name: str, count: int, writers: int, held_out: int) -> None:
    (drawings,) = load_drawings(name)[1]
    assert len(drawings.drawings) == count
    assert {labelled.writer for labelled in drawings.drawings} == set(range(1, writers + 1))
    assert len({labelled.writer for labelled in drawings.held_out.drawings}) == held_out
    if name == "uji":
        assert np.bincount(labels_of(drawings.drawings)).tolist() == [120] * 10
