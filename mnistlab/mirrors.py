"""Runs logged to MLflow as well, for those whose other experiments are there."""

import logging
from collections.abc import Callable

from mnistlab.errors import WorkbenchError
from mnistlab.extras import require_extra
from mnistlab.records import Record

TAG = "mnistlab.run"
"""Tag of an MLflow run: the name of ours, and when it was finished."""

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
    client = mlflow.MlflowClient(uri)
    try:
        client.search_experiments(max_results=1)
    except MlflowException as error:
        raise WorkbenchError(f"MLflow cannot be reached at {uri}: {str(error).splitlines()[0]}") from None

    def log(run: Record) -> None:
        found = client.get_experiment_by_name(run.notebook)
        experiment = found.experiment_id if found else client.create_experiment(run.notebook)
        tag = f"{run.name} {run.info.get('finished')}"
        if client.search_runs([experiment], f"tags.`{TAG}` = '{tag}'", max_results=1):
            return
        logged = client.create_run(experiment, tags={TAG: tag, **_origin(run)}, run_name=run.name).info.run_id
        for name, value in run.parameters.items():
            client.log_param(logged, name, value)
        for name, value in run.metrics.items():
            client.log_metric(logged, name, value)
        for path in filter(lambda path: path.exists(), (run.path / name for name in ARTEFACTS)):
            client.log_artifact(logged, str(path))
        client.set_terminated(logged, "FINISHED" if run.state == "complete" else "FAILED")

    return log


def _origin(run: Record) -> dict[str, str]:
    """What MLflow calls tags: dataset, commit, code, versions, machine."""
    origin = run.row()[-1]
    return {name: str(value) for name, value in {"dataset": run.dataset, **origin}.items() if value is not None}
