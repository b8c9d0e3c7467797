import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from mnistlab import __version__
from mnistlab.cli import main
from mnistlab.commands import notebooks
from mnistlab.datasets import download
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.runs.run import Run
from mnistlab.strokes import rasterize


def mnistlab(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def test_it_says_its_version() -> None:
    assert mnistlab("--version") == (0, f"main, version {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("train", "-p", "epochs", "ten"), "epochs cannot be 'ten': it takes int, 0 to 1000"),
        (("train", "-p", "epohcs", "3"), "02_train has no parameter epohcs (did you mean epochs?)"),
        (
            ("train", "-p", "dataset", "imagenet"),
            "dataset cannot be imagenet: it takes one of preset, auto, mnist, digits",
        ),
        (("train", "--preset", "best"), "unknown preset 'best': choose one of baseline, fast, accurate, drawn"),
        (("run", "09_nothing"), "no notebook 09_nothing: choose one of 01_explore_data"),
        (("run", "03_evaluate"), "no trained run in"),
    ],
)
def test_what_a_person_can_mend_is_one_line(reports: Path, arguments: tuple[str, ...], said: str) -> None:
    code, output = mnistlab(*arguments)
    assert code in (1, 2)
    assert output.startswith(f"Error: {said}")
    assert output.count("\n") == 1
    assert not reports.exists()


def test_reports_that_cannot_be_written_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", str(tmp_path / "file" / "reports"))
    code, output = mnistlab("train", "-p", "dataset", "digits")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("Error: Not a directory: ")


def test_no_data_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reports: Path) -> None:
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr(download.pooch, "os_cache", lambda name: tmp_path / "cache")
    code, output = mnistlab("fetch")
    assert (code, output.count("\n")) == (1, 1)
    assert "MNISTLAB_OFFLINE is set" in output


def test_an_interrupt_ends_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(source: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "fetch", interrupted)
    code, output = mnistlab("fetch")
    assert code == 130
    assert output.startswith("Stopped.")


def test_pictures_are_read_one_a_line_and_the_unreadable_are_named(tmp_path: Path) -> None:
    seven, notes, blank = (str(tmp_path / name) for name in ("seven.png", "notes.txt", "blank.png"))
    Image.fromarray(255 - rasterize(EXAMPLES[9].drawing)).save(seven)
    Image.new("L", (50, 50), 255).save(blank)
    Path(notes).write_text("no picture")
    code, output = mnistlab("predict", notes, seven, blank)
    first, second, third = output.splitlines()
    assert code == 1
    assert first == f"Error: {notes}: no picture that could be read: give a PNG or JPEG file"
    assert re.fullmatch(rf"{seven}: 7 \(\d+\.\d%\)", second)
    assert third == f"Error: {blank}: the picture is blank: there is no digit in it"
    code, output = mnistlab("predict", "--json", seven)
    told = json.loads(output)
    assert (code, told["file"], told["digit"]) == (0, seven, 7)
    assert told["confidence"] == max(told["probabilities"])
    assert sum(told["probabilities"]) == pytest.approx(1, abs=1e-4)


def test_predicting_with_a_run_that_is_not_there_is_one_line(reports: Path) -> None:
    code, output = mnistlab("predict", "--run", "nothing", "x.png")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("Error: no trained run named nothing in ")


def test_runs_are_a_table(reports: Path) -> None:
    assert mnistlab("runs") == (0, "No runs yet: try 'mnistlab train'.\n")
    run = Run(reports / "02_train-abcd1234")
    run.path.mkdir(parents=True)
    run.update(notebook="02_train", state="complete", dataset={"name": "mnist"}, metrics={"test_accuracy": 0.99})
    run.complete("02_train", "abcd1234", {"computing": 150.0})
    code, output = mnistlab("runs")
    assert code == 0
    header, _, row = output.splitlines()
    assert header.split() == ["id", "notebook", "dataset", "state", "accuracy", "time", "age"]
    assert row.split() == ["abcd1234", "02_train", "mnist", "complete", "99.00%", "2", "min"]


