import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnistlab.runs.history import Epoch, History, Point
from mnistlab.system.files import reference_dir
from mnistlab.system.formatting import span

POINTS = (Point(0.5, 2.0, 0.3), Point(1.0, 0.9, 0.7), Point(1.5, 0.6, 0.8, 0.5, 0.85), Point(2.0, 0.4, 1 / 3))


def history(*accuracies: float) -> History:
    return History(tuple(Epoch(i, 1 / i, 0.5, 2 / 3, value, 0.1) for i, value in enumerate(accuracies, start=1)))


def test_the_best_epoch_is_the_first_of_the_highest() -> None:
    assert history(0.8, 0.9, 0.9, 0.7).kept.number == 2
    assert history(0.8, 0.9, 0.9, 0.7).epochs_since_kept == 2
    assert History().epochs_since_kept == 0


def test_a_training_to_the_end_keeps_its_last_epoch() -> None:
    to_the_end = replace(history(0.8, 0.9, 0.7), to_the_end=True)
    assert to_the_end.kept.number == 3
    assert to_the_end.epochs_since_kept == 0
    assert to_the_end.up_to(2).kept.number == 2


def test_a_written_history_is_read_back_to_the_last_bit(tmp_path: Path) -> None:
    for written in (history(0.1 + 0.2, 1 / 3), replace(history(0.1 + 0.2, 1 / 3), points=POINTS)):
        written.write(tmp_path / "history.csv")
        assert History.read(tmp_path / "history.csv") == written
        assert History.read(tmp_path / "history.csv", to_the_end=True) == replace(written, to_the_end=True)


def test_the_file_is_in_the_order_of_time_and_seconds_mark_the_epochs(tmp_path: Path) -> None:
    replace(history(0.7, 0.9), points=POINTS).write(tmp_path / "history.csv")
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert lines[0] == "number,loss,accuracy,validation_loss,validation_accuracy,seconds"
    assert lines[1] == "0.5,2.0,0.3,,,"
    assert [line.split(",")[0] for line in lines[1:]] == ["0.5", "1.0", "1", "1.5", "2.0", "2"]


@pytest.mark.parametrize("path", sorted(reference_dir().rglob("history.csv")), ids=lambda path: path.parent.name)
def test_the_histories_of_committed_runs_are_read(path: Path) -> None:
    read = History.read(path)
    assert len(read) + len(read.points) == len(path.read_text().splitlines()) - 1
    numbers = read.curve("loss")[0]
    assert numbers == sorted(numbers)
    assert {*read.column("number")} <= {*numbers}
    assert read.curve("validation_accuracy")[1] == read.column("validation_accuracy")


def test_curves_go_through_points_and_the_ends_of_epochs() -> None:
    measured = replace(history(0.7, 0.9), points=POINTS)
    assert measured.curve("loss") == ([0.5, 1.0, 1.5, 2.0], [2.0, 0.9, 0.6, 0.4])
    assert measured.curve("validation_accuracy") == ([1, 1.5, 2], [0.7, 0.85, 0.9])
    assert replace(measured, points=(Point(0.5, 0.0, 0.0, 0.0, 0.0),)).curve("accuracy") == ([0.5], [0.0])


def test_the_first_epochs_have_only_their_own_points() -> None:
    assert replace(history(0.7, 0.9), points=POINTS).up_to(1).points == POINTS[:2]


def test_no_file_is_an_empty_history(tmp_path: Path) -> None:
    assert len(History.read(tmp_path / "history.csv")) == 0


WHOLE = replace(history(0.7, 0.9), points=POINTS)
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "half": lambda content: content[: len(content) // 2],
    "without its last byte": lambda content: content[:-1],
    "without its head": lambda content: content.split(b"\n", 1)[1],
    "a letter in a number": lambda content: content.replace(b"0.9", b"0.q"),
    "an epoch missing": lambda content: b"".join(
        line for line in content.splitlines(keepends=True) if not line.startswith(b"1,")
    ),
    "an empty line": lambda content: content + b"\r\n",
    "a number missing": lambda content: content.replace(b",0.5,", b","),
    "not UTF-8": lambda content: content.replace(b"0.9", b"\xff\xfe"),
    "zeros": lambda content: bytes(len(content)),
    "JSON": lambda content: b"[1, 2]\n",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_left_out_and_named_in_a_line(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "02_train-1" / "history.csv"
    path.parent.mkdir()
    WHOLE.write(path)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert History.read(path, to_the_end=True) == History(to_the_end=True)
    (said,) = caplog.messages
    assert re.fullmatch(r"02_train-1/history.csv is damaged and left out \(.+\)", said)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_left_out(
    make: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make(tmp_path / "history.csv")
    assert History.read(tmp_path / "history.csv") == History()
    assert caplog.messages[0].endswith("/history.csv is damaged and left out (not a file)")


def test_no_cut_or_flipped_bit_of_a_file_is_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    WHOLE.write(path)
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place])
        assert History.read(path).up_to(len(WHOLE)) == History.read(path)
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        History.read(path)


def test_a_training_at_chance_is_no_better_than_always_the_commonest_digit() -> None:
    labels = np.repeat(np.arange(10), 20)
    assert history(0.1).is_at_chance(labels)
    assert history(0.12).is_at_chance(labels), "24 of 200 correct answers come about by chance"
    assert not history(0.15).is_at_chance(labels)
    ones = np.array([1] * 60 + [0] * 40)
    assert history(0.6).is_at_chance(ones)
    assert not history(0.9).is_at_chance(ones)
    assert not history(0.9, 0.1).is_at_chance(labels), "the kept epoch counts"


def test_the_conclusion_says_whether_it_learned() -> None:
    labels = np.repeat(np.arange(10), 20)
    assert history(0.1).conclusion(labels) == (
        "It did not learn to read: 10.00% is no better than always giving the same answer (10.00%)."
    )
    assert history(0.5, 0.9).conclusion(labels) == (
        "It reads 90.00% of the validation images; always giving the same answer is right for 10.00%."
    )


def test_it_says_what_it_is() -> None:
    assert repr(history(0.5, 0.987)) == "History(2 epochs, kept 2: validation accuracy 98.70%)"
    assert repr(history(0.987)) == "History(1 epoch, kept 1: validation accuracy 98.70%)"
    assert repr(History()) == "History(no epoch finished)"


def test_a_duration_is_written_in_the_largest_unit_that_leaves_two_of_it() -> None:
    assert [span(seconds) for seconds in (0.4, 119, 120, 7199, 7200, 172_799, 172_800)] == [
        *["0 s", "119 s", "2 min", "120 min", "2 h", "48 h", "2 d"]
    ]
