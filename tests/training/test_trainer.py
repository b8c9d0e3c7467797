import hashlib
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.errors import ParameterError, RunError, WorkbenchError
from mnistlab.evaluation.calibration import fit_temperature
from mnistlab.evaluation.metrics import accuracy, infer
from mnistlab.execution.plan import Planner
from mnistlab.logits import softmax
from mnistlab.prediction import Predictor
from mnistlab.runs.history import History
from mnistlab.runs.run import Run, current_run
from mnistlab.system.run_files import (
    BEST_WEIGHTS,
    CHECKPOINTS,
    HISTORY_CSV,
    LAST_EPOCH,
    PREVIOUS_CHECKPOINTS,
    WEIGHTS,
)
from mnistlab.training.checkpoints import TrainingLength, finished_state
from mnistlab.training.presets import PRESETS, Distortion
from mnistlab.training.snapshots.files import SnapshotWriter, read_snapshot, snapshot_epochs


@pytest.fixture(autouse=True, scope="module")
def with_tensorflow() -> None:
    """Imported late, as in all tests."""
    global calibrate_and_export, keras, load_best, model_after, tf, train
    import tensorflow as tf

    from mnistlab.system.backend import keras
    from mnistlab.training.export import calibrate_and_export, load_best
    from mnistlab.training.snapshots.model import model_after
    from mnistlab.training.trainer import train


SHORT = replace(PRESETS["baseline"], epochs=3, batch_size=60)  # 6 batches an epoch
Pair = tuple[Digits, Digits]


class Watcher:
    """A progress view that raises, asks to stop or is interrupted at one batch."""

    def __init__(self, *, stop_at: int = 0, raise_at: int = 0, interrupt_at: int = 0) -> None:
        self.stop_asked = False
        self.batches = 0
        self._stop_at, self._raise_at, self._interrupt_at = stop_at, raise_at, interrupt_at

    def begin(self, history: History, length: TrainingLength) -> None:
        self.resumed_after = len(history)

    def batch(self, epoch: int, loss: float, accuracy: float) -> None:
        self.batches += 1
        self.stop_asked = 0 < self._stop_at <= self.batches
        if self.batches == self._raise_at:
            raise KeyboardInterrupt
        if self.batches == self._interrupt_at:
            signal.raise_signal(signal.SIGINT)

    def measured(self, history: History) -> None: ...

    def end(self, history: History, finished: bool) -> None:
        self.ended = numbers(history), finished


def numbers(history: History) -> list[tuple[float, ...]]:
    return [(e.number, e.loss, e.accuracy, e.validation_loss, e.validation_accuracy) for e in history.epochs]


