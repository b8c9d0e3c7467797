"""09_compare_runs on runs of every kind."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest
from notebook_cells import run_cells

from mnistlab.errors import RunError
from mnistlab.runs.registry import chosen_runs


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def copy_example(reports: Path, number: int, changes: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Copy an example run into `reports` with some fields and parameters changed; None takes a parameter away."""
    source = chosen_runs("example", "02_train")[number].path
    info = json.loads((source / "run.json").read_text()) | changes
    info["parameters"] |= parameters
    info["parameters"] = {name: value for name, value in info["parameters"].items() if value is not None}
    (reports / source.name).mkdir(parents=True)
    (reports / source.name / "run.json").write_text(json.dumps(info))
    shutil.copy(source / "history.csv", reports / source.name)


def test_runs_that_differ_in_numbers_text_and_booleans(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_example(reports, 0, {}, {})
    copy_example(reports, 1, {}, {"preset": "fast", "epochs": 0, "learning_rate": 0.0})
    copy_example(reports, 2, {}, {"preset": "fast", "epochs": 0, "tensorboard": True})
    copy_example(reports, 3, {}, {"tensorboard": None})
    copy_example(reports, 4, {"state": "failed", "metrics": {}}, {})
    copy_example(reports, 5, {"metrics": {"epochs": 3}}, {})
    copy_example(reports, 6, {"git": {}}, {"seed": None})
    run_cells("09_compare_runs", which="all")
    said = capsys.readouterr().out
    assert "7 runs, 5 of them compared" in said
    assert "parameters that differ: preset, epochs, " in said
    assert "best mean: preset " in said
    assert "nan" not in said


def test_a_single_run(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_example(reports, 0, {}, {})
    run_cells("09_compare_runs", which="all")
    said = capsys.readouterr().out
    assert "1 runs, 1 of them compared" in said
    assert "in a single run" in said
    assert "only one setting: nothing to compare it with" in said
    assert "nan" not in said


def test_runs_of_another_notebook(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, model in enumerate(("latest", "02_train-1")):
        copy_example(reports, number, {"notebook": "03_evaluate"}, {"run": model, "seed": None})
    run_cells("09_compare_runs", which="all", notebook="03_evaluate")
    said = capsys.readouterr().out
    assert "parameters that differ: run_asked" in said
    assert "1 cannot be judged from the seeds in common" in said


def test_no_runs_are_one_clear_line(reports: Path) -> None:
    with pytest.raises(RunError, match=r"there are no runs to compare: make some with"):
        run_cells("09_compare_runs", which="all")
