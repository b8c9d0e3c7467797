import json
from pathlib import Path

import pytest

from mnistlab.errors import RunError
from mnistlab.runs.record import RunRecord, RunState
from mnistlab.runs.registry import compare, list_runs, remove
from mnistlab.runs.run import Run
from mnistlab.runs.snapshot import RunSnapshot, is_held
from mnistlab.system.files import reference_dir


def written(reports: Path, name: str, **info: object) -> Path:
    (reports / name).mkdir(parents=True)
    (reports / name / "run.json").write_text(json.dumps({"state": "complete", "notebook": "02_train", **info}))
    return reports / name


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"state": "comp', '"text"', "\x00\xff"])
def test_a_broken_run_is_listed_as_what_it_is(reports: Path, text: str) -> None:
    written(reports, "02_train-good", metrics={"validation_accuracy": 0.9})
    (reports / "02_train-bad").mkdir()
    (reports / "02_train-bad" / "run.json").write_text(text, encoding="latin-1")
    bad = {run.name: run for run in list_runs()}["02_train-bad"]
    assert bad.state == "damaged"
    assert bad.reason.startswith("run.json cannot be read: ")
    assert compare().loc["02_train-bad", "reason"] == bad.reason
    assert compare().loc["02_train-good", "accuracy"] == 0.9


def test_a_listing_does_not_change_and_the_next_one_is_new(reports: Path) -> None:
    path = written(reports, "02_train-a")
    (before,) = list_runs()
    Run(path).fail(RunState.FAILED, "it broke")
    (after,) = list_runs()
    assert (before.state, after.state, after.reason) == ("complete", "failed", "it broke")


def test_listing_reads_each_run_once_and_nothing_else(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(3):
        written(reports, f"02_train-{i}")
    read: list[str] = []
    original = Path.read_text

    def counted(self: Path, *args: object, **kwargs: object) -> str:
        read.append(f"{self.parent.name}/{self.name}")
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", counted)
    compare()
    assert sorted(read) == [f"02_train-{i}/run.json" for i in range(3)]


def test_runs_are_compared_by_what_they_were_asked_and_what_they_measured(reports: Path) -> None:
    written(
        reports,
        "02_train-a",
        dataset={"name": "mnist", "sha256": {"train": "ab", "test": "cd"}},
        parameters={"dataset": "auto", "epochs": 0, "seed": 1},
        metrics={"epochs": 7, "validation_accuracy": 0.97, "test_accuracy": 0.96},
        code={"library": "ef"},
        git={"commit": "12", "dirty": False},
        executed={"02_train": {"id": "a", "seconds": 2.5}},
        started="2026-01-01T00:00:00+00:00",
    )
    written(reports, "02_train-b", parameters={"seed": 2}, started="2026-01-02T00:00:00+00:00")
    table = compare()
    assert list(table.index) == ["02_train-b", "02_train-a"]
    row = table.loc["02_train-a"]
    assert (row["dataset"], row["dataset_asked"]) == ("mnist", "auto")
    assert (row["epochs"], row["epochs_measured"], row["accuracy"], row["seconds"]) == (0, 7, 0.96, 2.5)
    assert (row["train_sha256"], row["library_sha256"], row["commit"]) == ("ab", "ef", "12")
    assert list(table.columns[:7]) == ["notebook", "state", "reason", "dataset", "accuracy", "seconds", "started"]
    assert table["accuracy"].isna().tolist() == [True, False]


def test_no_runs_are_an_empty_table(reports: Path) -> None:
    assert len(compare()) == 0


def test_a_run_that_is_being_run_is_not_removed(reports: Path) -> None:
    run = Run(written(reports, "02_train-a", state="running"))
    run.hold()
    assert is_held(run.path)
    with pytest.raises(RunError, match="02_train-a is running: stop it first"):
        remove(run)
    run.release()
    remove(run)
    assert not run.path.exists()


def test_a_snapshot_says_what_it_is() -> None:
    content = {"state": "complete", "notebook": "02_train", "metrics": {"epochs": 2}}
    record = RunSnapshot(Path("02_train-a"), RunRecord.read(content))
    assert repr(record) == "Run(02_train, 2 epochs, complete)"
    assert (record.name, record.id, record.score, record.accuracy) == ("02_train-a", "a", None, None)


FULL = {
    "notebook": "02_train",
    "state": "failed",
    "error": {"message": "it broke", "traceback": "...", "cell": 3},
    "parameters": {"seed": 1},
    "seed": 1,
    "dataset": {"name": "mnist", "asked_for": "auto", "replaces_mnist": False, "sha256": {"train": "a"}, "note": "x"},
    "code": {"library": "ef"},
    "git": {"commit": "12", "dirty": False},
    "versions": {"python": "3.12"},
    "hardware": {"cores": 2},
    "started": "2026-01-01T00:00:00+00:00",
    "finished": None,
    "executed": {"02_train": {"id": "a", "seconds": 2.5, "phases": {"computing": 2.5}, "host": "b"}},
    "metrics": {"epochs": 7},
    "drawn_digits": {"count": 12},
}


def test_a_record_is_written_as_it_was_read_with_what_it_does_not_know() -> None:
    record = RunRecord.parse(json.dumps(FULL))
    assert (record.state, record.error and record.error.message) == (RunState.FAILED, "it broke")
    assert json.loads(record.text()) == FULL


def test_an_update_keeps_what_the_record_does_not_know(reports: Path) -> None:
    run = Run(written(reports, "02_train-a", future={"x": 1}, dataset={"name": "mnist", "note": "y"}))
    run.update(trials=[1, 2])
    run.finish(accuracy=0.5)
    content = json.loads((run.path / "run.json").read_text())
    assert (content["future"], content["trials"]) == ({"x": 1}, [1, 2])
    assert content["dataset"]["note"] == "y"


@pytest.mark.parametrize(
    "wrong", [{"state": "done"}, {"metrics": [1]}, {"error": "text"}, {"executed": {"02_train": {}}}]
)
def test_a_record_of_another_form_is_that_of_a_damaged_run(wrong: dict[str, object]) -> None:
    record = RunRecord.parse(json.dumps({"state": "complete", **wrong}))
    assert record.state == RunState.DAMAGED
    assert record.reason.startswith("run.json cannot be read: ")


def test_a_run_of_an_open_notebook_took_from_its_start_to_its_end(reports: Path) -> None:
    path = written(reports, "02_train-a", started="2026-01-01T00:00:00+00:00", finished="2026-01-01T00:01:30+00:00")
    assert Run(path).seconds == 90
    assert Run(written(reports, "02_train-b", started="2026-01-01T00:00:00+00:00")).seconds is None


def test_reference_reports_are_read_as_complete() -> None:
    found = list_runs(reference_dir()) + list_runs(reference_dir() / "sweep")
    assert len(found) >= 38
    assert {run.state for run in found} == {RunState.COMPLETE}
    assert all(run.score is not None for run in found if run.notebook == "02_train")