@pytest.fixture(autouse=True)
def without_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the trainings that several tests share draw their curves: it takes as long as an epoch."""
    monkeypatch.setattr("mnistlab.training.trainer.history_png", lambda history: b"")


@pytest.fixture(scope="module")
def uninterrupted(few: Pair, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, History]:
    folder = tmp_path_factory.mktemp("run")
    return folder, train(SHORT, *few, folder, Watcher())


def weights(folder: Path) -> np.ndarray:
    return np.concatenate([w.ravel() for w in load_best(folder).get_weights()])


def test_a_training_leaves_its_files(uninterrupted: tuple[Path, History]) -> None:
    folder, history = uninterrupted
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert left == {
        "checkpoints/best.weights.h5",
        "checkpoints/history.csv",
        "checkpoints/last.keras",
        "checkpoints/state.json",
        "history.csv",
        "history.png",
    }
    assert History.read(folder / "history.csv") == history


def test_the_kept_weights_are_those_of_the_best_epoch(uninterrupted: tuple[Path, History], few: Pair) -> None:
    folder, history = uninterrupted
    logits = infer(load_best(folder), few[1].images)
    assert accuracy(logits, few[1].labels) == pytest.approx(history.kept.validation_accuracy)


def test_the_same_seed_gives_the_same_numbers(uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path) -> None:
    again = train(SHORT, *few, tmp_path, Watcher())
    assert numbers(again) == numbers(uninterrupted[1])
    np.testing.assert_array_equal(weights(tmp_path), weights(uninterrupted[0]))


def test_a_finished_training_is_calibrated_and_exported(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path
) -> None:
    shutil.copytree(uninterrupted[0], tmp_path, dirs_exist_ok=True)
    temperature = calibrate_and_export(tmp_path, few[1])
    images, labels = few[1].images, few[1].labels
    model = load_best(tmp_path)
    raw = infer(model, images)
    model.load_weights(tmp_path / WEIGHTS)
    calibrated = infer(model, images)
    assert temperature == pytest.approx(fit_temperature(raw, labels))
    np.testing.assert_allclose(calibrated, raw / temperature, rtol=1e-4, atol=1e-4)
    assert fit_temperature(calibrated, labels) == pytest.approx(1, abs=0.3)
    np.testing.assert_allclose(Predictor.from_run(tmp_path).predict_images(images), softmax(calibrated), atol=1e-5)


def test_a_training_from_before_there_were_outliers_is_calibrated_too(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(uninterrupted[0], tmp_path, dirs_exist_ok=True)
    state = finished_state(tmp_path)
    old = {name: value for name, value in state.origin.items() if not name.startswith("outlier")}
    monkeypatch.setattr("mnistlab.training.export.finished_state", lambda run_dir: replace(state, origin=old))
    assert 0.1 < calibrate_and_export(tmp_path, few[1]) < 10


def test_the_exported_model_is_recorded_with_its_sha256(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(uninterrupted[0], folder)
    calibrate_and_export(folder, few[1])
    assert not (folder / "run.json").exists()
    run = Run(folder)
    run.update(notebook="02_train")
    calibrate_and_export(folder, few[1])
    assert run.record.model_sha256 == hashlib.sha256((folder / "model.tflite").read_bytes()).hexdigest()
    assert Predictor.from_run(folder).predict_images(few[1].images[:2]).shape == (2, 10)
    with (folder / "model.tflite").open("ab") as model:
        model.write(b"!")
    with pytest.raises(RunError, match="is damaged, expected sha256"):
        Predictor.from_run(folder)


@pytest.fixture(scope="module")
def interrupted(few: Pair, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training that was interrupted in the middle of the third epoch."""
    folder = tmp_path_factory.mktemp("interrupted")
    with pytest.raises(KeyboardInterrupt):
        train(SHORT, *few, folder, Watcher(raise_at=15))
    return folder


def test_an_interrupted_training_resumes_with_the_same_numbers(
    uninterrupted: tuple[Path, History], interrupted: Path, few: Pair, tmp_path: Path
) -> None:
    assert (interrupted / BEST_WEIGHTS).exists()
    shutil.copytree(interrupted, tmp_path, dirs_exist_ok=True)
    watcher = Watcher()
    resumed = train(SHORT, *few, tmp_path, watcher)
    assert (watcher.resumed_after, watcher.batches) == (2, 6)
    assert resumed.points == uninterrupted[1].points
    assert numbers(resumed) == numbers(uninterrupted[1])
    np.testing.assert_array_equal(weights(tmp_path), weights(uninterrupted[0]))


@pytest.mark.parametrize("name", [LAST_EPOCH, BEST_WEIGHTS, HISTORY_CSV])
def test_damaged_files_do_not_change_the_numbers(
    name: str,
    uninterrupted: tuple[Path, History],
    interrupted: Path,
    few: Pair,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shutil.copytree(interrupted, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-100])
    watcher = Watcher()
    resumed = train(SHORT, *few, tmp_path, watcher)
    assert watcher.resumed_after == (2 if name == HISTORY_CSV else 1)
    assert len(caplog.messages) == (name != HISTORY_CSV)
    assert resumed.points == uninterrupted[1].points
    assert numbers(resumed) == numbers(uninterrupted[1]) == numbers(History.read(tmp_path / HISTORY_CSV))
    np.testing.assert_array_equal(weights(tmp_path), weights(uninterrupted[0]))


def test_a_finished_training_is_not_repeated(uninterrupted: tuple[Path, History], few: Pair) -> None:
    watcher = Watcher()
    assert train(SHORT, *few, uninterrupted[0], watcher) == uninterrupted[1]
    assert watcher.batches == 0


