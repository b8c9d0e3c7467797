from pathlib import Path

import numpy as np
import pytest

from mnistlab.errors import RunError
from mnistlab.training.snapshots.files import (
    MOST,
    SnapshotWriter,
    discard_snapshots,
    read_snapshot,
    snapshot_epochs,
)

WEIGHTS = [np.linspace(-1, 1, 9, dtype=np.float32).reshape(3, 3), np.array([1e6, np.nan], np.float32)]


def test_what_is_written_is_read_with_half_the_precision(tmp_path: Path) -> None:
    SnapshotWriter(tmp_path, 3).add(2, WEIGHTS)
    first, second = read_snapshot(tmp_path, 2)
    assert first.dtype == np.float32
    np.testing.assert_allclose(first, WEIGHTS[0], rtol=1e-3)
    assert second[0] == 65504, "the largest number that there is"
    assert np.isnan(second[1])


@pytest.mark.parametrize("epochs", [1, 3, MOST - 1])
def test_every_epoch_of_a_short_training_has_one(epochs: int, tmp_path: Path) -> None:
    assert SnapshotWriter(tmp_path, epochs).epochs == {*range(epochs + 1)}


def test_of_many_epochs_some_have_one_with_the_first_and_the_last(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path, 100)
    assert len(writer.epochs) == MOST
    for epoch in range(101):
        writer.add(epoch, WEIGHTS)
    found = snapshot_epochs(tmp_path)
    assert (len(found), found[0], found[-1]) == (MOST, 0, 100)
    assert {*np.diff(found)} == {3, 4}


def test_those_after_an_epoch_are_discarded(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path, 5)
    for epoch in range(6):
        writer.add(epoch, WEIGHTS)
    discard_snapshots(tmp_path, after=3)
    assert snapshot_epochs(tmp_path) == [0, 1, 2, 3]


def test_one_that_is_missing_is_said_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"has no snapshot of epoch 2, it has none: train with snapshots True$"):
        read_snapshot(tmp_path, 2)
    SnapshotWriter(tmp_path, 5).add(1, WEIGHTS)
    with pytest.raises(RunError, match=r"has no snapshot of epoch 2, it has 1$"):
        read_snapshot(tmp_path, 2)


@pytest.mark.parametrize("cut", [0, 10, 300])
def test_a_damaged_one_is_said(cut: int, tmp_path: Path) -> None:
    SnapshotWriter(tmp_path, 5).add(1, WEIGHTS)
    (path,) = (tmp_path / "snapshots").iterdir()
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(RunError, match=r"snapshots/epoch-0001.npz of .* is damaged \(.*\): train again$"):
        read_snapshot(tmp_path, 1)


def test_other_files_are_no_snapshots(tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / ".unfinished-epoch-0001.npz").touch()
    (tmp_path / "snapshots" / "mine.npz").touch()
    assert snapshot_epochs(tmp_path) == []
