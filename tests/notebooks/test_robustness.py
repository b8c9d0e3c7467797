"""08_robustness with few digits, the twelve example drawings, two kinds of photos, and a run that somebody trained."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from notebook_cells import run_cells

from mnistlab.benchmarks.pictures import measure_pictures
from mnistlab.benchmarks.scenes.kinds import kinds_named
from mnistlab.errors import ParameterError, RunError
from mnistlab.prediction import PRETRAINED
from mnistlab.runs.registry import list_runs
from mnistlab.runs.run import Run
from mnistlab.system.run_files import MODEL, WEIGHTS

SMALL: dict[str, object] = {"dataset": "digits", "digits": 100, "drawings": "examples"}


@pytest.fixture(autouse=True)
def few_kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    measure = partial(measure_pictures, kinds=kinds_named("plain paper", "two digits"))
    monkeypatch.setattr("mnistlab.benchmarks.pictures.measure_pictures", measure)
    yield
    plt.close("all")


@pytest.fixture
def trained(reports: Path) -> Run:
    """A run that has the model that ships, as if it had been trained with `fast`."""
    run = Run(reports / "02_train-abcd1234")
    run.path.mkdir(parents=True)
    for name in (MODEL, WEIGHTS):
        shutil.copy(PRETRAINED / name, run.path / name)
    run.update(notebook="02_train", state="complete", parameters={"preset": "fast"}, dataset={"name": "digits"})
    return run


def test_a_run_stands_beside_the_model_that_comes_along(trained: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run_cells("08_robustness", **SMALL, runs="latest")
    said = capsys.readouterr().out
    assert "column fast: 02_train-abcd1234 (not tested)" in said
    assert "column drawn: drawn (99" in said
    assert "Best for corrupted digits: fast; drawn may be as good." in said
    (recorded,) = [run for run in list_runs() if run.notebook == "08_robustness"]
    assert (recorded.state, recorded.parameters["runs"]) == ("complete", trained.name)
    metrics, extra = recorded.metrics, recorded.record.extra
    assert 0.5 < metrics["corrupted_digits_accuracy_fast"] == metrics["corrupted_digits_accuracy_drawn"] < 1
    assert extra["one_table"]["fast"] == extra["one_table"]["drawn"]
    assert extra["robustness"]["drawn"]["clean"]["low"] > 0.9
    assert extra["refused"]["drawn"]["doodles"]["accuracy"] > 0.9


@pytest.mark.usefixtures("reports")
def test_twelve_drawings_are_too_few_for_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    run_cells("08_robustness", **SMALL)
    said = capsys.readouterr().out
    assert "drawn: Drawn digits: only 12 drawings, too few" in said
    assert "column fast" not in said
    (recorded,) = list_runs()
    assert recorded.metrics.keys() == {
        "test_digits_accuracy_drawn",
        "corrupted_digits_accuracy_drawn",
        "no_digits_accuracy_drawn",
    }
    assert recorded.record.extra["one_table"]["drawn"]["photos"]["accuracy"] is None


@pytest.mark.parametrize(
    ("runs", "error", "said"),
    [("nothing", RunError, "no trained run named nothing"), ("abcd1234,latest", ParameterError, "runs names 02_train")],
)
def test_runs_that_cannot_be_compared_are_said_before_a_run_begins(
    trained: Run, runs: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=f"^{said}"):
        run_cells("08_robustness", **SMALL, runs=runs)
    assert [run.name for run in list_runs()] == [trained.name]


def test_it_waits_for_no_tensorflow() -> None:
    modules = "mnistlab.benchmarks.corrupted.outcomes, mnistlab.plots.robustness"
    program = f"import sys, {modules}; print('tensorflow' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
