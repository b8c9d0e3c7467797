import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from mnistlab.data import load_dataset
from mnistlab.errors import ParameterError, RunError
from mnistlab.execution import runner
from mnistlab.execution.options import SILENT, Reporter, RunOptions
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import Plan, Planner
from mnistlab.execution.report import export_html
from mnistlab.execution.runner import run_notebook
from mnistlab.runs.history import History
from mnistlab.runs.record import DatasetInfo
from mnistlab.runs.registry import list_runs
from mnistlab.runs.run import Run
from mnistlab.system.run_files import HISTORY_CSV, LAST_EPOCH, MODEL, STATE_HISTORY
from mnistlab.training.state import publish_history, record_results, write_state

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


@pytest.mark.usefixtures("at_once")
def test_a_complete_run_with_a_damaged_result_is_run_again(
    project: Project, reports: Path, caplog: pytest.LogCaptureFixture
) -> None:
    project("01_x", PARAMETERS, "pass")
    run = run_notebook("01_x", {}, reporter=SILENT)
    write_state(run.path, {}, 2, {STATE_HISTORY: History().write, LAST_EPOCH: Path.touch})
    (run.path / MODEL).write_text("model")
    publish_history(run.path)
    record_results(run.path)
    said: list[str] = []
    run_notebook("01_x", {}, reporter=Reporter(echo=said.append))
    (run.path / MODEL).write_text("mod")
    (run.path / HISTORY_CSV).unlink()
    run_notebook("01_x", {}, reporter=Reporter(echo=said.append))
    assert said == [
        f"01_x is complete already, found in {run.path}",
        f"01_x was complete, but {run.name}/history.csv cannot be read (missing): it is run again",
        f"01_x on digits, into {run.path}",
    ]
    assert (run.path / HISTORY_CSV).exists()
    (run.path / LAST_EPOCH).write_text("?")
    run_notebook("01_x", {}, reporter=SILENT)
    assert caplog.messages == [f"{run.name}: checkpoints/last.keras is damaged: the training begins anew"]


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


