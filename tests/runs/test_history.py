from dataclasses import replace
from pathlib import Path

from mnistlab.runs.history import Epoch, History
from mnistlab.system.formatting import span


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
    written = history(0.1 + 0.2, 1 / 3)
    written.write(tmp_path / "history.csv")
    assert History.read(tmp_path / "history.csv") == written
    assert History.read(tmp_path / "history.csv", to_the_end=True) == replace(written, to_the_end=True)


def test_no_file_is_an_empty_history(tmp_path: Path) -> None:
    assert len(History.read(tmp_path / "history.csv")) == 0


def test_it_says_what_it_is() -> None:
    assert repr(history(0.5, 0.987)) == "History(2 epochs, kept 2: validation accuracy 98.70%)"
    assert repr(History()) == "History(no epoch finished)"


def test_a_duration_is_told_in_the_largest_unit_that_leaves_two_of_it() -> None:
    assert [span(seconds) for seconds in (0.4, 119, 120, 7199, 7200, 172_799, 172_800)] == [
        *["0 s", "119 s", "2 min", "120 min", "2 h", "48 h", "2 d"]
    ]
