from pathlib import Path

import pytest

from mnistlab.errors import WorkbenchError
from mnistlab.runs.history import Epoch, History
from mnistlab.runs.mlflow_log import mlflow_logger
from mnistlab.runs.run import Run

mlflow = pytest.importorskip("mlflow", reason="needs mlflow: pip install 'mnistlab[mlflow]'")


@pytest.fixture
def run(reports: Path) -> Run:
    run = Run(reports / "02_train-abcd")
    run.path.mkdir(parents=True)
    run.update(
        notebook="02_train",
        state="complete",
        parameters={"learning_rate": 0.001, "seed": 1},
        metrics={"validation_accuracy": 0.98},
        dataset={"name": "mnist"},
        finished="2026-01-01T00:00:00+00:00",
        git={"commit": "12ab", "dirty": False},
    )
    History((Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0), Epoch(2, 0.3, 0.9, 0.2, 0.98, 1.0))).write(run.path / "history.csv")
    (run.path / "report.html").write_text("<p>report</p>")
    return run


@pytest.mark.filterwarnings("ignore::Warning")  # what MLflow and its database libraries say of each other
def test_a_run_is_logged_once_with_parameters_metrics_and_files(run: Run, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'runs.db'}"
    log = mlflow_logger(uri)
    log(run)
    log(run)
    client = mlflow.MlflowClient(uri)
    (experiment,) = [found for found in client.search_experiments() if found.name == "02_train"]
    (logged,) = client.search_runs([experiment.experiment_id])
    assert logged.info.run_name == run.name
    assert logged.info.status == "FINISHED"
    assert logged.data.params == {"learning_rate": "0.001", "seed": "1"}
    assert logged.data.metrics["validation_accuracy"] == 0.98
    curve = client.get_metric_history(logged.info.run_id, "epoch/validation_accuracy")
    assert [(point.step, point.value) for point in curve] == [(1, 0.85), (2, 0.98)]
    assert (logged.data.tags["dataset"], logged.data.tags["commit"]) == ("mnist", "12ab")
    assert experiment.artifact_location == (tmp_path / "mlruns").as_uri(), "beside the database, not where one stands"
    assert {file.path for file in client.list_artifacts(logged.info.run_id)} == {
        "run.json",
        "report.html",
        "history.csv",
    }
    run.update(finished="2026-01-02T00:00:00+00:00")
    log(run)
    assert len(client.search_runs([experiment.experiment_id])) == 2, "another time is another run"


def test_without_mlflow_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistlab.errors.find_spec", lambda name: None)
    with pytest.raises(WorkbenchError, match=r"mlflow is not installed: pip install 'mnistlab\[mlflow\]'"):
        mlflow_logger("sqlite:///x.db")


@pytest.mark.filterwarnings("ignore::Warning")  # as above
def test_what_cannot_be_used_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WorkbenchError, match=r"MLflow at sqlite:///\S+ cannot be used: ") as caught:
        mlflow_logger(f"sqlite:///{tmp_path / 'file' / 'runs.db'}")(run)
    assert "\n" not in str(caught.value)
