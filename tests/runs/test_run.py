import json
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from commandline import mnistlab
from processes import Processes, wait_until

from mnistlab.datasets.digits import Digits
from mnistlab.errors import RunError
from mnistlab.runs.record import DatasetInfo, RunState
from mnistlab.runs.registry import find_run, list_runs
from mnistlab.runs.run import Run, current_run

Pair = tuple[Digits, Digits]


def trained(reports: Path, name: str, started: str, state: RunState = RunState.COMPLETE) -> Run:
    run = Run(reports / name)
    run.path.mkdir(parents=True)
    (run.path / "model.weights.h5").touch()
    run.update(notebook="02_train", state=state, started=started, dataset={"name": "mnist"}, metrics={"epochs": 5})
    return run


def test_a_run_says_what_it_is(reports: Path) -> None:
    run = trained(reports, "02_train-abcd1234", "2026-01-01T00:00:00+00:00")
    assert repr(run) == "Run(02_train, mnist, 5 epochs, complete)"
    run.finish(validation_accuracy=0.991)
    assert repr(run) == "Run(02_train, mnist, 5 epochs, 99.10% (validation))"
    run.finish(test_accuracy=0.9912)
    assert repr(run) == "Run(02_train, mnist, 5 epochs, 99.12%)"
    assert (run.name, run.id) == ("02_train-abcd1234", "abcd1234")


def test_beginning_writes_down_where_the_result_will_come_from(reports: Path, digits: Pair) -> None:
    run = Run(reports / "02_train-abcd1234")
    run.hold()
    run.begin("02_train", {"dataset": "auto", "seed": 3}, DatasetInfo.of("auto", *digits))
    record = run.record
    assert record.state == RunState.RUNNING
    assert record.seed == 3
    assert record.dataset
    assert record.dataset.write() == {
        "asked_for": "auto",
        "name": "digits",
        "replaces_mnist": True,
        "images": {"train": 1437, "test": 360},
        "sha256": {"train": digits[0].sha256, "test": digits[1].sha256},
    }
    assert run.replaces_mnist
    assert record.git
    assert record.versions
    assert record.hardware
    run.release()


def test_a_run_whose_process_is_gone_has_failed(reports: Path) -> None:
    run = Run(reports / "02_train-abcd1234")
    run.hold()
    run.begin("02_train", {})
    assert Run(run.path).state == "running"
    run.release()
    assert Run(run.path).state == "failed"
    assert Run(run.path).reason == "the kernel stopped before the run finished"


HOLD = """
import sys, time
from pathlib import Path
from mnistlab.errors import RunError
from mnistlab.runs.run import Run
try:
    run = Run(Path(sys.argv[1]))  # the lock is released with it
    run.hold()
    print("held", flush=True)
    time.sleep(600)
except RunError as error:
    print(error, flush=True)
"""


def test_of_two_that_start_at_the_same_moment_one_runs(reports: Path, processes: Processes) -> None:
    started = [processes.start("-c", HOLD, str(reports / "02_train-x")) for _ in range(2)]
    wait_until(lambda: all(process.output() for process in started))
    assert {process.output().strip() for process in started} == {
        "held",
        "02_train-x is running already: see 'mnistlab runs', or change a parameter",
    }


def test_a_broken_run_is_listed_as_damaged_and_hides_no_other(reports: Path) -> None:
    trained(reports, "02_train-good", "2026-01-01T00:00:00+00:00")
    broken = reports / "02_train-broken"
    broken.mkdir()
    (broken / "run.json").write_text('{"state": "comp')
    assert {run.name: run.state for run in list_runs()} == {"02_train-good": "complete", "02_train-broken": "damaged"}


def test_the_latest_is_the_newest_complete_one(reports: Path) -> None:
    trained(reports, "02_train-old", "2026-01-01T00:00:00+00:00")
    trained(reports, "02_train-new", "2026-01-02T00:00:00+00:00")
    trained(reports, "02_train-failed", "2026-01-03T00:00:00+00:00", state=RunState.FAILED)
    assert find_run().name == "02_train-new"
    assert [run.name for run in list_runs()] == ["02_train-failed", "02_train-new", "02_train-old"]


def test_the_latest_is_not_one_at_chance_unless_all_are(reports: Path) -> None:
    trained(reports, "02_train-old", "2026-01-01T00:00:00+00:00").add_metrics(at_chance=False)
    trained(reports, "02_train-new", "2026-01-02T00:00:00+00:00").add_metrics(at_chance=True)
    assert find_run().name == "02_train-old"
    Run(reports / "02_train-old").add_metrics(at_chance=True)
    assert find_run().name == "02_train-new"


def test_a_run_is_found_by_name_id_or_beginning(reports: Path) -> None:
    for name in ("02_train-abcd", "02_train-abff"):
        trained(reports, name, "2026-01-01T00:00:00+00:00")
    for name in ("02_train-abcd", "abcd", "02_train-abc"):
        assert find_run(name).name == "02_train-abcd"
    with pytest.raises(RunError, match=r"02_train-ab could be .*: give the whole name"):
        find_run("02_train-ab")
    with pytest.raises(RunError, match=r"no trained run named 02_train-zz .*run 02_train first"):
        find_run("02_train-zz")