def test_another_config_or_other_data_stop_before_anything_is_overwritten(
    uninterrupted: tuple[Path, History], few: Pair
) -> None:
    def content() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in uninterrupted[0].rglob("*") if path.is_file()}

    before = content()
    with pytest.raises(RunError, match=r"was begun with seed 0, not seed 1: "):
        train(replace(SHORT, seed=1), *few, uninterrupted[0], Watcher())
    with pytest.raises(RunError, match=r"was begun with validation images .*, not validation images"):
        train(SHORT, few[0], few[0], uninterrupted[0], Watcher())
    with pytest.raises(RunError, match="was begun with validation images"):
        calibrate_and_export(uninterrupted[0], few[0])
    assert content() == before


def test_the_run_of_an_open_notebook_is_not_trained_under_other_parameters(
    reports: Path, digits: Pair, few: Pair
) -> None:
    """Begun, but not trained yet."""
    run = current_run("02_train", {"preset": "baseline", "epochs": 3, "batch_size": 60, "seed": 0}, digits)
    with pytest.raises(RunError, match="was begun with epochs 3, not epochs 2"):
        train(replace(SHORT, epochs=2), *few, run.path, Watcher())
    assert not (run.path / "checkpoints").exists()
    train(replace(SHORT, min_steps=0), *few, run.path, Watcher(stop_at=1))
    run.release()


def test_fewer_images_than_a_batch_are_said_in_a_line(few: Pair, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"^360 training images do not fill a batch of 361: take more images"):
        train(replace(SHORT, batch_size=361), *few, tmp_path, Watcher())
    assert list(tmp_path.iterdir()) == []


def test_a_training_of_one_step_can_rise_and_fall(few: Pair, tmp_path: Path) -> None:
    assert len(train(replace(ONE_CYCLE, epochs=1, batch_size=360), *few, tmp_path, Watcher())) == 1


def test_nothing_trained_is_nothing_to_export(few: Pair, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"nothing has been trained in .*: run 02_train first"):
        calibrate_and_export(tmp_path, few[1])


def test_stop_ends_after_the_batch_and_keeps_the_best_weights(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path
) -> None:
    watcher = Watcher(stop_at=9)
    stopped = train(SHORT, *few, tmp_path, watcher)
    assert watcher.batches == 9
    assert numbers(stopped) == numbers(uninterrupted[1])[:1]
    assert stopped.points == uninterrupted[1].up_to(1).points
    assert numbers(train(SHORT, *few, tmp_path, Watcher())) == numbers(uninterrupted[1])


def test_an_interrupt_ends_it_as_stop_does_and_is_raised_again(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path
) -> None:
    watcher = Watcher(interrupt_at=9)
    with pytest.raises(KeyboardInterrupt):
        train(SHORT, *few, tmp_path, watcher)
    assert watcher.batches == 9
    assert watcher.ended == (numbers(uninterrupted[1])[:1], False)
    again = Watcher()
    assert numbers(train(SHORT, *few, tmp_path, again)) == numbers(uninterrupted[1])
    assert again.ended == (numbers(uninterrupted[1]), True)


