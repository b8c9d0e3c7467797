import socket
from pathlib import Path

import fsspec
import fsspec.implementations.memory
import pytest

from mnistlab.errors import RunError, WorkbenchError
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
    "name",
    [
        "../escaped",
        "checkpoints/../../escaped",
        "/absolute",
        "a//b",
        "./a",
        "a/.",
        "..\\escaped",
        "C:escaped",
        "a\x1b[2J",
        "a\nb",
        "ends with a dot.",
        "ends with a space ",
        "nul.txt",
        "com1",
        "cafe\u0301",
        "\u202egnp",
        "x" * 300,
        "...",
        "a:stream",
        "what?",
    ],
    ids=lambda name: ascii(name)[:30],
)
def test_a_name_that_leads_elsewhere_copies_nothing(run: Run, tmp_path: Path, name: str) -> None:
    store = Store(URL)
    store.push(run.path)
    fsspec.filesystem("memory").store[f"/bucket/reports/{run.name}/{name}"] = MemoryFile(data=b"x")
    before = set(tmp_path.rglob("*"))
    with pytest.raises(WorkbenchError, match="is no name that a file in"):
        store.pull(tmp_path / run.name)
    assert set(tmp_path.rglob("*")) == before


class MemoryFile(fsspec.implementations.memory.MemoryFile):
    """A file under a name that the file system would not have taken."""

    def __init__(self, data: bytes) -> None:
        super().__init__(None, "", data)


def test_names_that_runs_have_are_copied(run: Run, tmp_path: Path) -> None:
    names = ["events.out.tfevents.17.host-1.4.0.v2", "숫자.png", "a b (2).csv", ".hidden", "x=1,y=2+~@.txt"]
    for name in names:
        (run.path / name).write_bytes(b"x")
    store = Store(URL)
    store.push(run.path)
    assert store.pull(tmp_path / run.name)
    assert {name for name in names if (tmp_path / run.name / name).exists()} == set(names)


def test_a_run_whose_name_leads_elsewhere_is_not_listed(run: Run) -> None:
    store = Store(URL)
    store.push(run.path)
    for name in ("..", "a\x1b", "C:x"):
        fsspec.filesystem("memory").store[f"/bucket/reports/{name}/run.json"] = MemoryFile(b"{}")
    assert list(store.records()) == [run.name]


def test_a_copy_that_fails_in_the_middle_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, copy = Store(URL), tmp_path / "elsewhere" / run.name
    store.push(run.path)
    monkeypatch.setattr("mnistlab.runs.store.MAX_SIZE", 10)  # less than the record has; the weights fit
    with pytest.raises(RunError, match="is not copied: the run has more than"):
        store.pull(copy)
    monkeypatch.setattr("mnistlab.runs.store.MAX_FILES", 2)
    with pytest.raises(RunError, match="is not copied: it has 3 files, 2 at most"):
        store.pull(copy)
    assert list(copy.parent.iterdir()) == []


def test_names_that_differ_in_case_only_are_refused(run: Run, tmp_path: Path) -> None:
    store = Store(URL)
    store.push(run.path)
    fsspec.filesystem("memory").pipe(f"/bucket/reports/{run.name}/MODEL.weights.h5", b"x")
    with pytest.raises(RunError, match="upper and lower case only"):
        store.pull(tmp_path / run.name)


def test_what_is_in_the_place_of_a_copy_stays(run: Run, tmp_path: Path) -> None:
    store = Store(URL)
    store.push(run.path)
    here, elsewhere = tmp_path / "here" / run.name, tmp_path / "elsewhere"
    elsewhere.mkdir()
    here.parent.mkdir()
    here.symlink_to(elsewhere)
    with pytest.raises(RunError, match="is a symbolic link: remove it"):
        store.pull(here)
    assert list(elsewhere.iterdir()) == []
    here.unlink()
    here.mkdir()
    (here / "checkpoints").symlink_to(elsewhere)
    with pytest.raises(RunError, match="is in the way of the run in the store"):
        store.pull(here)
    assert list(elsewhere.iterdir()) == []
    (here / "checkpoints").unlink()
    (here / ".lock").touch()
    held = Run(here)
    with held.held(), pytest.raises(RunError, match="is running"):
        store.pull(here)
    assert store.pull(here)


def test_a_symbolic_link_is_not_pushed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (run.path / "link").symlink_to(tmp_path / "secret")
    Store(URL).push(run.path)
    assert not [path for path in fsspec.filesystem("memory").store if path.endswith("link")]


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