@pytest.fixture
def plain_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are written at once, with nothing but the state."""

    def write(run: Run) -> Path:
        (run.path / "report.html").write_text(run.state)
        return run.path / "report.html"

    monkeypatch.setattr(runner, "export_html", write)


class KilledError(BaseException):
    """Stands in for a process that ends at once: nothing is done about it."""


STEPS = ("begin", "execute_notebook", "record_execution", "export_html", "complete")
"""What a run does, in this order."""


@pytest.mark.usefixtures("at_once", "plain_report")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_is_killed_is_never_complete_without_its_report(
    project: Project, reports: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    project("01_x", PARAMETERS, "pass")
    owner = Run if hasattr(Run, step) else runner
    original = getattr(owner, step)

    def killed(*args: object, **kwargs: object) -> None:
        if when == "after":
            original(*args, **kwargs)
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        with pytest.raises(KilledError):
            run_notebook("01_x", {}, reporter=SILENT)
    for run in list_runs():
        is_reported = (run.path / "report.html").exists() and (run.path / "x.ipynb").exists()
        assert run.state == "failed" or (run.state == "complete" and is_reported)
    said: list[str] = []
    run = run_notebook("01_x", {}, reporter=Reporter(echo=said.append))
    assert run.state == "complete"
    assert (run.path / "report.html").read_text() == "complete"
    is_executed = STEPS.index(step) > 2 or (step, when) == ("record_execution", "after")
    assert ("is complete already" in said[0]) == is_executed, "what was executed is not executed again"


@pytest.mark.usefixtures("at_once", "plain_report")
@pytest.mark.parametrize(
    ("lost", "damage", "is_executed"),
    [
        ("report.html", Path.unlink, True),
        ("report.html", lambda path: path.write_text(""), True),
        ("x.ipynb", Path.unlink, False),
        ("x.ipynb", lambda path: path.write_text(path.read_text()[:50]), False),
        ("history.png", Path.unlink, False),
        ("model.tflite", lambda path: path.write_text(""), False),
        ("run.json", lambda path: path.write_text("{"), False),
    ],
)
def test_what_a_complete_run_has_lost_is_made_again_by_the_same_command(
    project: Project, reports: Path, lost: str, damage: Callable[[Path], object], is_executed: bool
) -> None:
    project("01_x", PARAMETERS, "pass")
    left = [name for name in ("history.png", "model.tflite") if name == lost]

    class Trains:
        """Leaves files of a training."""

        def __init__(self) -> None:
            for name in left:
                (next(reports.glob("01_x-*")) / name).write_text("x")

    reporter = Reporter(echo=lambda line: Trains())
    run = run_notebook("01_x", {}, reporter=reporter)
    damage(run.path / lost)
    said: list[str] = []
    run_notebook("01_x", {}, reporter=Reporter(echo=lambda line: (said.append(line), Trains())))
    assert ("its report is written anew" in said[0]) == is_executed
    assert run.state == "complete"
    assert all((run.path / name).stat().st_size > 0 for name in ("report.html", "x.ipynb", "run.json", *left))
    said.clear()
    run_notebook("01_x", {}, reporter=Reporter(echo=said.append))
    assert said == [f"01_x is complete already, found in {run.path}"]


@pytest.mark.usefixtures("at_once", "plain_report")
def test_a_notebook_is_not_added_to_a_damaged_run(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, "pass")
    project("02_y", PARAMETERS, "pass")
    run = run_notebook("01_x", {}, reporter=SILENT)
    (run.path / "run.json").write_text("{")
    plan = replace(Planner("02_y").plan({}), folder=run.path)
    with pytest.raises(RunError, match=r"01_x-\w+ is damaged: run.json cannot be read: .*run its command again"):
        runner.run_plan(plan, RunOptions(), SILENT)
    assert (run.path / "run.json").read_text() == "{"


@pytest.mark.parametrize("step", ["begin", "execute_notebook", "export_html"])
@pytest.mark.parametrize(
    ("interrupt", "reason"), [((), "interrupted"), (("its worker was ended",), "its worker was ended")]
)
@pytest.mark.usefixtures("at_once", "plain_report")
def test_an_interrupted_run_says_so_wherever_it_was(
    project: Project, reports: Path, monkeypatch: pytest.MonkeyPatch, step: str, interrupt: tuple[str], reason: str
) -> None:
    project("01_x", PARAMETERS, "pass")
    owner = Run if hasattr(Run, step) else runner
    original = getattr(owner, step)
    calls = 0

    def interrupted(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if step == "begin":
            original(*args, **kwargs)
        if calls == 1:
            raise KeyboardInterrupt(*interrupt)
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_notebook("01_x", {}, reporter=SILENT)
    (run,) = list_runs()
    assert (run.state, run.reason) == ("stopped", f"{reason}; the same command goes on")


def test_a_notebook_that_was_cut_is_left_out_of_the_report(project: Project, reports: Path) -> None:
    project("01_x", PARAMETERS, "pass")
    run = Run(reports / "01_x-y")
    run.path.mkdir(parents=True)
    run.begin("01_x", {})
    (run.path / "x.ipynb").write_text('{"cells": [{"cell_type"')
    assert export_html(run).stat().st_size > 0


@pytest.mark.parametrize(("preset", "measured"), [("drawn", {"drawings": "all", "numbers": 700}), ("fast", {})])
def test_a_model_that_learns_what_is_no_digit_is_measured_on_all_drawings(
    preset: str, measured: Mapping[str, Value], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[Plan] = []

    def run_plan(plan: Plan, *_: object) -> Run:
        planned.append(plan)
        return Run(tmp_path)

    class AsGiven(Planner):
        """Plans without any data."""

        def plan(self, parameters: Mapping[str, Value]) -> Plan:
            return Plan(self.source, parameters, (), {})

    monkeypatch.setattr(runner, "run_plan", run_plan)
    monkeypatch.setattr(runner, "Planner", AsGiven)
    monkeypatch.setattr(runner, "ready_process", lambda notebook: nullcontext())
    runner.train_and_evaluate({"preset": preset}, reporter=SILENT)
    training, evaluation = planned
    assert training.parameters["preset"] == preset
    assert evaluation.parameters == {"run": tmp_path.name, **measured}
    assert evaluation.folder == tmp_path
