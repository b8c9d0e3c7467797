"""Whatever is in one ``run.json``, the other runs are listed, and an error is one line that says what is wrong."""

import errno
import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from run_edits import edited

from mnistlab.cli import main
from mnistlab.errors import WorkbenchError
from mnistlab.evaluation.comparison import by_setting, comparable, differences, varied, with_setting
from mnistlab.runs.record import RunState
from mnistlab.runs.registry import check_removable, chosen_runs, compare, find_run, list_runs, remove
from mnistlab.runs.run import Run
from mnistlab.system.files import reference_dir
from mnistlab.system.run_files import LAST_EPOCH, MODEL, RUN_JSON, WEIGHTS
from mnistlab.widgets.model_choice import available_models

EDITS = 1000
AT_ONCE = 25
"""Edited runs in a folder: some commands take longer than others."""

RECORDS = [json.loads(path.read_text()) for path in sorted(reference_dir().glob(f"*/{RUN_JSON}"))]
GOOD = "02_train-good"


@pytest.fixture
def good(reports: Path) -> Path:
    """A complete run that nobody edited."""
    folder = reports / GOOD
    folder.mkdir(parents=True)
    (folder / RUN_JSON).write_text(json.dumps(RECORDS[0]))
    (folder / WEIGHTS).touch()
    (folder / MODEL).write_bytes(b"x")
    return folder


def new_run(reports: Path, name: str, content: bytes) -> Path:
    """A run with this ``run.json``, and with a model."""
    folder = reports / name
    folder.mkdir(parents=True)
    (folder / RUN_JSON).write_bytes(content)
    (folder / WEIGHTS).touch()
    (folder / MODEL).write_bytes(b"x")
    return folder


def mnistlab(*arguments: str) -> tuple[int, str]:
    """The command line: an error that it does not know fails the test."""
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return result.exit_code, result.output


def survives(name: str) -> None:
    """What is asked about one run is answered, or is an error that says why."""
    for trained in (True, False):
        with suppress(WorkbenchError):
            run = find_run(name, trained=trained)
            repr(run)
            assert run.seconds is None or run.seconds >= 0
            check_removable(run)
    code, output = mnistlab("show", name)
    assert code in (0, 1), output
    assert output.startswith(("Error: ", f"{name}: ")), output


def all_survive() -> None:
    """Lists, tables and charts of all runs have the good one."""
    assert GOOD in {run.name for run in list_runs()}
    for arguments in ((), ("--json",), ("--csv",), ("--sort", "accuracy"), ("--sort", "started"), ("--sort", "seed")):
        code, output = mnistlab("runs", *arguments)
        assert code == 0, output
        assert "good" in output
    assert GOOD in {model.name for model in available_models() if str(model)}
    assert find_run().state == RunState.COMPLETE
    table = comparable(compare(chosen_runs("all", "02_train")), "test_accuracy")
    assert GOOD in table.index
    names = [name for run in chosen_runs("all", "02_train") for name in run.parameters if name in table]
    settings = with_setting(table, varied(table, list(dict.fromkeys(names))))
    by_setting(settings, "test_accuracy")
    differences(settings, "test_accuracy")


@pytest.mark.usefixtures("good")
@pytest.mark.slow
def test_a_thousand_edits_break_nothing(reports: Path) -> None:
    chance = random.Random(12)
    damaged = 0
    for start in range(0, EDITS, AT_ONCE):
        names = [f"02_train-{number:04}" for number in range(start, start + AT_ONCE)]
        for name in names:
            new_run(reports, name, edited(chance.choice(RECORDS), chance))
        for name in chance.sample(names, 3):
            survives(name)
        all_survive()
        damaged += sum(run.state == RunState.DAMAGED for run in list_runs())
        for name in names:
            remove(find_run(name, trained=False))
    assert EDITS / 4 < damaged < EDITS
    assert [path.name for path in reports.glob("[0-9]*")] == [GOOD]


