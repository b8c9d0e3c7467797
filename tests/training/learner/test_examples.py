from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.formats.labelled import GENERATOR
from mnistlab.training.learner import examples
from mnistlab.training.learner.examples import examples_of, outliers_of
from mnistlab.training.presets import PRESETS

CONFIG = replace(PRESETS["baseline"], batch_size=7, seed=3)


def test_a_digit_has_its_label_and_an_outlier_has_none(digits: tuple[Digits, Digits]) -> None:
    some, others = digits[0].take(np.arange(20)), digits[1].take(np.arange(5))
    together = examples_of(some, others)
    assert (len(together), len(examples_of(some))) == (25, 20)
    np.testing.assert_array_equal(together.targets[:20].argmax(axis=1), some.labels)
    assert together.targets.sum(axis=1).tolist() == [1] * 20 + [0] * 5
    np.testing.assert_array_equal(together.images[20:], others.images)


def test_labels_are_smoothed_where_a_known_writer_or_a_generator_drew(digits: tuple[Digits, Digits]) -> None:
    some = digits[0].take(np.arange(3))
    known = Digits("some", some.images, some.labels, np.array([0, 7, GENERATOR], np.int32))
    targets = examples_of(known, smoothing=0.2).targets
    assert targets[np.arange(3), some.labels] == pytest.approx([1, 0.82, 0.82])
    assert targets.sum(axis=1) == pytest.approx([1, 1, 1])
    assert (targets.dtype, targets[1].min()) == (np.float32, pytest.approx(0.02))
    assert examples_of(known).targets.max(axis=1).tolist() == [1, 1, 1]


def test_each_epoch_has_another_order_which_the_seed_decides(digits: tuple[Digits, Digits]) -> None:
    some = examples_of(digits[0].take(np.arange(20)))
    first, second, third, fourth = islice(some.batches(CONFIG, first_epoch=0), 4)  # two batches each
    assert first[0].shape == (7, 28, 28, 1)
    assert not np.array_equal(first[0], third[0])
    again = next(some.batches(CONFIG, first_epoch=1))
    np.testing.assert_array_equal(again[0], third[0])
    np.testing.assert_array_equal(again[1], third[1])
    assert not np.array_equal(next(some.batches(replace(CONFIG, seed=4), 0))[0], first[0])
    assert len(np.unique(np.concatenate([second[0], first[0]]), axis=0)) == 14, "no image twice in an epoch"
    assert len(fourth[0]) == 7


def test_some_outliers_are_kept_back_for_validation(
    digits: tuple[Digits, Digits], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "load_outliers", lambda for_training: digits[0] if for_training else None)
    parts = outliers_of(replace(CONFIG, outliers=0.2, validation_fraction=0.1))
    assert parts is not None
    kept, validation = parts
    assert len(kept) + len(validation) == len(digits[0])
    assert len(validation) == pytest.approx(0.1 * len(digits[0]), abs=1)
    assert outliers_of(CONFIG) is None
