import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab.data import load_dataset
from mnistlab.errors import ParameterError, RunError
from mnistlab.execution.options import SILENT, Reporter, RunOptions
from mnistlab.execution.report import export_html
from mnistlab.execution.runner import run_notebook
from mnistlab.runs.record import DatasetInfo
from mnistlab.runs.run import Run

PARAMETERS = 'dataset: str = "digits"  # one of auto, digits\nn: int = 1  # a number: 0 to 9'
FINISH = """
from mnistlab.data import load_dataset
from mnistlab.runs.run import current_run
current_run("01_x", {}, load_dataset("digits")).finish(test_accuracy=1 / n)
"""
Project = Callable[..., Path]


def test_a_run_leaves_notebook_report_and_provenance_and_is_found_again(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, FINISH, "print('the answer')")
    said: list[str] = []
    run = run_notebook("01_x", {"n": "2"}, reporter=Reporter(echo=said.append))
    assert run.path.parent == reports
    assert run.state == "complete"
    assert run.metrics == {"test_accuracy": 0.5}
    assert run.parameters == {"dataset": "digits", "n": 2}
    assert (run.path / "x.ipynb").exists()
    again = run_notebook("01_x", {"n": 2}, reporter=Reporter(echo=said.append))
    assert again.record == run.record
    assert said == [f"01_x on digits, into {run.path}", f"01_x is complete already, found in {run.path}"]

    page = (run.path / "report.html").read_text()
    assert "the answer" in page
    assert "<summary>code</summary>" in page
    assert re.findall(r"""(?:src|href)=["'](?!data:|#)[^"']*""", page) == []


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks come to their end without being executed."""

    def copy(source: Path, output: Path, *args: object, **kwargs: object) -> dict[str, float]:
        shutil.copy(source, output)
        return {"computing": 1.0}

    monkeypatch.setattr("mnistlab.execution.runner.execute_notebook", copy)


@pytest.mark.usefixtures("at_once")
def test_other_parameters_or_another_notebook_are_another_run(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, "pass")
    first = run_notebook("01_x", {}, reporter=SILENT)
    other = run_notebook("01_x", {"n": 3}, reporter=SILENT)
    project("01_x", PARAMETERS, "'changed'")
    changed = run_notebook("01_x", {}, reporter=SILENT)
    assert len({first.name, other.name, changed.name}) == 3


def test_a_failed_run_is_kept_with_its_traceback_and_runs_when_asked_again(
    project: Project, reports: Path, tmp_path: Path
) -> None:
    mended = tmp_path / "mended"
    project("01_x", PARAMETERS, f"from pathlib import Path\nassert Path({str(mended)!r}).exists(), 'not <yet> mended'")
    with pytest.raises(RunError, match=r"01_x-\w+ failed: AssertionError: not <yet> mended \(traceback in .*report"):
        run_notebook("01_x", {}, reporter=SILENT)
    (path,) = reports.glob("01_x-*")
    run = Run(path)
    assert run.state == "failed"
    assert run.record.error
    assert "assert Path" in run.record.error.traceback
    assert "<strong>Failed.</strong> AssertionError: not &lt;yet&gt; mended" in (path / "report.html").read_text()
    mended.touch()
    assert run_notebook("01_x", {}, reporter=SILENT).name == run.name
    assert (run.state, run.record.error) == ("complete", None)


def test_an_interrupted_run_is_stopped(project: Project, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    project("01_x", PARAMETERS, "pass")
    monkeypatch.setattr("mnistlab.execution.runner.execute_notebook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_notebook("01_x", {}, reporter=SILENT)
    (path,) = reports.glob("01_x-*")
    assert Run(path).state == "stopped"


def test_a_run_that_is_being_run_is_left_alone(
    project: Project, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project("01_x", PARAMETERS, "pass")

    def meanwhile(*args: object, **kwargs: object) -> dict[str, float]:
        with pytest.raises(RunError, match=r"01_x-\w+ is running already"):
            run_notebook("01_x", {}, reporter=SILENT)
        return {"computing": 1.0}

    monkeypatch.setattr("mnistlab.execution.runner.execute_notebook", meanwhile)
    assert run_notebook("01_x", {}, reporter=SILENT).state == "complete"


@pytest.mark.usefixtures("at_once")
def test_force_begins_from_nothing(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, "pass")
    run = run_notebook("01_x", {}, reporter=SILENT)
    (run.path / "checkpoints").mkdir()
    run_notebook("01_x", {}, options=RunOptions(force=True), reporter=SILENT)
    assert not (run.path / "checkpoints").exists()


def test_nothing_is_written_for_what_cannot_be_run(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, "pass")
    with pytest.raises(ParameterError, match="no notebook 99_nothing: choose one of 01_x"):
        run_notebook("99_nothing", {}, reporter=SILENT)
    with pytest.raises(ParameterError, match="n cannot be 10"):
        run_notebook("01_x", {"n": "10"}, reporter=SILENT)
    assert not reports.exists()


def test_a_report_on_other_digits_than_asked_for_says_so_first(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, "pass")
    run = Run(reports / "01_x-y")
    run.path.mkdir(parents=True)
    run.begin("01_x", {"dataset": "auto"}, DatasetInfo.of("auto", *load_dataset("digits")))
    page = export_html(run).read_text()
    assert "<strong>Not MNIST.</strong>" in page
