"""Commands that run notebooks: one, the two of a training, or one again; and one that hands them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnistlab.commands.options import (
    as_object,
    force_option,
    limit_option,
    mlflow_option,
    parameter_option,
)
from mnistlab.commands.output import REPORTER, echo
from mnistlab.execution.options import RunOptions
from mnistlab.system.run_files import REPORT

if TYPE_CHECKING:
    from mnistlab.runs.run import Run
    from mnistlab.runs.snapshot import RunSnapshot

Pairs = Sequence[tuple[str, str]]

NOT_MNIST = "NOT MNIST: it was not available, so this is about scikit-learn's bundled 8x8 digits."


@dataclass(frozen=True)
class NotebookOptions:
    """The options of ``run`` and ``train``."""

    parameters: Pairs
    force: bool
    limit: float
    mlflow: str
    notebook: str = ""
    preset: str = ""

    @property
    def run(self) -> RunOptions:
        """How the notebook is run."""
        return RunOptions(limit=self.limit, force=self.force)


@click.command("run")
@click.argument("notebook")
@parameter_option
@force_option
@limit_option
@mlflow_option
@as_object(NotebookOptions)
def run_command(options: NotebookOptions) -> None:
    """Execute a notebook with papermill.

    The run gets a folder of its own in reports/.
    """
    from mnistlab.execution.runner import run_notebook

    log = mlflow_logger_for(options.mlflow)
    run = run_notebook(options.notebook, dict(options.parameters), options.run, REPORTER)
    log(run)
    _echo_result(run)


@click.command("train")
@click.option("--preset", default="fast", show_default=True, help="The named training configuration.")
@parameter_option
@force_option
@limit_option
@mlflow_option
@as_object(NotebookOptions)
def train_command(options: NotebookOptions) -> None:
    """Train on all images, then evaluate.

    Runs 02_train, then 03_evaluate on the test set, in one folder.
    """
    from mnistlab.execution.runner import train_and_evaluate

    log = mlflow_logger_for(options.mlflow)
    run = train_and_evaluate({"preset": options.preset, **dict(options.parameters)}, options.run, REPORTER)
    log(run)
    _echo_result(run)


@click.command("rerun")
@click.argument("run_name", metavar="RUN")
@limit_option
def rerun_command(run_name: str, limit: float) -> None:
    """Run a run again and compare.

    Executes this installation's notebooks with RUN's parameters, never the notebooks in RUN's folder. The new run is
    kept beside RUN. Shows first what differs in code, data and versions, then in the results.
    """
    from mnistlab.execution.rerun import rerun
    from mnistlab.runs.registry import find_run

    new = rerun(find_run(run_name, trained=False), RunOptions(limit=limit), REPORTER)
    echo(f"Report: {new.path / REPORT}")


@click.command("handout")
@click.argument("file", default="mnistlab-handout.zip", type=click.Path(dir_okay=False, path_type=Path))
def handout_command(file: Path) -> None:
    """Write the notebooks into a zip FILE for a class.

    They have no solutions and no outputs there.
    """
    from mnistlab.execution.plan import notebooks
    from mnistlab.teaching.handout import write_handout

    write_handout(notebooks(), file)
    echo(file)


def mlflow_logger_for(uri: str) -> "Callable[[RunSnapshot], None]":
    """What logs a complete run to MLflow, if there is a URI."""
    if not uri:
        return lambda run: None
    from mnistlab.runs.mlflow_log import mlflow_logger

    return mlflow_logger(uri)


def _echo_result(run: "Run") -> None:
    """Print the main numbers, and again if it was not MNIST."""
    metrics = run.metrics
    if metrics.keys() >= {"test_accuracy", "test_accuracy_low", "test_accuracy_high"}:
        low, high = metrics["test_accuracy_low"], metrics["test_accuracy_high"]
        echo(f"Test accuracy {metrics['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%})")
    if metrics.keys() >= {"drawn_accuracy", "drawn_accuracy_lowest"}:
        mean, lowest = metrics["drawn_accuracy"], metrics["drawn_accuracy_lowest"]
        echo(f"Drawn digits {mean:.2%}, mean of five conditions; the lowest {lowest:.2%}")
    elif drawn := run.record.extra.get("drawn_digits"):
        from mnistlab.evaluation.drawn import few_drawings

        echo(few_drawings(drawn["count"]))
    if run.replaces_mnist:
        echo(NOT_MNIST)
    echo(f"Report: {run.path / REPORT}")
