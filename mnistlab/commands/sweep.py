"""The command that runs many notebooks at once."""

import sys
from dataclasses import dataclass

import click

from mnistlab.commands.notebooks import NOT_MNIST, Pairs, mlflow_logger_for
from mnistlab.commands.options import as_object, limit_option, mlflow_option, parameter_option, store_option
from mnistlab.commands.output import REPORTER, echo
from mnistlab.errors import ParameterError
from mnistlab.execution.options import RunOptions


@dataclass(frozen=True)
class SweepOptions:
    """The options of ``sweep``."""

    notebook: str
    grid: Pairs
    parameters: Pairs
    sample: int | None
    seed: int
    workers: int | None
    threads: int | None
    scheduler: str
    dry_run: bool
    limit: float
    store: str
    mlflow: str


@click.command("sweep")
@click.argument("notebook")
@click.option(
    "-g",
    "grid",
    nargs=2,
    multiple=True,
    required=True,
    metavar="NAME VALUES",
    help="A parameter to vary: 1e-3,3e-3 or 0..4; with --sample also a range, 1e-4..1e-2. Repeatable.",
)
@parameter_option
@click.option(
    "--sample", default=None, type=click.IntRange(1), metavar="N", help="Draw N settings at random instead of all."
)
@click.option("--seed", default=0, type=click.IntRange(0), show_default=True, help="Random seed of --sample.")
@click.option(
    "--workers",
    default=None,
    type=click.IntRange(1),
    metavar="N",
    help="Processes on this machine; one per core if left out.",
)
@click.option(
    "--threads",
    default=None,
    type=click.IntRange(1),
    metavar="N",
    help="Threads per run; its share of the cores if left out.",
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="Use this Dask cluster instead: tls://host:port.")
@click.option("--dry-run", is_flag=True, help="Only show what would be run.")
@limit_option
@store_option
@mlflow_option
@as_object(SweepOptions)
def sweep_command(options: SweepOptions) -> None:
    """Run a notebook over a grid of parameters.

    Many runs at once; those that are complete are not run again.
    """
    from mnistlab.sweeps.cluster import Workers
    from mnistlab.sweeps.dispatch import SweepExecution
    from mnistlab.sweeps.outcome import INTERRUPTED
    from mnistlab.sweeps.sweep import RandomSearch, Sweep

    workers = Workers(options.workers or 0, options.scheduler)
    run_options = RunOptions(limit=options.limit, threads=options.threads or 0)
    names = [name for name, _ in options.grid]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ParameterError(f"{twice[0]} is given twice with -g: list all its values in one")
    search = RandomSearch(options.sample, options.seed) if options.sample else None
    sweep = Sweep(options.notebook, dict(options.grid), dict(options.parameters), search, options.store)
    log = mlflow_logger_for(options.mlflow)
    sweep.refresh()
    echo(sweep.overview())
    if options.dry_run:
        return
    execution = SweepExecution(
        sweep,
        workers,
        run_options,
        REPORTER,
        log if options.mlflow else None,
    )
    execution.run()
    if sweep.replaces_mnist:
        echo(NOT_MNIST)
    echo(execution.summary())
    sys.exit(130 if execution.ended_early == INTERRUPTED else not sweep.is_complete)
