"""Runs logged to MLflow too, for users whose other experiments are there."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from mnistlab.errors import WorkbenchError, require_extra
from mnistlab.runs.history import History
from mnistlab.runs.record import RunState
from mnistlab.runs.registry import columns_of
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.system.deadlines import within
from mnistlab.system.run_files import HISTORY_CSV, HISTORY_PNG, MODEL, REPORT, RUN_JSON, WEIGHTS

TAG = "mnistlab.run"
"""Tag of an MLflow run: the name of the run here, and when it finished."""

CURVES = ("loss", "accuracy", "validation_loss", "validation_accuracy")
"""The values of each epoch that are logged."""

PATIENCE = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "10", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}
"""Seconds of a request and times that it is repeated, for a server of which the environment says nothing else.

MLflow's own are 120 and 7: minutes without a word where no server answers.
"""

REQUESTS = 10
"""Requests that the time for logging a run is reckoned by; they are more, and short, but for its files."""

MAX_FAILURES = 3
"""Runs in a row that could not be logged, after which a sweep no longer waits for the server."""

ARTIFACTS = (RUN_JSON, REPORT, HISTORY_CSV, HISTORY_PNG, MODEL, WEIGHTS)
"""Files of a run that are copied if the run has them."""


def mlflow_logger(uri: str) -> Callable[[RunSnapshot], None]:
    """Return a function that logs a run to MLflow; a run that is there already is not logged twice.

    Parameters
    ----------
    uri : str
        A tracking URI: ``sqlite:///runs.db``, ``http://host:port``, or a folder. A server must answer soon; MLflow's
        ``MLFLOW_HTTP_REQUEST_TIMEOUT`` and ``MLFLOW_HTTP_REQUEST_MAX_RETRIES`` say how soon if they are set.

    Raises
    ------
    WorkbenchError
        If MLflow is not installed, or nothing answers at the URI.
    """
    require_extra("mlflow")
    import mlflow
    from mlflow.exceptions import MlflowException

    for library in ("mlflow", "alembic"):  # which print each table that a new database gets
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # which prints each repeated request
    failures: list[WorkbenchError] = []
    try:
        client = mlflow.MlflowClient(uri)
        _answered(uri, 1, lambda: client.search_experiments(max_results=1))
    except (MlflowException, OSError, ValueError) as error:
        raise _unreachable(uri, error) from None

    def log(run: RunSnapshot) -> None:
        if len(failures) == MAX_FAILURES:
            raise failures[-1]
        try:
            _answered(uri, REQUESTS, lambda: log_once(run))
            failures.clear()
        except (MlflowException, OSError, ValueError) as error:
            failures.append(_unreachable(uri, error))
            raise failures[-1] from None

    def log_once(run: RunSnapshot) -> None:
        found = client.get_experiment_by_name(run.notebook)
        experiment = found.experiment_id if found else client.create_experiment(run.notebook, _artifact_location(uri))
        tag = f"{run.name} {run.record.finished}"
        if client.search_runs([experiment], f"tags.`{TAG}` = '{tag}'", max_results=1):
            return
        logged = client.create_run(experiment, tags={TAG: tag, **_origin(run)}, run_name=run.name).info.run_id
        for name, value in run.parameters.items():
            client.log_param(logged, name, value)
        for name, value in run.metrics.items():
            client.log_metric(logged, name, value)
        for epoch in History.read(run.path / HISTORY_CSV).epochs:
            for name in CURVES:
                client.log_metric(logged, f"epoch/{name}", getattr(epoch, name), step=epoch.number)
        for path in filter(lambda path: path.exists(), (run.path / name for name in ARTIFACTS)):
            client.log_artifact(logged, str(path))
        client.set_terminated(logged, "FINISHED" if run.state == RunState.COMPLETE else "FAILED")

    return log


def _answered(uri: str, requests: int, task: Callable[[], object]) -> None:
    """Do what takes so many requests; TimeoutError if a server lets it wait, though each byte may come in time."""
    if not uri.startswith(("http://", "https://")):
        task()
        return
    timeout, retries = (int(os.environ.setdefault(name, value)) for name, value in PATIENCE.items())
    within(requests * 2 * timeout * (1 + retries), task)


def _unreachable(uri: str, error: Exception) -> WorkbenchError:
    return WorkbenchError(f"MLflow at {uri} cannot be used: {(str(error) or repr(error)).splitlines()[0]}")


def _artifact_location(uri: str) -> str | None:
    """Where files go: beside a database file (MLflow would take the current folder); else MLflow decides."""
    if not uri.startswith("sqlite:///"):
        return None
    return (Path(uri.removeprefix("sqlite:///")).absolute().parent / "mlruns").as_uri()


def _origin(run: RunSnapshot) -> dict[str, str]:
    """MLflow's tags: dataset, commit, code, versions, machine."""
    origin = columns_of(run)["origin"]
    return {name: str(value) for name, value in {"dataset": run.dataset, **origin}.items() if value is not None}
