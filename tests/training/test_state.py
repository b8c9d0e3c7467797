"""Without Keras: what is saved is a text."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab.errors import RunError
from mnistlab.runs.history import Epoch
from mnistlab.system.run_files import (
    BEST_WEIGHTS,
    CHECKPOINTS,
    HISTORY_CSV,
    LAST_EPOCH,
    MODEL,
    PREVIOUS_CHECKPOINTS,
    STATE,
    STATE_HISTORY,
)
from mnistlab.training.checkpoints import Checkpoints, TrainingLength
from mnistlab.training.state import find_damage, find_state, record_results, restore

ORIGIN = {"architecture": "baseline", "seed": 0, "train": "a" * 64, "validation": "b" * 64}
ACCURACIES = 0.7, 0.9, 0.8


def saving(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text)


def begun(folder: Path, seed: int = 0, length: int = 4) -> Checkpoints:
    checkpoints = Checkpoints(folder, TrainingLength(epochs=length, steps_per_epoch=10), patience=2)
    checkpoints.begin({**ORIGIN, "seed": seed})
    return checkpoints


def train(folder: Path, epochs: int = 3, seed: int = 0, length: int = 4) -> Checkpoints:
    """Go on to the last of these epochs, from a checkpoint that must be that of the epoch before."""
    checkpoints = begun(folder, seed, length)
    done = len(checkpoints.history)
    assert checkpoints.resume(Path.read_text) == (f"all {done} of {seed}" if done else None)
    for number in range(done + 1, epochs + 1):
        epoch = Epoch(number, 0.5 + seed, 0.9, 0.4, ACCURACIES[number - 1], 1.0)
        checkpoints.add_epoch(epoch, saving(f"weights {number} of {seed}"), saving(f"all {number} of {seed}"))
    return checkpoints


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, bytes]:
    """The files of a training of three epochs that nothing happened to."""
    train(tmp_path / "whole")
    return content(tmp_path / "whole")


def test_a_state_and_the_one_before_it_are_kept(whole: dict[str, bytes]) -> None:
    assert sorted(whole) == [
        *("checkpoints-previous/best.weights.h5", "checkpoints-previous/history.csv"),
        *("checkpoints-previous/last.keras", "checkpoints-previous/state.json"),
        *("checkpoints/best.weights.h5", "checkpoints/history.csv", "checkpoints/last.keras", "checkpoints/state.json"),
        "history.csv",
    ]
    assert whole["checkpoints/last.keras"] == b"all 3 of 0"
    assert whole["checkpoints-previous/last.keras"] == b"all 2 of 0"
    assert whole["history.csv"] == whole["checkpoints/history.csv"]


FILES = (LAST_EPOCH, BEST_WEIGHTS, STATE_HISTORY, STATE)


def cut(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])


def flip(path: Path, bit: int) -> None:
    changed = bytearray(path.read_bytes())
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)


def make_folder(path: Path) -> None:
    path.unlink()
    (path / "inner").mkdir(parents=True)


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def take_from(epochs: int, seed: int) -> Callable[[Path], None]:
    """Damage: replace a file by that of another training or another epoch."""

    def take(path: Path) -> None:
        other = path.parents[1].parent / f"other-{epochs}-{seed}"
        train(other, epochs, seed)
        shutil.copy(other / CHECKPOINTS / path.name, path)

    return take


DAMAGES: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "empty": lambda path: cut(path, 0),
    "a list": lambda path: path.write_text("[1, 2]") and None,
    "a deep list": lambda path: path.write_text("[" * 100_000) and None,
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00") and None,
    "a folder": make_folder,
    "a pipe": make_pipe,
    "a link": make_link,
    "of another run": take_from(3, seed=7),
    "of another epoch": take_from(1, seed=0),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_costs_one_epoch_and_the_result_is_the_same(
    name: str, damage: str, whole: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "02_train-1"
    train(folder)
    DAMAGES[damage](folder / name)
    assert len(begun(folder).history) == 2
    described = "checkpoints/" if name == STATE and damage.startswith("of another") else name  # all others do not fit
    assert caplog.messages[0].startswith(f"02_train-1: {described}")
    assert caplog.messages[0].endswith(": the training goes on after epoch 2")
    train(folder)
    assert content(folder) == whole
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("name", FILES)
def test_cuts_and_flipped_bits_are_found_wherever_they_are(name: str, tmp_path: Path) -> None:
    train(tmp_path / "run", epochs=1)
    path = tmp_path / "run" / name
    before = path.read_bytes()
    for length in range(0, len(before), 7):
        cut(path, length)
        assert find_state(tmp_path / "run")[1], f"cut after {length} bytes"
        path.write_bytes(before)
    for bit in range(0, 8 * len(before), 37):
        flip(path, bit)
        assert find_state(tmp_path / "run")[1], f"bit {bit}"
        path.write_bytes(before)
    assert find_state(tmp_path / "run")[1] == ""


@pytest.mark.parametrize("damage", ["missing", "empty", "a list", "a folder", "a pipe", "a link"])
def test_the_curves_for_readers_come_back_from_the_checkpoints(
    damage: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    train(folder)
    DAMAGES[damage](folder / HISTORY_CSV)
    assert len(begun(folder).history) == 3
    assert content(folder) == whole


def test_a_training_without_a_whole_state_begins_anew_and_says_so(
    whole: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "02_train-1"
    train(folder)
    for place in (CHECKPOINTS, PREVIOUS_CHECKPOINTS):
        cut(folder / place / Path(LAST_EPOCH).name, 5)
    assert len(begun(folder).history) == 0
    assert not (folder / HISTORY_CSV).exists(), "nothing of the old training is shown as the new one's"
    assert caplog.messages == [
        "02_train-1: checkpoints/last.keras is damaged, checkpoints-previous/last.keras is damaged: "
        "the training begins anew"
    ]
    train(folder)
    assert content(folder) == whole


def test_checkpoints_of_an_earlier_version_begin_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "02_train-1"
    (folder / CHECKPOINTS).mkdir(parents=True)
    (folder / CHECKPOINTS / "origin.json").write_text("{}")
    (folder / LAST_EPOCH).write_text("all 5")
    train(folder, epochs=1)
    assert caplog.messages == ["02_train-1: checkpoints/state.json is missing: the training begins anew"]
    assert not (folder / CHECKPOINTS / "origin.json").exists()


@pytest.mark.parametrize("kind", ["missing", "a file", "a link"])
def test_without_the_folder_of_the_checkpoints_the_one_before_is_taken(
    kind: str, whole: dict[str, bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    train(folder)
    shutil.rmtree(folder / CHECKPOINTS)
    if kind == "a file":
        (folder / CHECKPOINTS).write_text("")
    elif kind == "a link":
        (folder / CHECKPOINTS).symlink_to("nowhere")
    train(folder)
    assert content(folder) == whole


def test_a_finished_training_keeps_one_state(tmp_path: Path) -> None:
    train(tmp_path, length=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [CHECKPOINTS, HISTORY_CSV]


def test_curves_without_checkpoints_are_not_gone_on_from(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "02_train-1"
    train(folder)
    for place in (CHECKPOINTS, PREVIOUS_CHECKPOINTS):
        shutil.rmtree(folder / place)
    restore(folder)
    assert caplog.messages == ["02_train-1: checkpoints is missing: the training begins anew"]
    assert list(folder.iterdir()) == []


def test_a_folder_that_holds_no_training_stays_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert restore(tmp_path) is None
    assert (list(tmp_path.iterdir()), caplog.messages) == ([], [])


def test_a_description_of_another_form_is_damaged_also_with_its_checksum(tmp_path: Path) -> None:
    train(tmp_path)
    for changed in ({"sha256": ["a"]}, {"origin": 5}, {"results": None}, {"more": 1}):
        described = json.loads((tmp_path / STATE).read_text())["state"] | changed
        checksum = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
        (tmp_path / STATE).write_text(json.dumps({"state": described, "sha256": checksum}))
        assert find_state(tmp_path)[1] == "checkpoints/state.json is damaged"


def test_the_state_of_another_training_is_left_alone_and_force_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "02_train-1"
    train(folder, seed=7)
    before = content(folder)
    with pytest.raises(RunError, match=r"was begun with seed 7, not seed 0: .* or the command with --force$"):
        begun(folder)
    assert content(folder) == before


def test_what_cannot_be_written_is_said_in_a_line_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    checkpoints = train(folder)
    before = content(folder)

    def full(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device", str(path))

    epoch = Epoch(4, 0.5, 0.9, 0.4, 0.9, 1.0)
    with pytest.raises(RunError, match=r"^the training in .*run cannot be saved \(No space left on device, .*\): make"):
        checkpoints.add_epoch(epoch, saving("weights"), full)
    restore(folder)
    assert content(folder) == before


def test_a_checkpoint_that_cannot_be_loaded_is_kept_and_force_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "02_train-1"
    train(folder)
    before = content(folder)

    def load(path: Path) -> str:
        raise KeyError("a layer of the future")

    with pytest.raises(RunError, match=r"^checkpoints/last.keras of 02_train-1 cannot be loaded \(Key.*--force"):
        begun(folder).resume(load)
    assert content(folder) == before


def test_damaged_results_of_a_finished_training_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    train(folder)
    assert find_damage(folder) == "", "not exported yet"
    (folder / MODEL).write_text("model")
    record_results(folder)
    assert find_damage(folder) == ""
    for name in (MODEL, HISTORY_CSV):
        before = (folder / name).read_bytes()
        for damage, said in (
            ("missing", "cannot be read (missing)"),
            ("empty", "is damaged"),
            ("a list", "is damaged"),
        ):
            DAMAGES[damage](folder / name)
            assert find_damage(folder) == f"run/{name} {said}"
            (folder / name).write_bytes(before)
    (folder / STATE).unlink()
    assert find_damage(folder) == "", "nothing to compare with"


KILLS = """
import os, shutil, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_state import content, train as train_epochs

