"""The command line: a thin skin over the library.

Each command imports what it needs when it runs, so that ``--help`` answers at once.
"""

import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from mnistlab import __version__
from mnistlab.commands.runs import limit_option, rerun_command, rm_command, runs_command, show_command, store_option
from mnistlab.errors import ParameterError, WorkbenchError

if TYPE_CHECKING:
    from mnistlab.runs.record import Record
    from mnistlab.runs.run import Run


NOT_MNIST = "NOT MNIST: it could not be had, so this is about scikit-learn's bundled 8x8 digits."


class Commands(click.Group):
    """Turns what a person can mend into one line on stderr, and signals into a clean end."""

    def invoke(self, ctx: click.Context) -> object:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _interrupt)
        try:
            return super().invoke(ctx)
        except ParameterError as error:
            raise click.UsageError(str(error)) from None
        except WorkbenchError as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:  # a full disk, a folder that may not be written
            where = f": {error.filename}" if error.filename else ", while writing"
            raise click.ClickException(f"{error.strerror or error}{where}") from None
        except KeyboardInterrupt:
            click.echo("Stopped. What was finished is kept; the same command goes on from there.", err=True)
            sys.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """A research workbench for handwritten digits."""


@main.command("fetch")
def fetch_command() -> None:
    """Download MNIST and the pen strokes ahead of time, or say where they are."""
    from mnistlab.datasets.download import MNIST, PENDIGITS, fetch

    for source in (MNIST, PENDIGITS):
        for path in fetch(source):
            click.echo(path)


_parameter = click.option(
    "-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebook; can be repeated."
)
_force = click.option("--force", is_flag=True, help="Run it again even if it is complete.")


_mlflow = click.option(
    "--mlflow", default="", metavar="URI", help="Log each run there too: sqlite:///runs.db, http://…"
)


@main.command("run")
@click.argument("notebook")
@_parameter
@_force
@limit_option
@_mlflow
def run_command(notebook: str, given: Sequence[tuple[str, str]], force: bool, limit: float, mlflow: str) -> None:
    """Execute NOTEBOOK with papermill into a folder of its own under reports/."""
    from mnistlab.execution.runner import run_notebook

    finished = _mirror(mlflow)
    run = run_notebook(notebook, dict(given), force=force, limit=limit, tell=click.echo)
    if finished:
        finished(run)
    _conclude(run)


@main.command("train")
@click.option("--preset", default="fast", show_default=True, help="The recipe.")
@_parameter
@_force
@limit_option
@_mlflow
def train_command(preset: str, given: Sequence[tuple[str, str]], force: bool, limit: float, mlflow: str) -> None:
    """Train on all images and evaluate on the test set: 02_train, then 03_evaluate, in one folder."""
    from mnistlab.execution.runner import train_and_evaluate

    finished = _mirror(mlflow)
    run = train_and_evaluate({"preset": preset, **dict(given)}, force=force, limit=limit, tell=click.echo)
    if finished:
        finished(run)
    _conclude(run)


@main.command("sweep")
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
@_parameter
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
@_mlflow
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


@main.command("predict")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--run", "run_name", help="A trained run ('latest', its id) instead of the model that ships.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: file, digit, confidence, probabilities.")
def predict_command(files: Sequence[str], run_name: str | None, as_json: bool) -> None:
    """Read the digit in each picture: PNG, JPEG or what else Pillow knows, of any size."""
    from mnistlab.pictures import read_picture
    from mnistlab.prediction import Predictor

    predictor = Predictor.from_run(_find_run(run_name).path) if run_name else Predictor.pretrained()
    failures = 0
    for file in files:
        try:
            prediction = predictor.predict_picture(read_picture(Path(file)))
        except ValueError as error:  # no picture, or no digit in it
            click.echo(f"Error: {file}: {error}", err=True)
            failures += 1
            continue
        if as_json:
            told = {"file": file, "digit": prediction.digit, "confidence": round(prediction.confidence, 6)}
            click.echo(json.dumps({**told, "probabilities": [round(float(p), 6) for p in prediction.probabilities]}))
        else:
            click.echo(f"{file}: {prediction.digit} ({prediction.confidence:.1%})")
    sys.exit(bool(failures))


@main.command("ship")
@click.argument("run_name", metavar="RUN", default="latest")
def ship_command(run_name: str) -> None:
    """Make RUN the model that ships with the package, its report a reference; 'latest' if left out."""
    from mnistlab.prediction import PRETRAINED
    from mnistlab.runs.release import ship
    from mnistlab.system.files import project_dir

    ship(_find_run(run_name), PRETRAINED, project_dir() / "reports" / "reference")
    click.echo(PRETRAINED / "CARD.md")


@main.command("app")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; others can reach any other.")
@click.option("--sessions", default=10, show_default=True, type=click.IntRange(1), help="Pages open at once, at most.")
def app_command(port: int, host: str, sessions: int) -> None:
    """Serve the drawing pad as a web app."""
    from mnistlab.execution.plan import find_notebook
    from mnistlab.web.app import serve

    serve(find_notebook("04_draw"), host=host, port=port, sessions=sessions, tell=click.echo)


def _find_run(name: str) -> "Run":
    from mnistlab.runs.registry import find_run

    return find_run(name)


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
    if run.replaces_mnist:
        click.echo(NOT_MNIST)
    click.echo(f"Report: {run.path / 'report.html'}")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


for command in (runs_command, show_command, rerun_command, rm_command):
    main.add_command(command)
