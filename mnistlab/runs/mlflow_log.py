"""Runs logged to MLflow as well, for those whose other experiments are there."""

import logging
from collections.abc import Callable
from pathlib import Path

from mnistlab.errors import WorkbenchError, require_extra
from mnistlab.runs.history import History
from mnistlab.runs.record import Record

TAG = "mnistlab.run"
"""Tag of an MLflow run: the name of ours, and when it was finished."""

CURVES = ("loss", "accuracy", "validation_loss", "validation_accuracy")
"""What is logged of each epoch."""

ARTEFACTS = ("run.json", "report.html", "history.csv", "history.png", "model.tflite", "model.weights.h5")
"""Files of a run that are copied, as far as it has them."""


def mlflow_mirror(uri: str) -> Callable[[Record], None]:
    """Return a function that logs a run to MLflow; one that is there already is not logged twice.

    Parameters
    ----------
    uri : str
        A tracking URI: ``sqlite:///runs.db``, ``http://host:port``, or a folder.

    Raises
    ------
    WorkbenchError
        If MLflow is not installed, or nothing answers at the URI.
    """
    require_extra("mlflow")
    import mlflow
    from mlflow.exceptions import MlflowException

    for library in ("mlflow", "alembic"):  # which tell of each table that a new database gets
        logging.getLogger(library).setLevel(logging.WARNING)
    try:
        client = mlflow.MlflowClient(uri)
        client.search_experiments(max_results=1)
    except (MlflowException, OSError) as error:
        raise _unreachable(uri, error) from None

    def log(run: Record) -> None:
        try:
            log_once(run)
        except (MlflowException, OSError) as error:
            raise _unreachable(uri, error) from None

    def log_once(run: Record) -> None:
        found = client.get_experiment_by_name(run.notebook)
        experiment = found.experiment_id if found else client.create_experiment(run.notebook, _artefacts(uri))
        tag = f"{run.name} {run.info.get('finished')}"
        if client.search_runs([experiment], f"tags.`{TAG}` = '{tag}'", max_results=1):
            return
        logged = client.create_run(experiment, tags={TAG: tag, **_origin(run)}, run_name=run.name).info.run_id
        for name, value in run.parameters.items():
            client.log_param(logged, name, value)
        for name, value in run.metrics.items():
            client.log_metric(logged, name, value)
        for epoch in History.read(run.path / "history.csv").epochs:
            for name in CURVES:
                client.log_metric(logged, f"epoch/{name}", getattr(epoch, name), step=epoch.number)
        for path in filter(lambda path: path.exists(), (run.path / name for name in ARTEFACTS)):
            client.log_artifact(logged, str(path))
        client.set_terminated(logged, "FINISHED" if run.state == "complete" else "FAILED")

    return log


def _unreachable(uri: str, error: Exception) -> WorkbenchError:
    return WorkbenchError(f"MLflow at {uri} cannot be used: {str(error).splitlines()[0]}")


def _artefacts(uri: str) -> str | None:
    """Where files go: beside a database, as MLflow itself would take the folder that one stands in; else it says."""
    if not uri.startswith("sqlite:///"):
        return None
    return (Path(uri.removeprefix("sqlite:///")).absolute().parent / "mlruns").as_uri()


def _origin(run: Record) -> dict[str, str]:
    """What MLflow calls tags: dataset, commit, code, versions, machine."""
    origin = run.row()[-1]
    return {name: str(value) for name, value in {"dataset": run.dataset, **origin}.items() if value is not None}