def test_an_interrupt_in_the_first_epoch_leaves_usable_weights(few: Pair, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(SHORT, *few, tmp_path, Watcher(interrupt_at=2))
    assert weights(tmp_path).size == 225_034


def test_a_view_is_closed_after_an_error_too(few: Pair, tmp_path: Path) -> None:
    watcher = Watcher(raise_at=2)
    with pytest.raises(KeyboardInterrupt):
        train(SHORT, *few, tmp_path, watcher)
    assert watcher.ended == ([], False)


def test_stop_at_the_end_of_an_epoch_keeps_that_epoch(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path
) -> None:
    assert numbers(train(SHORT, *few, tmp_path, Watcher(stop_at=12))) == numbers(uninterrupted[1])[:2]


def test_stop_in_the_first_epoch_leaves_usable_weights(
    uninterrupted: tuple[Path, History], few: Pair, tmp_path: Path
) -> None:
    stopped = train(SHORT, *few, tmp_path, Watcher(stop_at=2))
    assert len(stopped) == 1
    assert weights(tmp_path).size == 225_034
    assert numbers(train(SHORT, *few, tmp_path, Watcher())) == numbers(uninterrupted[1])


def test_it_ends_early_when_validation_stops_improving(few: Pair, tmp_path: Path) -> None:
    # With a step size near 0 nothing improves: the first epoch stays the best.
    history = train(replace(SHORT, learning_rate=1e-12, epochs=20), *few, tmp_path, Watcher())
    assert (history.kept.number, len(history)) == (1, 1 + SHORT.patience)


ONE_CYCLE = replace(
    SHORT,
    warmup_fraction=0.3,
    weight_decay=0.01,
    label_smoothing=0.05,
    patience=0,
    distortion=Distortion(rotation=10, scale=0.1, shear=0.1, shift=1, thickness=0.3),
)


@pytest.fixture(scope="module")
def one_cycle(few: Pair, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, History, Path]:
    """A training whose step size rises and falls, and the folder of the same one interrupted in its second epoch."""
    whole, cut = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("cut")
    history = train(ONE_CYCLE, *few, whole, Watcher())
    with pytest.raises(KeyboardInterrupt):
        train(ONE_CYCLE, *few, cut, Watcher(raise_at=9))
    return whole, history, cut


def test_a_distorted_training_resumes_with_the_same_step_sizes_and_random_numbers(
    one_cycle: tuple[Path, History, Path], few: Pair, tmp_path: Path
) -> None:
    whole, history, cut = one_cycle
    shutil.copytree(cut, tmp_path, dirs_exist_ok=True)
    assert numbers(train(ONE_CYCLE, *few, tmp_path, Watcher())) == numbers(history)
    np.testing.assert_array_equal(weights(tmp_path), weights(whole))


def test_one_cycle_rises_to_the_step_size_and_falls_to_zero(one_cycle: tuple[Path, History, Path]) -> None:
    whole, _, cut = one_cycle
    last, first = (
        float(keras.saving.load_model(folder / LAST_EPOCH).optimizer.learning_rate) for folder in (whole, cut)
    )
    assert first == pytest.approx(1e-3, rel=0.01), "the sixth step of eighteen: the fifth is the highest"
    assert 0 < last < 0.02 * first


def test_a_training_to_the_end_keeps_the_last_weights_and_ignores_patience(few: Pair, tmp_path: Path) -> None:
    config = replace(ONE_CYCLE, learning_rate=1e-12, epochs=5)
    history = train(config, *few, tmp_path, Watcher())
    assert (len(history), history.kept.number) == (5, 5)


def test_a_training_with_outliers_learns_what_is_no_digit_and_resumes_with_the_same_numbers(
    digits: Pair, few: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dark_on_light = Digits("outliers", 255 - few[0].images[:120], np.zeros(120, np.uint8))
    monkeypatch.setattr("mnistlab.training.learner.examples.load_outliers", lambda for_training: dark_on_light)
    config = replace(ONE_CYCLE, architecture="drawn", epochs=2, outliers=1.0, learning_rate=0.01, distortion=None)
    whole = train(config, *few, tmp_path / "whole", Watcher())
    with pytest.raises(KeyboardInterrupt):
        train(config, *few, tmp_path / "cut", Watcher(raise_at=9))  # in the second epoch
    assert numbers(train(config, *few, tmp_path / "cut", Watcher())) == numbers(whole)
    calibrate_and_export(tmp_path / "cut", few[1])
    predictor = Predictor.from_run(tmp_path / "cut")
    assert predictor.predict_images(few[1].images).shape == (40, 10)
    of_digits = predictor.digit_probabilities(digits[1].images)
    of_others = predictor.digit_probabilities(255 - digits[1].images)
    assert of_digits is not None
    assert of_others is not None
    assert of_digits.mean() > of_others.mean() + 0.2


@pytest.fixture(scope="module")
def with_snapshots(few: Pair, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training with snapshots."""
    folder = tmp_path_factory.mktemp("snapshots")
    Run(folder).update(notebook="02_train")
    train(SHORT, *few, folder, Watcher(), snapshots=True)
    return folder


def test_snapshots_are_the_model_before_the_training_and_after_each_epoch(
    uninterrupted: tuple[Path, History], with_snapshots: Path, few: Pair
) -> None:
    assert snapshot_epochs(with_snapshots) == Run(with_snapshots).record.extra["snapshots"] == [0, 1, 2, 3]
    history = History.read(with_snapshots / HISTORY_CSV)
    assert numbers(history) == numbers(uninterrupted[1]), "they change nothing"
    for epoch in history.epochs:
        found = accuracy(infer(model_after(with_snapshots, epoch.number), few[1].images), few[1].labels)
        assert found == pytest.approx(epoch.validation_accuracy)
    assert accuracy(infer(model_after(with_snapshots, 0), few[1].images), few[1].labels) < 0.4


@pytest.mark.parametrize("stop", [{"raise_at": 15}, {"interrupt_at": 15}, {"stop_at": 15}, {"stop_at": 2}])
def test_an_interrupted_training_gets_the_same_snapshots(
    stop: dict[str, int], with_snapshots: Path, few: Pair, tmp_path: Path
) -> None:
    with suppress(KeyboardInterrupt):
        train(SHORT, *few, tmp_path, Watcher(**stop), snapshots=True)
    assert snapshot_epochs(tmp_path) == ([0, 1] if stop == {"stop_at": 2} else [0, 1, 2])
    SnapshotWriter(tmp_path, SHORT.epochs).add(3, [np.ones(1)])  # as if it had been killed before it saved that epoch
    train(SHORT, *few, tmp_path, Watcher(), snapshots=True)
    assert snapshot_epochs(tmp_path) == [0, 1, 2, 3]
    for epoch in range(4):
        for found, expected in zip(*(read_snapshot(each, epoch) for each in (tmp_path, with_snapshots)), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_a_training_that_begins_anew_has_no_snapshots_of_before(few: Pair, tmp_path: Path) -> None:
    train(SHORT, *few, tmp_path, Watcher(stop_at=7), snapshots=True)
    shutil.rmtree(tmp_path / CHECKPOINTS)
    shutil.rmtree(tmp_path / PREVIOUS_CHECKPOINTS, ignore_errors=True)
    (tmp_path / HISTORY_CSV).unlink()
    train(SHORT, *few, tmp_path, Watcher(stop_at=1))
    assert snapshot_epochs(tmp_path) == [0]


def test_event_files_for_tensorboard_are_written_if_asked_for(few: Pair, tmp_path: Path) -> None:
    event_accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator", reason="needs pip install 'mnistlab[tensorboard]'"
    )
    history = train(replace(SHORT, epochs=2), *few, tmp_path, Watcher(), tensorboard=True)
    events = event_accumulator.EventAccumulator(str(tmp_path / "tensorboard" / "validation"))
    events.Reload()
    steps = [event.step for event in events.Tensors("epoch_accuracy")]
    told = [float(tf.make_ndarray(event.tensor_proto)) for event in events.Tensors("epoch_accuracy")]
    assert steps == [0, 1]
    assert told == pytest.approx(history.column("validation_accuracy"))


def test_without_tensorboard_it_says_how_to_get_it_before_anything_is_trained(
    few: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistlab.errors.find_spec", lambda name: None)
    with pytest.raises(WorkbenchError, match=r"tensorboard is not installed: pip install 'mnistlab\[tensorboard\]'"):
        train(SHORT, *few, tmp_path, Watcher(), tensorboard=True)
    with pytest.raises(WorkbenchError, match="tensorboard is not installed"):
        Planner("02_train").plan({"dataset": "digits", "tensorboard": "True"})


SIX_EXPORTS = """
import sys
from pathlib import Path
from mnistlab.data import load_dataset, sample, split
from mnistlab.training.export import calibrate_and_export
validation = split(sample(load_dataset("digits")[0], 400, seed=0), 0.1, seed=0)[1]
for _ in range(6):
    calibrate_and_export(Path(sys.argv[1]), validation)
"""


def test_tensorflow_does_not_warn_of_retracing_after_several_runs_in_one_process(
    uninterrupted: tuple[Path, History], tmp_path: Path
) -> None:
    """In a new process, as TensorFlow gives this warning only twice."""
    shutil.copytree(uninterrupted[0], tmp_path, dirs_exist_ok=True)
    run = subprocess.run([sys.executable, "-c", SIX_EXPORTS, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "retracing" not in run.stderr
