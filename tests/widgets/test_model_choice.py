import json
import shutil
from pathlib import Path

import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import ParameterError, RunError
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.system.run_files import MODEL, RUN_JSON, WEIGHTS
from mnistlab.widgets.model_choice import (
    LoadedModel,
    available_models,
    find_model,
    find_models,
    names_of_runs,
    pretrained_model,
)


@pytest.fixture
def run(reports: Path) -> Path:
    """A complete run that has the pretrained model."""
    folder = reports / "02_train-1a2b3c4d"
    folder.mkdir(parents=True)
    for name in (MODEL, WEIGHTS):
        shutil.copy(PRETRAINED / name, folder / name)
    info = {
        "notebook": "02_train",
        "state": "complete",
        "dataset": {"name": "digits"},
        "metrics": {"test_accuracy": 0.95},
        "started": "2026-01-01T00:00:00+00:00",
    }
    (folder / RUN_JSON).write_text(json.dumps(info))
    return folder


def change(run: Path, **fields: object) -> None:
    """Change fields of the run's ``run.json``."""
    info = json.loads((run / RUN_JSON).read_text())
    (run / RUN_JSON).write_text(json.dumps({**info, **fields}))


def test_the_pretrained_model_comes_first_and_is_described(reports: Path) -> None:
    (only,) = available_models()
    assert only == pretrained_model() == find_model()
    assert (only.name, only.test_set) == ("drawn", "MNIST")
    assert 0.99 < only.accuracy < 1
    assert LoadedModel().predictor(only).predict_drawing(EXAMPLES[3].drawing).digit == 2


def test_every_complete_run_can_be_chosen(run: Path) -> None:
    (trained,) = available_models()[1:]
    assert str(trained) == "02_train-1a2b3c4d (95.00% on digits's test set)"
    assert find_model("latest") == find_model("1a2b3c4d") == available_models()[1]
    assert available_models()[1].folder == run


@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_a_run_that_is_not_complete_cannot_be_chosen(run: Path, state: str) -> None:
    change(run, state=state)
    assert available_models() == [pretrained_model()]


def test_a_run_without_a_test_is_listed_as_not_tested(run: Path) -> None:
    change(run, metrics={})
    assert str(available_models()[1]) == "02_train-1a2b3c4d (not tested)"


def test_a_model_that_was_tested_is_the_same_model(run: Path) -> None:
    tested = available_models()[1]
    change(run, metrics={})
    assert available_models()[1] == tested
    assert available_models()[1].accuracy != tested.accuracy


def test_an_unknown_run_is_an_error(reports: Path) -> None:
    with pytest.raises(RunError, match="no trained run named nothing"):
        find_model("nothing")


def test_a_model_is_loaded_when_it_is_another_than_before(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []
    monkeypatch.setattr(Predictor, "from_run", lambda folder: folders.append(folder) or folder.name)
    loaded, pretrained, trained = LoadedModel(), pretrained_model(), find_model("latest")
    names = [loaded.predictor(model) for model in (pretrained, pretrained, trained, trained, pretrained)]
    assert names == ["pretrained", "pretrained", run.name, run.name, "pretrained"]
    assert folders == [PRETRAINED, run, PRETRAINED]


def test_a_run_without_its_model_is_an_error_each_time(run: Path) -> None:
    loaded, model = LoadedModel(), find_model("latest")
    (run / MODEL).unlink()
    for _ in range(2):
        with pytest.raises(RunError, match=f"no {MODEL} in"):
            loaded.predictor(model)


def copies(run: Path, **presets: str) -> None:
    """Copy a run, once for each id, as if it had been trained with some preset."""
    for name, preset in presets.items():
        shutil.copytree(run, run.with_name(f"02_train-{name}"))
        change(run.with_name(f"02_train-{name}"), parameters={"preset": preset})


def test_without_runs_there_is_only_the_model_that_comes_along(reports: Path) -> None:
    assert find_models("") == find_models() == {"drawn": pretrained_model()}
    assert names_of_runs(find_models()) == ""


def test_several_models_are_called_by_their_presets_and_where_these_are_the_same_by_their_ids(run: Path) -> None:
    copies(run, a1="fast", b2="accurate", c3="fast", d4="drawn")
    models = find_models("b2, 02_train-a1")
    assert [*models] == ["accurate", "fast", "drawn"]
    assert models["fast"].folder.name == "02_train-a1"
    assert models["drawn"] == pretrained_model()
    assert names_of_runs(models) == "02_train-b2,02_train-a1"
    assert [*find_models("a1,c3,d4")] == ["fast a1", "fast c3", "drawn d4", "drawn"]
    assert [*find_models("1a2b3c4d")] == ["02_train", "drawn"]


@pytest.mark.parametrize(
    ("runs", "error", "said"),
    [
        ("a0,nothing", RunError, "no trained run named nothing"),
        ("a0,,a1", RunError, "no trained run named ''"),
        ("a0,02_train-a0", ParameterError, "runs names 02_train-a0 2 times: name each run once"),
        (",".join(f"a{i}" for i in range(10)), ParameterError, "runs names 10 runs: name 9 at most"),
    ],
)
def test_what_cannot_be_compared_is_an_error_of_one_line(
    run: Path, runs: str, error: type[Exception], said: str
) -> None:
    copies(run, **{f"a{i}": "fast" for i in range(10)})
    with pytest.raises(error, match=f"^{said}"):
        find_models(runs)
    assert len(find_models(",".join(f"a{i}" for i in range(9)))) == 10
