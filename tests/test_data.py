import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnistlab.data import RENDERINGS, load_dataset, sample, split
from mnistlab.datasets.digits import Digits, concatenate, some_digits
from mnistlab.datasets.drawings import DrawingSet, labels_of
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import GENERATOR, LabelledDrawing
from mnistlab.datasets.synthetic import styles
from mnistlab.errors import ParameterError

IMAGES = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 256
LABELS = np.array([7, 0, 9])


def test_digits_are_checked_and_read_only() -> None:
    with pytest.raises(ValueError, match=r"expected uint8 \(3, 28, 28\), got int64"):
        Digits("x", IMAGES.astype(np.int64), LABELS.astype(np.uint8))
    some = Digits("x", IMAGES.astype(np.uint8), LABELS.astype(np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        some.images[0, 0, 0] = 1


def test_the_fingerprint_depends_on_images_labels_and_order() -> None:
    some = Digits("x", IMAGES.astype(np.uint8), LABELS.astype(np.uint8))
    relabelled = Digits("x", some.images, np.array([7, 0, 8], np.uint8))
    assert len({some.sha256, relabelled.sha256, some.take(np.array([1, 0, 2])).sha256}) == 3
    assert some.take(np.array([0, 1, 2])).sha256 == some.sha256
    written = Digits("x", some.images, some.labels, np.array([1, 1, 2], np.int32))
    assert written.sha256 not in (some.sha256, written.take(np.array([2, 1, 0])).sha256)


def test_some_digits_are_chosen_at_random_and_stay_in_their_order(digits: tuple[Digits, Digits]) -> None:
    test = Digits("x", digits[1].images, digits[1].labels, np.arange(1, 361, dtype=np.int32))
    some, others = (some_digits(test, 100, seed) for seed in (0, 1))
    assert len({*some.writers}) == 100
    assert (np.diff(some.writers) > 0).all()
    assert some.sha256 == some_digits(test, 100, 0).sha256 != others.sha256
    assert some_digits(test, 400, 0).sha256 == test.sha256


def test_the_bundled_digits_look_like_mnist(digits: tuple[Digits, Digits]) -> None:
    train, test = digits
    assert (len(train), len(test)) == (1437, 360)
    rows, columns = train.images.any(axis=2).sum(axis=1), train.images.any(axis=1).sum(axis=1)
    assert np.maximum(rows, columns).max() == 20


def test_split_keeps_the_proportions_and_loses_nothing(digits: tuple[Digits, Digits]) -> None:
    whole = digits[0]
    kept, held_out = split(whole, 0.2, seed=1)
    np.testing.assert_array_equal(np.bincount(kept.labels) + np.bincount(held_out.labels), np.bincount(whole.labels))
    assert np.abs(np.bincount(held_out.labels) - 0.2 * np.bincount(whole.labels)).max() < 1
    together = {image.tobytes() for part in (kept, held_out) for image in part.images}
    assert together == {image.tobytes() for image in whole.images}


def by_writers(digits: Digits, writers: np.ndarray) -> Digits:
    return Digits("some", digits.images, digits.labels, writers.astype(np.int32))


def test_no_known_writer_is_in_both_parts_and_no_image_is_lost(digits: tuple[Digits, Digits]) -> None:
    whole = by_writers(digits[0], np.random.default_rng(0).integers(-20, 40, 1437).clip(0))  # 0: not known
    kept, held_out = split(whole, 0.2, seed=1)
    assert not set(kept.writers) & set(held_out.writers) - {0}
    assert {0} < set(kept.writers), "images without a writer are in both"
    assert {0} < set(held_out.writers)
    assert len(kept) + len(held_out) == len(whole)
    assert 0.2 <= len(held_out) / len(whole) < 0.2 + 1 / 38
    assert {image.tobytes() for part in (kept, held_out) for image in part.images} == {
        i.tobytes() for i in whole.images
    }
    assert split(whole, 0.2, seed=2)[1].sha256 != held_out.sha256 == split(whole, 0.2, seed=1)[1].sha256
    assert (np.diff(held_out.writers) < 0).sum() > 50, "in random order"


def test_what_a_generator_drew_is_not_kept_back(digits: tuple[Digits, Digits]) -> None:
    for others in (0, 5):
        writers = np.where(np.arange(1437) % 3, GENERATOR, others + (others > 0) * (np.arange(1437) % 20))
        kept, held_out = split(by_writers(digits[0], writers), 0.1, seed=0)
        assert len(kept) + len(held_out) == 1437
        assert GENERATOR in kept.writers
        assert GENERATOR not in held_out.writers
        assert 0.03 < len(held_out) / 1437 < 0.08, "a tenth of what people drew"
    kept, held_out = split(by_writers(digits[0], np.full(1437, GENERATOR)), 0.1, seed=0)
    assert (len(kept), len(held_out)) == (1293, 144)


def test_where_all_writers_are_known_only_whole_ones_are_held_out(digits: tuple[Digits, Digits]) -> None:
    kept, held_out = split(by_writers(digits[0], np.repeat([1, 2, 3], 479)), 0.1, seed=0)
    assert (len(set(kept.writers)), len(set(held_out.writers))) == (2, 1)


def test_put_together_two_datasets_have_no_writer_in_common(digits: tuple[Digits, Digits]) -> None:
    some = digits[0].take(np.arange(3))
    whole = concatenate("both", by_writers(some, np.array([1, 0, 2])), some, by_writers(some, np.array([2, 2, 0])))
    assert whole.writers.tolist() == [1, 0, 2, 0, 0, 0, 4, 4, 0]


def test_split_depends_on_the_seed_alone(digits: tuple[Digits, Digits]) -> None:
    first, again, other = (split(digits[0], 0.2, seed=seed)[1].sha256 for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("size", [5, 30])
def test_too_few_digits_for_two_parts_are_an_error(digits: tuple[Digits, Digits], size: int) -> None:
    with pytest.raises(ParameterError, match=r"too few for every digit in both parts: take more images"):
        split(sample(digits[0], size, seed=0), 0.1, seed=0)


def test_neither_data_nor_metrics_wait_for_scikit_learn() -> None:
    """Importing it takes longer than reading MNIST's test set."""
    program = """
import sys
import mnistlab.data, mnistlab.evaluation.calibration, mnistlab.evaluation.drawn
print([name for name in ("sklearn", "scipy.stats", "scipy.optimize") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(("size", "expected"), [(100, 100), (0, 1437), (1437, 1437), (5000, 1437)])
def test_sample_takes_at_most_what_there_is(digits: tuple[Digits, Digits], size: int, expected: int) -> None:
    assert len(sample(digits[0], size, seed=0)) == expected


def test_too_few_images_for_ten_digits_are_said_in_a_line(digits: tuple[Digits, Digits]) -> None:
    with pytest.raises(ParameterError, match=r"^10% of 30 images are too few for every digit in both parts: take more"):
        split(sample(digits[0], 30, seed=0), 0.1, seed=0)
    with pytest.raises(ParameterError, match=r"^5 of 1437 images are too few"):
        sample(digits[0], 5, seed=0)
    with pytest.raises(ParameterError, match=r"^a sample cannot have -1 images"):
        sample(digits[0], -1, seed=0)


def test_mnist_is_what_its_authors_say(mnist: tuple[Digits, Digits]) -> None:
    train, test = mnist
    assert np.bincount(train.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert len(test) == 10_000


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("mnistlab.datasets.cache.pooch.os_cache", lambda name: tmp_path)
    return tmp_path


@pytest.fixture
def strokes(monkeypatch: pytest.MonkeyPatch, digits: tuple[Digits, Digits]) -> None:
    """Twelve drawings of a writer who is trained on, and of one who is held out, in each set; few of MNIST."""
    drawn = [labelled._replace(writer=writer) for writer in (24, 60) for labelled in EXAMPLES]
    monkeypatch.setattr("mnistlab.data.load_drawings", lambda name: (name, [DrawingSet(name, "key", lambda: drawn)]))
    monkeypatch.setattr("mnistlab.data.load_mnist", lambda: digits)
    monkeypatch.setattr(styles, "USUAL", 1)
    monkeypatch.setattr(styles, "MORE", {})
    monkeypatch.setattr(styles, "draw_for_testing", two_of_each)


def two_of_each() -> list[LabelledDrawing]:
    return styles.draw_all_styles(2)


@pytest.mark.usefixtures("empty_cache", "strokes")
@pytest.mark.parametrize(("name", "times"), RENDERINGS.items())
def test_pen_strokes_are_split_by_writer_and_rendered_several_times_for_training(name: str, times: int) -> None:
    train, test = load_dataset(name)
    assert repr(train) == f"Digits({name}, {12 * times} images)"
    assert train.labels.tolist() == labels_of(EXAMPLES).tolist() * times
    assert test.labels.tolist() == labels_of(EXAMPLES).tolist()
    assert (set(train.writers), set(test.writers)) == ({24}, {60})
    assert len(np.unique(train.images, axis=0)) == 12 * times, "each time with another pen"
    assert load_dataset(name)[0].sha256 == train.sha256, "the same on every machine"


@pytest.mark.usefixtures("strokes")
def test_pen_strokes_are_rendered_once(empty_cache: Path) -> None:
    for _ in range(2):
        load_dataset("pendigits")
    assert len(list(empty_cache.rglob("pendigits-*.npz"))) == 2


@pytest.mark.usefixtures("empty_cache", "strokes")
def test_mnist_and_pen_strokes_are_learned_from_together_and_tested_on_mnist(digits: tuple[Digits, Digits]) -> None:
    train, test = load_dataset("mnist+pendigits")
    assert (train.name, len(train)) == ("mnist+pendigits", len(digits[0]) + 24)
    np.testing.assert_array_equal(train.labels[-12:], labels_of(EXAMPLES))
    assert test is digits[1]


@pytest.mark.usefixtures("strokes")
def test_of_what_is_only_trained_on_nothing_is_rendered_to_test_with(empty_cache: Path) -> None:
    load_dataset("mnist+pendigits+uji")
    assert len(list(empty_cache.rglob("*.npz"))) == 2


@pytest.mark.usefixtures("empty_cache", "strokes")
def test_strokes_are_all_that_is_drawn_and_no_two_sets_have_a_writer_in_common(digits: tuple[Digits, Digits]) -> None:
    train, test = load_dataset("mnist+strokes")
    assert len(train) == len(digits[0]) + 12 * sum(RENDERINGS.values()) + len(styles.STYLES)
    assert np.bincount(train.writers.clip(0))[[24, 48, 72]].tolist() == [12 * times for times in RENDERINGS.values()]
    assert np.count_nonzero(train.writers > 0) == 12 * sum(RENDERINGS.values())
    assert np.count_nonzero(train.writers == GENERATOR) == len(styles.STYLES)
    assert test is digits[1]


@pytest.mark.usefixtures("empty_cache", "strokes")
def test_strokes_alone_are_tested_on_all_that_held_out_writers_drew() -> None:
    train, test = load_dataset("strokes")
    assert train.name == test.name == "strokes"
    assert len(test) == 12 * len(RENDERINGS) + 2 * len(styles.STYLES)


@pytest.mark.parametrize("name", ["", "MNIST", "mnist+", "mnist+mnist", "strokes+uji", "mnist+auto", "preset"])
def test_what_is_no_dataset_is_said_with_all_that_are(name: str) -> None:
    with pytest.raises(ParameterError, match=r"dataset '.*': choose one of auto, mnist, digits, pendigits, uji"):
        load_dataset(name)
