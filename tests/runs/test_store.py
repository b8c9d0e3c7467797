import socket
from pathlib import Path

import fsspec
import pytest

from mnistlab.errors import RunError
from mnistlab.runs.record import RunState
from mnistlab.runs.registry import find_run, list_runs
from mnistlab.runs.run import Run
from mnistlab.runs.store import Store

URL = "memory://bucket/reports"


@pytest.fixture(autouse=True)
def empty() -> None:
    fsspec.filesystem("memory").store.clear()


@pytest.fixture
def run(reports: Path) -> Run:
    run = Run(reports / "02_train-abcd")
    run.hold()
    run.update(notebook="02_train", state=RunState.COMPLETE, started="2026-01-01T00:00:00+00:00")
    (run.path / "checkpoints").mkdir()
    (run.path / "checkpoints" / "best.weights.h5").write_bytes(b"weights")
    (run.path / "model.weights.h5").write_bytes(b"kept")
    run.release()
    return run


def test_a_run_comes_back_as_it_was(run: Run, tmp_path: Path) -> None:
    store = Store(URL)
    store.push(run.path)
    assert store.records() == {run.name: run.record}
    copy = tmp_path / "elsewhere" / run.name
    assert store.pull(copy)
    assert (copy / "checkpoints" / "best.weights.h5").read_bytes() == b"weights"
    assert Run(copy).record == run.record
    assert not (copy / ".lock").exists()
    assert not store.pull(tmp_path / "elsewhere" / "02_train-none")


def test_what_is_in_the_store_is_listed_and_fetched_when_it_is_wanted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(URL).push(run.path)
    assert [found.name for found in list_runs(store=URL)] == [run.name], "once, though it is here too"
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", str(tmp_path / "elsewhere"))
    assert list_runs() == []
    assert [found.state for found in list_runs(store=URL)] == ["complete"]
    assert find_run("abcd", trained=False, store=URL).path == tmp_path / "elsewhere" / run.name
    assert [found.name for found in list_runs()] == [run.name]


def test_a_broken_copy_hides_no_other(run: Run) -> None:
    store = Store(URL)
    store.push(run.path)
    fsspec.filesystem("memory").pipe("/bucket/reports/02_train-bad/run.json", b"{")
    assert {name: record.state for name, record in store.records().items()} == {
        run.name: "complete",
        "02_train-bad": "failed",
    }


def test_a_url_that_nothing_can_read_is_one_line() -> None:
    with pytest.raises(RunError, match=r"nowhere://x cannot be used as a store: "):
        Store("nowhere://x")


def test_a_store_that_does_not_answer_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ftp://127.0.0.1:{silent.getsockname()[1]}/reports"
        monkeypatch.setattr("mnistlab.runs.store.ANSWER_TIMEOUT", 0.3)
        with pytest.raises(RunError) as caught:
            Store(url)
        assert str(caught.value) == f"{url} cannot be used as a store: no answer within 0.3 s"


def test_a_store_that_refuses_the_connection_is_one_line() -> None:
    with pytest.raises(RunError, match=r"ftp://127.0.0.1:9/reports cannot be used as a store: .*refused"):
        Store("ftp://127.0.0.1:9/reports")