def train(folder):
    train_epochs(folder, epochs=2, length=2)

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree", "shutil.copyfile"}
left = -1

def count(event, arguments):
    global left
    if event in CHANGES or event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        if left == 0:
            os._exit(9)
        left -= 1

def killed(folder, changes):
    global left
    child = os.fork()
    if child == 0:
        left = changes
        train(folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

sys.addaudithook(count)
base = Path(sys.argv[2])
train(base / "whole")
whole, kills = content(base / "whole"), 0
(base / "run").mkdir()
while killed(base / "run", kills):
    kills += 1
    again = kills % 11
    while True:
        shutil.copytree(base / "run", base / "twice", symlinks=True)
        if not killed(base / "twice", again):
            break
        train(base / "twice")
        assert content(base / "twice") == whole, (kills, again)
        shutil.rmtree(base / "twice")
        again += 11
    shutil.rmtree(base / "twice")
    train(base / "run")
    assert content(base / "run") == whole, kills
    shutil.rmtree(base / "run")
    (base / "run").mkdir()
print(kills)
"""


@pytest.mark.slow
def test_a_kill_before_any_change_of_the_disk_loses_nothing(tmp_path: Path) -> None:
    """Also a second one while the training goes on after the first; 'train' checks from where it goes on."""
    run = subprocess.run(
        [sys.executable, "-c", KILLS, str(Path(__file__).parent), str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert int(run.stdout) > 40