def test_where_there_is_none_the_error_says_how_to_get_one(reports: Path) -> None:
    with pytest.raises(RunError, match=r"no trained run in .*: run 02_train first, or 'mnistlab train'"):
        find_run()


def test_in_batch_a_notebook_is_given_its_run(reports: Path, digits: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNISTLAB_RUN_DIR", str(reports / "02_train-abcd"))
    assert current_run("02_train", {}, digits).path == reports / "02_train-abcd"
    assert not reports.exists()


def test_an_open_notebook_begins_a_run_that_runs_until_it_is_finished(reports: Path, digits: Pair) -> None:
    run = current_run("02_train", {"dataset": "digits"}, digits)
    assert run.path.parent == reports
    assert Run(run.path).state == "running"
    run.finish(validation_accuracy=0.9)
    assert json.loads((run.path / "run.json").read_text())["state"] == "complete"
    run.release()


def test_in_batch_a_notebook_that_changes_a_parameter_is_stopped(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(reports / "02_train-abcd")
    run.path.mkdir(parents=True)
    run.begin("02_train", {"seed": 1})
    monkeypatch.setenv("MNISTLAB_RUN_DIR", str(run.path))
    assert current_run("02_train", {"seed": 1}).path == run.path
    assert current_run("03_evaluate", {"seed": 2}).path == run.path, "a notebook that is added has its own parameters"
    with pytest.raises(RunError, match=r"02_train-abcd was begun with seed 1, the notebook now has 2"):
        current_run("02_train", {"seed": 2})


def test_two_runs_of_an_open_notebook_in_one_second_have_different_folders(reports: Path) -> None:
    first, second = current_run("02_train", {}), current_run("02_train", {})
    assert first.path != second.path
    assert (first.state, second.state) == (RunState.RUNNING, RunState.RUNNING)
    first.release()
    second.release()


def test_metrics_are_added_to_a_complete_run_and_its_state_stays(reports: Path) -> None:
    run = trained(reports, "02_train-a", "2026-01-01T00:00:00+00:00")
    run.add_metrics(test_accuracy=0.98)
    assert (run.state, run.metrics) == (RunState.COMPLETE, {"epochs": 5, "test_accuracy": 0.98})


class Clock(datetime):
    """The time of day, in a year that a test sets."""

    year_now = 2026

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(cls.year_now, 1, 1, tzinfo=tz)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    for module in ("mnistlab.runs.run", "mnistlab.runs.snapshot", "mnistlab.commands.runs"):
        monkeypatch.setattr(f"{module}.datetime", Clock)
    return Clock


def test_the_order_of_runs_is_that_of_their_begin_whatever_the_clock_says(reports: Path, clock: type[Clock]) -> None:
    trained(reports, "02_train-older-version", "2026-06-01T00:00:00+00:00")
    for name, year in (("right", 2027), ("ahead", 2099), ("back", 1980), ("again", 2028)):
        clock.year_now = year
        run = Run(reports / f"02_train-{name}")
        run.path.mkdir()
        (run.path / "model.weights.h5").touch()
        run.begin("02_train", {})
        run.complete()
    ordered = ["02_train-again", "02_train-back", "02_train-ahead", "02_train-right", "02_train-older-version"]
    assert [run.name for run in list_runs()] == ordered
    assert find_run("latest").name == "02_train-again"
    (reports / ".last-order").unlink()
    run = Run(reports / "02_train-last")
    run.path.mkdir()
    run.begin("02_train", {})
    assert [run.name for run in list_runs()] == ["02_train-last", *ordered]


def test_the_time_that_a_run_took_is_not_that_of_a_clock_that_was_set(reports: Path, clock: type[Clock]) -> None:
    run = current_run("02_train", {})
    clock.year_now = 1980
    run.finish()
    assert run.seconds is not None
    assert 0 <= run.seconds < 600
    run.release()
    older = Run(reports / "02_train-older")
    older.path.mkdir()
    older.update(state="complete", started="2026-01-02T00:00:00+00:00", finished="2026-01-01T00:00:00+00:00")
    assert older.seconds is None


def test_a_run_from_the_future_has_no_age(reports: Path, clock: type[Clock]) -> None:
    trained(reports, "02_train-a", "2050-01-01T00:00:00+00:00")
    assert mnistlab("runs")[1].split("\n")[2].endswith("clock differs")
    assert "started 2050-01-01 00:00 UTC (clock differs)" in mnistlab("show", "a")[1]


ORDERS = """
import sys
from pathlib import Path
from mnistlab.runs.snapshot import next_order
print([next_order(Path(sys.argv[1])) for _ in range(200)])
"""


def test_two_processes_never_give_the_same_order(reports: Path, processes: Processes) -> None:
    reports.mkdir()
    started = [processes.start("-c", ORDERS, str(reports)) for _ in range(2)]
    wait_until(lambda: all(process.poll() is not None for process in started))
    orders = [json.loads(process.output()) for process in started]
    assert len({*orders[0], *orders[1]}) == 400
    assert all(one == sorted(one) for one in orders)
