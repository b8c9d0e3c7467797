import socket
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFile

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
        "02_train-bad": "damaged",
    }


def test_a_url_that_nothing_can_read_is_one_line() -> None:
    with pytest.raises(RunError, match=r"nowhere://x cannot be used as a store: "):
        Store("nowhere://x")


@pytest.mark.parametrize(
    "name", ["../../x", "../other/run.json", "a/../../../x", "checkpoints//x", "a\\b", "con", "a\x1bb"]
)
def test_a_name_that_leads_out_of_the_run_copies_nothing(tmp_path: Path, name: str) -> None:
    store = Store(URL)
    files = fsspec.filesystem("memory").store
    for path in ("run.json", name):
        files[f"/bucket/reports/02_train-bad/{path}"] = MemoryFile(None, f"/bucket/reports/02_train-bad/{path}", b"{}")
    with pytest.raises(RunError, match="no name for a file of a run"):
        store.pull(tmp_path / "reports" / "02_train-bad")
    assert list(tmp_path.rglob("*")) == []


def test_a_folder_that_no_run_can_have_is_not_listed() -> None:
    files = fsspec.filesystem("memory").store
    for name in ("..", "a\x1b", "nul", "02_train-good"):
        files[f"/bucket/reports/{name}/run.json"] = MemoryFile(None, f"/bucket/reports/{name}/run.json", b"{}")
    assert list(Store(URL).records()) == ["02_train-good"]


def test_a_link_in_the_place_of_a_run_is_not_followed(run: Run, tmp_path: Path) -> None:
    store = Store(URL)
    store.push(run.path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "copies").mkdir()
    link = tmp_path / "copies" / run.name
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunError, match="is a symbolic link, not a folder"):
        store.pull(link)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_to_a_file_elsewhere_is_not_copied_to_the_store(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (run.path / "secret").symlink_to(tmp_path / "secret")
    Store(URL).push(run.path)
    assert not [name for name in fsspec.filesystem("memory").store if "secret" in name]


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