def fifo(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (fifo, "it is no regular file"),
        (Path.mkdir, "it is no regular file"),
        (loop, "Too many levels of symbolic links"),
        (dangling, "No such file or directory"),
        (huge, "it has 1,099,511,627,776 bytes, more than 8,388,608"),
        (device, "it is no regular file"),
    ],
)
def test_what_is_no_file_is_a_damaged_run(good: Path, make: Callable[[Path], object], reason: str) -> None:
    bad = new_run(good.parent, "02_train-bad", b"{}")
    (bad / RUN_JSON).unlink()
    make(bad / RUN_JSON)
    states = {run.name: (str(run.state), run.reason) for run in list_runs()}
    assert states[bad.name] == ("damaged", f"run.json cannot be read: {reason}")
    survives(bad.name)
    all_survive()
    Run(bad).begin("02_train", {}) if make is not Path.mkdir else None
    remove(find_run(bad.name, trained=False))
    assert not bad.exists()


def test_a_damaged_run_says_what_is_wrong_and_what_to_do(good: Path) -> None:
    record = {**RECORDS[0], "metrics": {"test_accuracy": "high"}}
    bad = new_run(good.parent, "02_train-bad", json.dumps(record).encode())
    wrong = 'run.json cannot be read: metrics.test_accuracy is "high", not a number'
    code, output = mnistlab("show", bad.name)
    assert (code, output.count("\n")) == (1, 1)
    assert wrong in output
    assert "mnistlab rm" in output
    assert (mnistlab("show", "--json", bad.name)[0], mnistlab("rerun", bad.name)[0]) == (1, 1)
    assert wrong[:40] in mnistlab("runs")[1]
    assert find_run("latest").name == GOOD
    assert mnistlab("rm", "--yes", bad.name) == (0, f"{bad.name} is removed\n")


def test_a_damaged_record_is_not_written_over_but_by_the_run_itself(good: Path) -> None:
    run = Run(new_run(good.parent, "02_train-bad", b'{"state": "comp'))
    with pytest.raises(WorkbenchError, match=r"02_train-bad cannot be changed: run.json cannot be read: "):
        run.add_metrics(test_accuracy=0.5)
    run.fail(RunState.FAILED, "it broke")
    assert (run.path / RUN_JSON).read_text() == '{"state": "comp'
    run.begin("02_train", {"seed": 1})
    assert run.parameters == {"seed": 1}


def test_what_could_not_be_read_again_is_not_written(good: Path) -> None:
    run = Run(good)
    before = run.record
    with pytest.raises(WorkbenchError, match=r'cannot be recorded: .*metrics.test_accuracy is "high", not a number'):
        run.update(metrics={"test_accuracy": "high"})
    assert run.record == before
    run.add_metrics(loss=float("nan"), low=0.5)
    assert ("loss" in run.metrics, run.metrics["low"]) == (False, 0.5)
    assert json.loads((good / RUN_JSON).read_text(), parse_constant=pytest.fail)["metrics"]["loss"] is None


def test_odd_names_and_files_between_the_runs_are_survived(good: Path) -> None:
    for name in ("02_train-ä", "02_train-\x1b[31m", "02_train- ", "02_train-*?"):
        shutil.copytree(good, good.parent / name)
    (good.parent / "notes.txt").touch()
    (good.parent / "empty").mkdir()
    (good.parent / ".hidden").mkdir()
    (good.parent / "loop").symlink_to("loop")
    (good / LAST_EPOCH).parent.mkdir()
    assert len(list_runs()) == 5
    all_survive()


def test_a_run_that_may_not_be_looked_at_is_a_damaged_one(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = new_run(good.parent, "02_train-bad", b"{}")
    for name in ("stat", "lstat"):
        original = getattr(Path, name)

        def refused(self: Path, original: Callable[..., os.stat_result] = original, **kwargs: bool) -> os.stat_result:
            if self.parent == bad:
                raise PermissionError(errno.EACCES, "Permission denied", str(self))
            return original(self, **kwargs)

        monkeypatch.setattr(Path, name, refused)
    assert {run.name: run.reason for run in list_runs()} == {
        GOOD: "",
        bad.name: "run.json cannot be read: Permission denied",
    }
    all_survive()
