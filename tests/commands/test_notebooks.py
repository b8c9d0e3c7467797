from pathlib import Path
from zipfile import ZipFile

import pytest
from commandline import mnistlab

from mnistlab.commands import notebooks
from mnistlab.execution.plan import notebooks as all_notebooks
from mnistlab.runs.run import Run


def test_the_result_is_printed_and_that_it_was_not_mnist(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    notebooks._echo_result(run)
    accuracy, drawn, warning, report = capsys.readouterr().out.splitlines()
    assert accuracy == "Test accuracy 95.00% (95 % interval 92.00% to 97.00%)"
    assert drawn == "Drawn digits 90.00%, mean of five conditions; the lowest 85.00%"
    assert warning.startswith("NOT MNIST")
    assert report == f"Report: {run.path / 'report.html'}"


def test_few_drawings_are_no_result(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(reports / "02_train-abcd1234")
    run.path.mkdir(parents=True)
    run.update(state="complete", drawn_digits={"drawings": "examples", "count": 12, "conditions": {}})
    notebooks._echo_result(run)
    drawn, _ = capsys.readouterr().out.splitlines()
    assert drawn.startswith("Drawn digits: only 12 drawings, too few")
    assert "%" not in drawn


def test_a_handout_has_all_notebooks(tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    assert mnistlab("handout", str(file)) == (0, f"{file}\n")
    with ZipFile(file) as handout:
        assert handout.namelist() == [f"class/{path.name}" for path in all_notebooks()]
