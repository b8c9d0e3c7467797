"""Commands that run notebooks: one, the two of a training, or many."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from mnistlab.commands.options import force_option, limit_option, mlflow_option, parameter_option, store_option
from mnistlab.errors import ParameterError

if TYPE_CHECKING:
    from mnistlab.runs.record import Record
    from mnistlab.runs.run import Run

NOT_MNIST = "NOT MNIST: it could not be had, so this is about scikit-learn's bundled 8x8 digits."


@click.command("run")
@click.argument("notebook")
@parameter_option
@force_option
@limit_option
@mlflow_option
def run_command(notebook: str, given: Sequence[tuple[str, str]], force: bool, limit: float, mlflow: str) -> None:
    """Execute NOTEBOOK with papermill into a folder of its own under reports/."""
    from mnistlab.execution.runner import run_notebook

    finished = _mirror(mlflow)
    run = run_notebook(notebook, dict(given), force=force, limit=limit, tell=click.echo)
    if finished:
        finished(run)
    _conclude(run)


@click.command("train")
@click.option("--preset", default="fast", show_default=True, help="The recipe.")
@parameter_option
@force_option
@limit_option
@mlflow_option
def train_command(preset: str, given: Sequence[tuple[str, str]], force: bool, limit: float, mlflow: str) -> None:
    """Train on all images and evaluate on the test set: 02_train, then 03_evaluate, in one folder."""
    from mnistlab.execution.runner import train_and_evaluate

    finished = _mirror(mlflow)
    run = train_and_evaluate({"preset": preset, **dict(given)}, force=force, limit=limit, tell=click.echo)
    if finished:
        finished(run)
    _conclude(run)


@click.command("sweep")
@click.argument("notebook")
@click.option(
    "-g",
    "asked",
    nargs=2,
    multiple=True,
    required=True,
    metavar="NAME VALUES",
    help="A parameter to go through: 1e-3,3e-3 or 0..4; with --sample also a range, 1e-4..1e-2. Can be repeated.",
)
@parameter_option
@click.option(
    "--sample",
    "count",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="Draw N settings at random instead of all.",
)
@click.option("--seed", default=0, show_default=True, help="For --sample.")
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="Processes on this machine; one a core if left out.",
)
@click.option(
    "--threads",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="That a run may take; its share of the cores if left out.",
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask cluster instead: tcp://host:port.")
@click.option("--dry-run", is_flag=True, help="Only show what would be run.")
@limit_option
@store_option
@mlflow_option
def sweep_command(
    notebook: str,
    asked: Sequence[tuple[str, str]],
    given: Sequence[tuple[str, str]],
    count: int,
    seed: int,
    workers: int,
    threads: int,
    scheduler: str,
    dry_run: bool,
    limit: float,
    store: str,
    mlflow: str,
) -> None:
    """Run NOTEBOOK over a grid of parameters, many at once; what is complete already is not run again."""
    from mnistlab.sweeps.outcome import INTERRUPTED
    from mnistlab.sweeps.sweep import Sweep

    finished = _mirror(mlflow)
    names = [name for name, _ in asked]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ParameterError(f"{twice[0]} is given twice with -g: list all its values in one")
    planned = Sweep(notebook, dict(asked), dict(given), count=count, seed=seed, store=store)
    planned.look()
    click.echo(planned.overview())
    if dry_run:
        return
    ended = planned.run(
        workers=workers, threads=threads, scheduler=scheduler, limit=limit, tell=click.echo, finished=finished
    )
    if planned.replaces_mnist:
        click.echo(NOT_MNIST)
    click.echo(planned.conclusion(ended))
    sys.exit(130 if ended == INTERRUPTED else not planned.is_complete)


@click.command("rerun")
@click.argument("run_name", metavar="RUN")
@limit_option
def rerun_command(run_name: str, limit: float) -> None:
    """Run the same once more, beside RUN: says first what differs in code, data and versions, then what came out."""
    from mnistlab.execution.rerun import rerun
    from mnistlab.runs.registry import find_run

    new = rerun(find_run(run_name, trained=False), limit=limit, tell=click.echo)
    click.echo(f"Report: {new.path / 'report.html'}")


def _mirror(uri: str) -> "Callable[[Record], None] | None":
    """What else is done with a run that has ended."""
    if not uri:
        return None
    from mnistlab.runs.mlflow_log import mlflow_mirror

    return mlflow_mirror(uri)


def _conclude(run: "Run") -> None:
    """Say what came out, and once more if it was not MNIST."""
    if "test_accuracy" in (metrics := run.metrics):
        low, high = metrics["test_accuracy_low"], metrics["test_accuracy_high"]
        click.echo(f"Test accuracy {metrics['test_accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%})")
    if "drawn_accuracy" in metrics:
        mean, lowest = metrics["drawn_accuracy"], metrics["drawn_accuracy_lowest"]
        click.echo(f"Drawn digits {mean:.2%}, mean of five ways to draw; the lowest {lowest:.2%}")
    elif drawn := run.info.get("drawn_digits"):
        from mnistlab.evaluation.drawn import few_drawings

        click.echo(few_drawings(drawn["count"]))
    if run.replaces_mnist:
        click.echo(NOT_MNIST)
    click.echo(f"Report: {run.path / 'report.html'}")
