"""Without Keras: what is saved is a text."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab.errors import RunError
from mnistlab.runs.history import Epoch, Point
from mnistlab.system.run_files import BEST_WEIGHTS, HISTORY_CSV, LAST_EPOCH, STATE
from mnistlab.training.checkpoints import Checkpoints, TrainingLength, finished_state, read_length

LENGTH = TrainingLength(epochs=5, steps_per_epoch=10)
ORIGIN_OF_RUN = {"architecture": "baseline", "seed": 0, "train": "a" * 64, "validation": "b" * 64}


def epoch(number: int, accuracy: float) -> Epoch:
    return Epoch(number, 0.5, 0.9, 0.4, accuracy, 1.0)


def saving(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text)


def begun(folder: Path, patience: int = 2) -> Checkpoints:
    checkpoints = Checkpoints(folder, LENGTH, patience)
    checkpoints.begin(ORIGIN_OF_RUN)
    return checkpoints


def test_it_needs_neither_keras_nor_tensorflow() -> None:
    program = "import sys, mnistlab.training.checkpoints; print({'keras', 'tensorflow'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_length_is_written_down_at_the_start(tmp_path: Path) -> None:
    assert read_length(tmp_path) is None
    begun(tmp_path)
    assert read_length(tmp_path) == LENGTH
    assert LENGTH.steps == 50


def test_the_weights_of_the_best_epoch_are_kept(tmp_path: Path) -> None:
    checkpoints = begun(tmp_path)
    for number, accuracy in enumerate((0.7, 0.9, 0.8), start=1):
        checkpoints.add_epoch(epoch(number, accuracy), saving(f"weights {number}"), saving(f"all {number}"))
    assert (tmp_path / BEST_WEIGHTS).read_text() == "weights 2"
    assert (tmp_path / LAST_EPOCH).read_text() == "all 3"
    assert len((tmp_path / HISTORY_CSV).read_text().splitlines()) == 4


def test_it_is_finished_after_all_epochs_or_when_patience_runs_out(tmp_path: Path) -> None:
    patient, to_the_end = begun(tmp_path / "patient"), begun(tmp_path / "end", patience=0)
    finished = []
    for number, accuracy in enumerate((0.7, 0.6, 0.6, 0.6, 0.6), start=1):
        for checkpoints in (patient, to_the_end):
            checkpoints.add_epoch(epoch(number, accuracy), saving("w"), saving("a"))
        finished.append((patient.finished, to_the_end.finished))
    assert finished == [(False, False), (False, False), (True, False), (True, False), (True, True)]


def test_it_resumes_after_the_epoch_that_was_saved_with_the_curves_up_to_there(tmp_path: Path) -> None:
    checkpoints = begun(tmp_path)
    for number in (1, 2):
        checkpoints.add_point(Point(number - 0.5, 0.6, 0.8))
        checkpoints.add_epoch(epoch(number, 0.8), saving("w"), saving(f"all {number}"))
    checkpoints.add_point(Point(2.5, 0.6, 0.8))  # of an epoch that is not finished
    resumed = begun(tmp_path)
    assert resumed.resume(Path.read_text) == "all 2"
    assert [e.number for e in resumed.history.epochs] == [1, 2]
    assert [point.number for point in resumed.history.points] == [0.5, 1.5]
    assert begun(tmp_path / "other").resume(Path.read_text) is None


def test_an_epoch_that_was_cut_short_leaves_weights_but_begins_anew(tmp_path: Path) -> None:
    begun(tmp_path).add_epoch(epoch(1, 0.8), saving("w"), None)
    assert (tmp_path / BEST_WEIGHTS).read_text() == "w"
    assert finished_state(tmp_path).origin["seed"] == 0
    resumed = begun(tmp_path)
    assert (resumed.resume(Path.read_text), len(resumed.history)) == (None, 0)


def test_the_weights_of_damaged_checkpoints_are_not_exported(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="nothing has been trained in"):
        finished_state(tmp_path)
    checkpoints = begun(tmp_path)
    with pytest.raises(RunError, match="nothing has been trained in"):
        finished_state(tmp_path)
    for number in (1, 2):
        checkpoints.add_epoch(epoch(number, 0.8), saving("w"), saving(f"all {number}"))
    (tmp_path / BEST_WEIGHTS).write_text("")
    with pytest.raises(RunError, match=r"^checkpoints/best.weights.h5 is damaged in .*: train again, which goes on"):
        finished_state(tmp_path)


def test_points_of_an_epoch_that_was_not_finished_are_forgotten(tmp_path: Path) -> None:
    checkpoints = begun(tmp_path)
    checkpoints.add_epoch(epoch(1, 0.8), saving("w"), saving("all"))
    checkpoints.add_point(Point(1.5, 0.6, 0.8))
    checkpoints.discard_unfinished_epoch()
    assert checkpoints.history.points == ()


def test_a_folder_of_another_training_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "02_train-1"
    begun(folder)
    before = (folder / STATE).read_bytes()
    with pytest.raises(RunError) as other:
        Checkpoints(folder, LENGTH, 2).begin({**ORIGIN_OF_RUN, "seed": 1, "train": "c" * 64})
    assert str(other.value) == (
        "02_train-1 was begun with seed 0, training images aaaaaaaa, not seed 1, training images cccccccc: "
        "run the cell with current_run again to begin a new run, or the command with --force"
    )
    assert (folder / STATE).read_bytes() == before
