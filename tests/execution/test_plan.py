from collections.abc import Callable
from pathlib import Path

import pytest
from notebook_cells import run_cells

from mnistlab.errors import ParameterError, RunError, WorkbenchError
from mnistlab.execution.parameters import Value
from mnistlab.execution.plan import TOGETHER, Planner, check_together, notebooks
from mnistlab.litert import recorded_sha256
from mnistlab.prediction import PRETRAINED
from mnistlab.runs.run import Run
from mnistlab.sweeps.sweep import Sweep
from mnistlab.system.run_files import MODEL, WEIGHTS

DIGITS = {"dataset": "digits"}


def test_auto_stands_for_the_drawings_that_are_taken(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An evaluation with the examples is another run than one with UJI, once that is here."""
    project("09_drawn", 'drawings: str = "auto"  # one of auto, uji, examples')
    names = []
    for name in ("examples", "uji"):
        monkeypatch.setattr("mnistlab.execution.plan.load_drawings", lambda asked, name=name: (name, []))
        plan = Planner("09_drawn").plan({})
        assert plan.parameters == {"drawings": name}
        names.append(plan.name)
    assert names[0] != names[1]


def test_the_model_that_ships_makes_another_run_once_it_is_another(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project("09_reads", 'run: str = ""  # the trained run; empty for the model that ships')
    project("09_other", "size: int = 1  # of it: 0 to 9")
    names = []
    for sha256 in ("ab", "cd"):
        monkeypatch.setattr("mnistlab.execution.plan.recorded_sha256", lambda folder, sha256=sha256: sha256)
        plan = Planner("09_reads").plan({})
        assert plan.code["model"] == sha256
        assert "model" not in Planner("09_other").plan({}).code
        names.append(plan.name)
    assert names[0] != names[1]


def test_several_runs_are_found_before_anything_starts(
    project: Callable[..., Path], reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model that ships is among them: with another one it is another run."""
    project("09_several", 'runs: str = ""  # trained runs: names or ids joined by commas')
    for name in ("a1", "b2"):
        trained = Run(reports / f"02_train-{name}")
        trained.path.mkdir(parents=True)
        (trained.path / WEIGHTS).touch()
        trained.update(notebook="02_train", state="complete", parameters={"preset": name})
    plan = Planner("09_several").plan({"runs": "a1, latest"})
    assert plan.parameters == {"runs": "02_train-a1,02_train-b2"}
    assert plan.code["model"] == recorded_sha256(PRETRAINED)
    with pytest.raises(RunError, match=r"^no trained run named c3"):
        Planner("09_several").plan({"runs": "a1,c3"})


def test_latest_stands_for_a_run_also_where_it_is_what_a_model_is_compared_with(
    project: Callable[..., Path], reports: Path
) -> None:
    project("09_two", 'run: str = "latest"  # the trained run\nagainst: str = ""  # another, or the one that ships')
    for name, dataset in (("02_train-a", "digits"), ("02_train-b", "uji")):
        run = Run(reports / name)
        run.path.mkdir(parents=True)
        run.update(notebook="02_train", state="complete", dataset={"name": dataset}, metrics={"epochs": 1})
        for file in (MODEL, WEIGHTS):
            (run.path / file).write_bytes(b"x")
    loaded: list[str] = []

    def load(name: str) -> tuple[()]:
        loaded.append(name)
        return ()

    planner = Planner("09_two", load)
    plan = planner.plan({"run": "02_train-a", "against": "02_train-b"})
    assert plan.parameters == {"run": "02_train-a", "against": "02_train-b"}
    assert loaded == ["digits"], "that of the run, not of the other one"
    assert "model" not in plan.code
    assert "model" in planner.plan({"run": "02_train-a"}).code
    assert planner.plan({"run": "02_train-a", "against": "latest"}).parameters["against"] != "latest"


@pytest.mark.parametrize(
    ("notebook", "parameters", "said"),
    [
        ("02_train", {**DIGITS, "train_size": 200, "batch_size": "256"}, r"train_size 200 .* \(batch_size 256\): take"),
        ("02_train", {**DIGITS, "train_size": 200, "preset": "fast"}, r"train_size 200 .* \(batch_size 256\): take"),
        ("02_train", {**DIGITS, "train_size": 5}, r"train_size 5 gives .* too few for every digit in both: take"),
        ("10_benchmark", {**DIGITS, "train_size": 260}, r"train_size 260 .* \(batch_size 256\): take train_size 270"),
        ("11_sweep_cost", {"runs": 2, "train_size": 100}, r"train_size 100 .* \(batch_size 128\): take train_size 143"),
        ("11_sweep_cost", {"runs": 2, "most_workers": 8}, "runs 2 with most_workers 8 leaves workers idle: take 8"),
        ("11_sweep_cost", {"runs": 2, "notebook": "01_explore_data"}, "01_explore_data has no parameter train_size"),
        ("09_compare_runs", {"metric": "train_size"}, "train_size is not a number between 0 and 1"),
        ("09_compare_runs", {"notebook": "99_none"}, "no notebook 99_none"),
        ("09_compare_runs", {"where": "epochs > 99"}, "none of the 30 complete runs fulfils 'epochs > 99'"),
        ("09_compare_runs", {"notebook": "03_evaluate"}, "there are no runs to compare"),
    ],
)
@pytest.mark.usefixtures("reports")
def test_parameters_that_do_not_go_together_are_refused_before_anything_starts(
    notebook: str, parameters: dict[str, Value], said: str
) -> None:
    with pytest.raises(WorkbenchError, match=f"^{said}"):
        Planner(notebook).plan(parameters)


def test_one_bad_combination_of_a_sweep_is_refused_before_anything_starts() -> None:
    with pytest.raises(ParameterError, match=r"^train_size 200 .* \(batch_size 256\): take train_size 285 or more"):
        Sweep("02_train", {"train_size": "400,200", "batch_size": "128,256"}, DIGITS)


@pytest.mark.parametrize(
    ("notebook", "parameters"),
    [
        ("11_sweep_cost", {"runs": 2, "train_size": 100}),
        ("11_sweep_cost", {"runs": 1}),
        ("10_benchmark", {**DIGITS, "train_size": 200}),
    ],
)
def test_in_an_open_notebook_they_are_refused_before_a_run_begins(
    notebook: str, parameters: dict[str, Value], reports: Path
) -> None:
    with pytest.raises(ParameterError):
        run_cells(notebook, **parameters)
    assert not reports.exists()


def test_the_defaults_of_all_notebooks_go_together() -> None:
    assert {path.stem for path in notebooks()} >= TOGETHER.keys()
    for path in notebooks():
        planner = Planner(path.stem, lambda name: ())
        if "dataset" not in planner.known:
            check_together(path.stem, {name: parameter.default for name, parameter in planner.known.items()})
        elif "run" not in planner.known:
            Planner(path.stem).plan(DIGITS)


@pytest.mark.parametrize("parameters", [{"note": "a\udcff"}, {"note": "a\x00"}, {"\udcff": "1"}])
def test_bytes_that_are_no_text_are_an_error_before_anything_is_done(
    project: Callable[..., Path], parameters: dict[str, Value]
) -> None:
    project("01_x", 'note: str = ""  # anything')
    with pytest.raises(ParameterError, match=r"'.*\\.*' is no text: write parameters") as caught:
        Planner("01_x").plan(parameters)
    assert str(caught.value).isprintable()
    assert Planner("01_x").plan({"note": "한글"}).parameters == {"note": "한글"}
