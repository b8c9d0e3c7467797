import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from commandline import mnistlab

from mnistlab.cli import main
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run


def test_runs_are_listed_as_a_table(reports: Path) -> None:
    assert mnistlab("runs") == (0, "No runs yet: try 'mnistlab train'.\n")
    run = Run(reports / "02_train-abcd1234")
    run.path.mkdir(parents=True)
    run.update(notebook="02_train", state="complete", dataset={"name": "mnist"}, metrics={"test_accuracy": 0.99})
    run.record_execution("02_train", "abcd1234", {"computing": 150.0})
    code, output = mnistlab("runs")
    assert code == 0
    header, _, row = output.splitlines()
    assert header.split() == ["id", "notebook", "dataset", "state", "accuracy", "time", "age"]
    assert row.split() == ["abcd1234", "02_train", "mnist", "complete", "99.00%", "2", "min"]


@pytest.fixture
def three_runs(reports: Path) -> list[Run]:
    runs = []
    for i, dataset in enumerate(("mnist", "mnist", "digits")):
        run = Run(reports / f"02_train-{i}")
        run.path.mkdir(parents=True)
        run.update(
            notebook="02_train",
            state="complete",
            dataset={"name": dataset},
            parameters={"seed": i},
            metrics={"test_accuracy": (3 - i) / 4},
            started=f"2026-01-0{i + 1}T00:00:00+00:00",
        )
        runs.append(run)
    return runs


@pytest.mark.usefixtures("three_runs")
def test_runs_are_selected_and_sorted_and_printed_as_json_and_csv() -> None:
    code, output = mnistlab("runs", "--where", "dataset=='mnist' and accuracy>0.4", "--sort", "accuracy", "--json")
    told = [json.loads(line) for line in output.splitlines()]
    assert (code, [row["run"] for row in told], [row["seed"] for row in told]) == (
        0,
        ["02_train-0", "02_train-1"],
        [0, 1],
    )
    code, output = mnistlab("runs", "--csv", "--sort", "accuracy", "--lowest-first")
    assert [line.split(",")[0] for line in output.splitlines()] == ["run", "02_train-2", "02_train-1", "02_train-0"]
    code, output = mnistlab("runs", "--sort", "accuracy")
    assert [line.split()[0] for line in output.splitlines()[2:]] == ["0", "1", "2"]
    code, output = mnistlab("runs", "--where", "speed>1")
    assert (code, output.count("\n")) == (2, 1)
    assert output.startswith(
        "Error: 'speed>1' is not a valid condition: there is no column speed (did you mean seed?); "
    )
    assert "; the columns are notebook, state," in output


def test_the_reason_of_a_failure_is_listed_and_shown(three_runs: list[Run]) -> None:
    three_runs[0].fail(RunState.FAILED, "it broke, and it takes long to say why, " * 5)
    output = mnistlab("runs")[1]
    assert output.splitlines()[0].split()[-1] == "reason"
    assert "it broke, and it takes long" in output
    code, output = mnistlab("show", "02_train-0")
    assert code == 0
    assert output.startswith("02_train-0: failed, it broke")
    assert "parameters: seed 0" in output
    assert "metrics: test_accuracy 0.75" in output
    assert json.loads(mnistlab("show", "02_train-1", "--json")[1])["state"] == "complete"
    assert mnistlab("show", "nothing")[1].startswith("Error: no run named nothing in ")


def test_rm_asks_first_and_refuses_a_running_run(three_runs: list[Run]) -> None:
    first, second, third = three_runs
    result = CliRunner().invoke(main, ["rm", "02_train-0"], input="n\n")
    assert (result.exit_code, first.path.exists()) == (0, True)
    result = CliRunner().invoke(main, ["rm", "02_train-0"], input="y\n")
    assert result.output.endswith("02_train-0 is removed\n")
    assert not first.path.exists()
    second.hold()
    second.update(state="running")
    code, output = mnistlab("rm", "--yes", "02_train-1")
    assert (code, output) == (1, "Error: 02_train-1 is running: stop it first, then remove it\n")
    second.release()
    assert mnistlab("rm", "--yes", "02_train-1", "02_train-2")[0] == 0
    assert not third.path.exists()


@pytest.mark.usefixtures("three_runs")
@pytest.mark.parametrize(
    "name", ["", "latest", "02_train", "02_train-", "0 ", "*", ".", "..", "./02_train-0", "/", "02_TRAIN-0"]
)
def test_rm_takes_whole_names_only(reports: Path, name: str) -> None:
    code, output = mnistlab("rm", "--yes", "02_train-1", name)
    assert (code, output) == (
        1,
        f"Error: no run is named {name!r}: give a whole name or id as 'mnistlab runs' shows it\n",
    )
    assert len(list(reports.iterdir())) == 3, "all names are checked before any run is removed"


def test_an_empty_name_finds_no_run(three_runs: list[Run]) -> None:
    assert mnistlab("show", "")[1].startswith("Error: no run named '' in ")


def test_rm_takes_an_id_and_a_name_twice(three_runs: list[Run]) -> None:
    assert mnistlab("rm", "--yes", "0", "02_train-0", "02_train-1") == (
        0,
        "02_train-0 is removed\n02_train-1 is removed\n",
    )
    assert three_runs[2].path.exists()


def test_rm_does_not_follow_a_symbolic_link(three_runs: list[Run], tmp_path: Path) -> None:
    elsewhere = three_runs[0].path.rename(tmp_path / "elsewhere")
    three_runs[0].path.symlink_to(elsewhere)
    code, output = mnistlab("rm", "--yes", "02_train-1", "02_train-0")
    assert (code, output.count("\n")) == (1, 1)
    assert "02_train-0 is a symbolic link to " in output
    assert (elsewhere / "run.json").exists()
    assert three_runs[1].path.exists()
