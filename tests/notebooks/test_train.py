"""02_train in an open notebook: its cells run one by one, some of them again after a change."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from mnistlab.data import Digits
from mnistlab.errors import ParameterError, RunError
from mnistlab.execution.plan import Planner, find_notebook
from mnistlab.runs.run import Run

Pair = tuple[Digits, Digits]
SMALL = {"dataset": "digits", "train_size": 400, "epochs": 1}


class OpenNotebook:
    """The kernel's variables, and the code cells."""

    def __init__(self) -> None:
        cells = nbformat.read(find_notebook("02_train"), as_version=4).cells
        self.sources = [cell.source for cell in cells if cell.cell_type == "code"]
        self.variables: dict[str, Any] = {}

    def run(self, *words: str) -> None:
        """Run the cells that contain these words, in this order."""
        for word in words:
            (source,) = [source for source in self.sources if word in source]
            exec(source, self.variables)

    def change(self, **parameters: object) -> None:
        """Change parameters, and run the cells that use them down to the split."""
        self.variables |= parameters
        self.run("config = configure(", "load_dataset(config")


@pytest.fixture
def notebook(reports: Path, monkeypatch: pytest.MonkeyPatch) -> OpenNotebook:
    monkeypatch.setenv("MPLBACKEND", "agg")
    opened = OpenNotebook()
    opened.run("from mnistlab", "preset: str")
    return opened


def content(run: Run) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}


def test_a_changed_parameter_does_not_overwrite_the_run_of_before(notebook: OpenNotebook) -> None:
    notebook.change(**SMALL)
    notebook.run("current_run(", "history = train(", "plot_history(", "calibrate_and_export(", "run.finish(")
    run: Run = notebook.variables["run"]
    assert run.state == "complete"
    assert run.metrics["at_chance"] == 0.0
    before = content(run)
    notebook.change(seed=1)
    with pytest.raises(RunError, match=f"{run.name} was begun with seed 0, not seed 1: run the cell with current_run"):
        notebook.run("history = train(")
    with pytest.raises(RunError, match="was begun with validation images"):
        notebook.run("calibrate_and_export(")
    assert content(run) == before
    notebook.variables["run"].release()


def test_a_changed_parameter_stops_a_run_that_was_only_begun(notebook: OpenNotebook) -> None:
    notebook.change(**SMALL)
    notebook.run("current_run(")
    run: Run = notebook.variables["run"]
    notebook.change(train_size=500)
    with pytest.raises(RunError, match="was begun with train_size 400, not train_size 500"):
        notebook.run("history = train(")
    assert not (run.path / "checkpoints").exists()
    run.release()


def test_a_run_at_chance_says_so(notebook: OpenNotebook, capsys: pytest.CaptureFixture[str]) -> None:
    notebook.change(**SMALL, learning_rate=1.0)
    notebook.run(
        "current_run(", "history = train(", "plot_history(", "history.conclusion", "temperature =", "run.finish("
    )
    assert "It did not learn to read: " in capsys.readouterr().out
    run: Run = notebook.variables["run"]
    assert run.metrics["at_chance"] == 1.0
    run.release()


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, digits: Pair) -> list[str]:
    """The names of the datasets that are loaded; each has the bundled digits."""
    names: list[str] = []

    def load(name: str) -> Pair:
        names.append(name)
        return digits

    for module in ("mnistlab.data", "mnistlab.execution.plan"):
        monkeypatch.setattr(f"{module}.load_dataset", load)
    monkeypatch.setattr("mnistlab.execution.plan.fetch", lambda source: [])
    return names


def test_the_preset_decides_the_dataset(loaded: list[str], notebook: OpenNotebook) -> None:
    notebook.change(preset="drawn")
    assert loaded == [notebook.variables["config"].dataset] == ["mnist+strokes"]
    assert Planner("02_train").plan({"preset": "drawn"}).parameters["dataset"] == "mnist+strokes"
    assert Planner("02_train").plan({"preset": "drawn", "dataset": "digits"}).parameters["dataset"] == "digits"
    assert loaded[1:] == ["mnist+strokes", "digits"]


@pytest.mark.parametrize("preset", ["baseline", "fast", "accurate"])
def test_every_preset_has_two_hundred_steps_to_take(preset: str, notebook: OpenNotebook) -> None:
    """At the notebook's default size."""
    notebook.change(preset=preset, dataset="digits")
    config, images = notebook.variables["config"], 1800
    assert config.epochs_on(images) * config.steps_on(images) >= 200


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"epochs": -1}, "epochs cannot be -1"),
        ({"learning_rate": 5}, "learning_rate cannot be 5"),
        ({"train_size": 30}, "train_size 30 gives 27 images to train on and 3 to validate on"),
        ({"train_size": -5}, "train_size -5 gives -5 images to train on"),
        ({"batch_size": 400}, r"train_size 400 gives 360 images to train on, .* \(batch_size 400\)"),
        ({"preset": "accurate", "train_size": 120}, "train_size 120 gives 114 images to train on and 6 to validate on"),
    ],
)
def test_what_cannot_be_trained_is_said_in_a_line(
    parameters: dict[str, object], said: str, notebook: OpenNotebook
) -> None:
    with pytest.raises(ParameterError, match=f"^{said}[^\n]*$"):
        notebook.change(**{**SMALL, **parameters})
