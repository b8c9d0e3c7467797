import socket
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

from mnistlab.errors import WorkbenchError
from mnistlab.runs import mlflow_log
from mnistlab.runs.history import Epoch, History
from mnistlab.runs.mlflow_log import mlflow_logger
from mnistlab.runs.run import Run

pytestmark = pytest.mark.skipif(not find_spec("mlflow"), reason="needs mlflow: pip install 'mnistlab[mlflow]'")


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
    import mlflow  # late: it takes a second, and each worker collects this file

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


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short times, as a user may set them."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")


@pytest.mark.usefixtures("impatient")
def test_a_server_that_says_nothing_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(WorkbenchError, match=rf"MLflow at {uri} cannot be used: ") as caught:
            mlflow_logger(uri)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_server_that_answers_byte_by_byte_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr("mlflow.MlflowClient.search_experiments", lambda self, max_results: never.wait())
    monkeypatch.setattr(mlflow_log, "PATIENCE", {"NO_TIMEOUT": "0", "NO_RETRIES": "0"})
    monkeypatch.setattr(mlflow_log.os, "environ", {})
    with pytest.raises(WorkbenchError, match="MLflow at http://a cannot be used: no answer within 0 s"):
        mlflow_logger("http://a")
    never.set()


@pytest.mark.parametrize("said", [None, "77"])
def test_a_request_is_short_unless_the_user_has_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    environment = {"MLFLOW_HTTP_REQUEST_TIMEOUT": said} if said else {}
    monkeypatch.setattr(mlflow_log.os, "environ", environment)
    mlflow_log._answered("http://a", 1, lambda: None)
    assert environment == {"MLFLOW_HTTP_REQUEST_TIMEOUT": said or "10", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}


def test_a_setting_that_is_no_number_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "soon")
    with pytest.raises(WorkbenchError, match=r"MLflow at http://127\.0\.0\.1:9 cannot be used: .*'soon'"):
        mlflow_logger("http://127.0.0.1:9")


def test_a_server_that_died_is_not_waited_for_with_every_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def dead(self: object, *arguments: object) -> None:
        asked.append(arguments)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr("mlflow.MlflowClient.search_experiments", lambda self, max_results: [])
    monkeypatch.setattr("mlflow.MlflowClient.get_experiment_by_name", dead)
    log = mlflow_logger("http://127.0.0.1:9")
    for _ in range(5):
        with pytest.raises(WorkbenchError, match=r"MLflow at http://127\.0\.0\.1:9 cannot be used: refused"):
            log(run)
    assert len(asked) == mlflow_log.MAX_FAILURES
