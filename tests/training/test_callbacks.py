from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.training.checkpoints import TrainingLength
from mnistlab.training.presets import PRESETS, Distortion


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests."""
    global build_model, callbacks, keras, load_best, point_steps, train, validation_on_part
    from mnistlab.model import build_model
    from mnistlab.system.backend import keras
    from mnistlab.training import callbacks
    from mnistlab.training.callbacks import point_steps, validation_on_part
    from mnistlab.training.export import load_best
    from mnistlab.training.trainer import train


Pair = tuple[Digits, Digits]
ONE_EPOCH = replace(PRESETS["fast"], min_steps=0, batch_size=30, distortion=Distortion(rotation=10))  # 12 steps


class NoView:
    stop_asked = False

    def begin(self, *_: object) -> None: ...

    def batch(self, *_: object) -> None: ...

    def measured(self, *_: object) -> None: ...

    def end(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    ("epochs", "patience", "steps", "fewest_epochs"),
    [(1, 0, 222, 1), (20, 3, 421, 4), (2, 3, 421, 2), (20, 0, 445, 20), (1, 0, 11, 1)],
)
def test_a_training_is_validated_ten_times_at_least(epochs: int, patience: int, steps: int, fewest_epochs: int) -> None:
    points = point_steps(TrainingLength(epochs, steps), patience)
    validations = sum(points.values()) + 1  # and at the epoch's end
    assert fewest_epochs * validations >= 10
    assert max(points) == steps, "the training curve reaches the end"
    assert not points[steps]


def test_many_epochs_need_no_validation_in_between() -> None:
    assert list(point_steps(TrainingLength(20, 445), patience=0).values()) == [False] * 5
    assert point_steps(TrainingLength(3, 1), patience=0) == {1: False}


def test_one_epoch_leaves_curves(few: Pair, tmp_path: Path) -> None:
    history = train(ONE_EPOCH, *few, tmp_path, NoView())
    steps, losses = history.curve("loss")
    assert steps == pytest.approx(np.arange(1, 13) / 12)
    assert len(history.curve("validation_loss")[0]) == 10
    assert np.mean(losses) == pytest.approx(history.epochs[0].loss, rel=1e-5)
    assert np.mean(history.curve("accuracy")[1]) == pytest.approx(history.epochs[0].accuracy, rel=1e-5)


@pytest.mark.slow
def test_measuring_changes_nothing(few: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With batch normalisation and random distortions, to the last digit."""
    two_epochs = replace(ONE_EPOCH, epochs=2)
    measured = train(two_epochs, *few, tmp_path / "measured", NoView())
    monkeypatch.setattr(callbacks, "point_steps", lambda *_: {})
    plain = train(two_epochs, *few, tmp_path / "plain", NoView())
    assert (len(plain.points), len(measured.points)) == (0, 24)
    assert [{**asdict(e), "seconds": 0} for e in measured.epochs] == [{**asdict(e), "seconds": 0} for e in plain.epochs]
    both = [load_best(tmp_path / name).get_weights() for name in ("measured", "plain")]
    for one, other in zip(*both, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_loss_on_a_part_is_the_one_that_is_minimised(few: Pair) -> None:
    keras.utils.set_random_seed(0)
    model, part = build_model("baseline"), few[0].take(np.arange(callbacks.VALIDATION_IMAGES))
    smoothed = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    loss, accuracy = validation_on_part(few[0], smoothed)(model)
    logits = model(part.images[..., np.newaxis].astype(np.float32) / 255)
    assert loss == pytest.approx(float(smoothed(np.eye(10)[part.labels], logits)), rel=1e-5)
    assert accuracy == np.mean(np.argmax(logits, axis=1) == part.labels)
