"""Commands about runs that exist: list, show, remove, ship."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from mnistlab.commands.options import store_option
from mnistlab.commands.output import echo
from mnistlab.system.formatting import printable, short, span
from mnistlab.system.run_files import REPORT

if TYPE_CHECKING:
    from mnistlab.runs.snapshot import RunSnapshot


@click.command("runs")
@click.option(
    "--where",
    default="",
    metavar="CONDITION",
    help="Only these: \"dataset=='mnist' and accuracy>0.99\".",
)
@click.option("--sort", default="", metavar="COLUMN", help="The highest first, instead of the newest.")
@click.option("--lowest-first", is_flag=True, help="With --sort.")
@click.option("--json", "as_json", is_flag=True, help="All columns, one JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, help="All columns, as CSV.")
@store_option
def runs_command(where: str, sort: str, lowest_first: bool, as_json: bool, as_csv: bool, store: str) -> None:
    """List the runs, the newest first."""
    from mnistlab.runs.registry import list_runs

    runs = list_runs(store=store)
    if not (runs or as_json or as_csv):
        echo("No runs yet: try 'mnistlab train'.")
        return
    if not (where or sort or as_json or as_csv):
        _print_table(runs)
        return
    from mnistlab.evaluation.comparison import select
    from mnistlab.runs.registry import compare

    table = select(compare(runs), where, sort, lowest_first)
    if as_csv:
        table = table.rename(index=printable, columns=printable)
        table.map(lambda value: printable(value) if isinstance(value, str) else value).to_csv(sys.stdout)
    elif as_json:
        sys.stdout.write(table.reset_index().to_json(orient="records", lines=True, date_format="iso"))
    else:
        by_name = {run.name: run for run in runs}
        _print_table([by_name[name] for name in table.index])


@click.command("show")
@click.argument("run_name", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="The whole record, as JSON.")
@store_option
def show_command(run_name: str, as_json: bool, store: str) -> None:
    """Show what is known about a run.

    Parameters, metrics, origin and error.
    """
    from mnistlab.runs.registry import columns_of, find_run

    run = find_run(run_name, trained=False, store=store)
    if as_json:
        echo(run.record.text().rstrip())
        return
    columns = columns_of(run)
    echo(printable(f"{run.name}: {run.state}{f', {run.reason}' if run.reason else ''}"))
    for title, group in (("parameters", "parameters"), ("metrics", "metrics"), ("from", "origin")):
        line = ", ".join(f"{printable(name)} {short(value)}" for name, value in columns[group].items())
        if line:
            echo(f"{title}: {line}")
    took = f"took {_duration(run.seconds)}" if run.seconds is not None else ""
    started = f"started {_age(run.started)} ago" if run.started else ""
    echo(", ".join(part for part in (took, started) if part))
    report = run.path / REPORT
    echo(f"Report: {report}" if report.exists() else f"No report in {run.path}")


@click.command("rm")
@click.argument("run_names", metavar="RUN...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def rm_command(run_names: Sequence[str], yes: bool) -> None:
    """Remove runs with their folders, after asking.

    RUN is the whole name or id of a run, not its beginning, nor 'latest'.
    """
    from mnistlab.runs.registry import exact_run, remove

    runs = {run.name: run for run in map(exact_run, run_names)}  # all are there, before the first is removed
    for run in runs.values():
        if yes or click.confirm(printable(f"Remove {run.name} ({run.accuracy or run.state}, {run.path})?")):
            remove(run)
            echo(f"{run.name} is removed")


@click.command("ship")
@click.argument("run_name", metavar="RUN", default="latest")
def ship_command(run_name: str) -> None:
    """Make a run's model the one that ships.

    Its report becomes a reference report. Without RUN, the latest run is taken.
    """
    from mnistlab.prediction import PRETRAINED
    from mnistlab.runs.registry import find_run
    from mnistlab.runs.release import ship
    from mnistlab.system.files import reference_dir

    ship(find_run(run_name), PRETRAINED, reference_dir())
    echo(PRETRAINED / "CARD.md")


def _print_table(runs: "Sequence[RunSnapshot]") -> None:
    """With a column of reasons if a run has failed or was stopped."""
    from tabulate import tabulate

    headers = ["id", "notebook", "dataset", "state", "accuracy", "time", "age"]
    rows = [
        [run.id, run.notebook, run.dataset, run.state, run.accuracy, _duration(run.seconds), _age(run.started)]
        for run in runs
    ]
    if any(run.reason for run in runs):
        headers.append("reason")
        rows = [[*row, _cut(run.reason)] for row, run in zip(rows, runs, strict=True)]
    cells = [["" if cell is None else printable(str(cell)) for cell in row] for row in rows]
    echo(tabulate(cells, headers, disable_numparse=True))


def _cut(reason: str, most: int = 60) -> str:
    return reason if len(reason) <= most else reason[: most - 1] + "…"


def _age(started: datetime | None) -> str:
    return span((datetime.now(UTC) - started).total_seconds()) if started else ""


def _duration(seconds: float | None) -> str:
    return "" if seconds is None else span(seconds)