def test_what_came_out_is_said_and_that_it_was_not_mnist(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(reports / "02_train-abcd1234")
    run.path.mkdir(parents=True)
    run.update(
        state="complete",
        dataset={"name": "digits", "replaces_mnist": True},
        metrics={
            "test_accuracy": 0.95,
            "test_accuracy_low": 0.92,
            "test_accuracy_high": 0.97,
            "drawn_accuracy": 0.9,
            "drawn_accuracy_lowest": 0.85,
        },
    )
    notebooks._conclude(run)
    accuracy, drawn, warning, report = capsys.readouterr().out.splitlines()
    assert accuracy == "Test accuracy 95.00% (95 % interval 92.00% to 97.00%)"
    assert drawn == "Drawn digits 90.00%, mean of five ways to draw; the lowest 85.00%"
    assert warning.startswith("NOT MNIST")
    assert report == f"Report: {run.path / 'report.html'}"


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
def test_runs_are_selected_sorted_and_given_to_machines() -> None:
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
    assert output.startswith("Error: 'speed>1' is no condition: name 'speed' is not defined; the columns are notebook,")


def test_why_a_run_failed_is_listed_and_shown(three_runs: list[Run]) -> None:
    three_runs[0].fail("failed", "it broke, and it takes long to say why, " * 5)
    output = mnistlab("runs")[1]
    assert output.splitlines()[0].split()[-1] == "why"
    assert "it broke, and it takes long" in output
    code, output = mnistlab("show", "02_train-0")
    assert code == 0
    assert output.startswith("02_train-0: failed, it broke")
    assert "parameters: seed 0" in output
    assert "metrics: test_accuracy 0.75" in output
    assert json.loads(mnistlab("show", "02_train-1", "--json")[1])["state"] == "complete"
    assert mnistlab("show", "nothing")[1].startswith("Error: no run named nothing in ")


def test_removing_asks_and_spares_what_is_running(three_runs: list[Run]) -> None:
    first, second, third = three_runs
    result = CliRunner().invoke(main, ["rm", "02_train-0"], input="n\n")
    assert (result.exit_code, first.path.exists()) == (0, True)
    result = CliRunner().invoke(main, ["rm", "02_train-0"], input="y\n")
    assert result.output.endswith("02_train-0 is removed\n")
    assert not first.path.exists()
    second.hold()
    second.update(state="running")
    code, output = mnistlab("rm", "--yes", "02_train-1")
    assert (code, output) == (1, "Error: 02_train-1 is being run: stop it first, it cannot be removed now\n")
    second.release()
    assert mnistlab("rm", "--yes", "02_train-1", "02_train-2")[0] == 0
    assert not third.path.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-g", "epohcs", "1,2"), "02_train has no parameter epohcs (did you mean epochs?)"),
        (("-g", "epochs", "1,ten"), "epochs cannot be 'ten': it takes int, 0 to 1000"),
        (("-g", "epochs", "1,2", "-p", "epochs", "3"), "epochs is given twice: once for all runs, and to go through"),
        (("-g", "epochs", "1,2", "-g", "epochs", "3"), "epochs is given twice with -g: list all its values in one"),
        (("-g", "learning_rate", "1e-4..1e-2"), "learning_rate is a range without end: list values, or draw from it"),
        (("-g", "epochs", "1,2", "--scheduler", "tcp://127.0.0.1:9"), "no scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_a_sweep_is_checked_whole_before_anything_starts(
    reports: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistlab.sweeps.cluster.CONNECT_TIMEOUT", 0.5)
    code, output = mnistlab("sweep", "02_train", "-p", "dataset", "digits", *arguments)
    assert code in (1, 2)
    assert output.splitlines()[-1].startswith(f"Error: {said}")
    assert not reports.exists()


def test_a_dry_run_shows_what_would_be_run_and_runs_nothing(reports: Path) -> None:
    arguments = ("-p", "dataset", "digits", "-g", "learning_rate", "1e-3,3e-3", "-g", "seed", "0..4", "--dry-run")
    code, output = mnistlab("sweep", "02_train", *arguments)
    header, _, *rows, count = output.splitlines()
    assert (code, header.split()) == (0, ["learning_rate", "seed", "run", "state"])
    assert [row.split()[:2] for row in rows[4:6]] == [["0.001", "4"], ["0.003", "0"]]
    assert count == "2 learning_rate x 5 seed: 10 runs, 0 complete already, 10 to do"
    assert not reports.exists()
    code, output = mnistlab("sweep", "02_train", *arguments, "--sample", "3", "--seed", "1")
    assert output.splitlines()[-1] == ("drawn at random: learning_rate, seed: 3 runs, 0 complete already, 3 to do")


def test_a_sweep_says_that_it_was_not_about_mnist(
    reports: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr(download.pooch, "os_cache", lambda name: tmp_path / "cache")
    monkeypatch.setattr("mnistlab.sweeps.sweep.Sweep.run", lambda self, **options: "")
    output = mnistlab("sweep", "02_train", "-g", "seed", "0,1")[1]
    assert output.splitlines()[-2].startswith("NOT MNIST")
