"""Commands about the runs that there are: list, show, repeat, remove."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from mnistlab.commands.options import store_option
from mnistlab.errors import RunError
from mnistlab.system.formatting import span

HASH = re.compile(r"[0-9a-f]{40,}")

if TYPE_CHECKING:
    from mnistlab.runs.record import Record


@click.command("runs")
@click.option("--where", default="", metavar="CONDITION", help="Only these: \"dataset=='mnist' and accuracy>0.99\".")
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
        click.echo("No runs yet: try 'mnistlab train'.")
        return
    if not (where or sort or as_json or as_csv):
        _print_table(runs)
        return
    from mnistlab.evaluation.comparison import select
    from mnistlab.runs.registry import compare

    table = select(compare(runs), where, sort, lowest_first)
    if as_csv:
        table.to_csv(sys.stdout)
    elif as_json:
        sys.stdout.write(table.reset_index().to_json(orient="records", lines=True, date_format="iso"))
    else:
        by_name = {run.name: run for run in runs}
        _print_table([by_name[name] for name in table.index])


@click.command("show")
@click.argument("run_name", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="All that is known, as JSON.")
@store_option
def show_command(run_name: str, as_json: bool, store: str) -> None:
    """Show what is known of RUN: parameters, metrics, where it comes from, what went wrong."""
    from mnistlab.runs.registry import find_run

    run = find_run(run_name, trained=False, store=store)
    if as_json:
        click.echo(json.dumps(run.info, indent=2))
        return
    _facts, asked, measured, origin = run.row()
    click.echo(f"{run.name}: {run.state}{f', {run.reason}' if run.reason else ''}")
    for title, part in (("parameters", asked), ("metrics", measured), ("from", origin)):
        told = ", ".join(f"{name} {_short(value)}" for name, value in part.items())
        if told:
            click.echo(f"{title}: {told}")
    click.echo(f"took {span(run.seconds)}{f', {_age(run.started)} ago' if run.started else ''}")
    report = run.path / "report.html"
    click.echo(f"Report: {report}" if report.exists() else f"No report in {run.path}")


@click.command("rm")
@click.argument("run_names", metavar="RUN...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def rm_command(run_names: Sequence[str], yes: bool) -> None:
    """Remove each RUN with its folder, after asking."""
    from mnistlab.runs.registry import find_run, remove

    for run in [find_run(name, trained=False) for name in run_names]:
        if run.state == "running":
            raise RunError(f"{run.name} is being run: stop it first, it cannot be removed now")
        if yes or click.confirm(f"Remove {run.name} ({run.accuracy or run.state}, {run.path})?"):
            remove(run)
            click.echo(f"{run.name} is removed")


@click.command("ship")
@click.argument("run_name", metavar="RUN", default="latest")
def ship_command(run_name: str) -> None:
    """Make RUN the model that ships with the package, its report a reference; 'latest' if left out."""
    from mnistlab.prediction import PRETRAINED
    from mnistlab.runs.registry import find_run
    from mnistlab.runs.release import ship
    from mnistlab.system.files import reference_dir

    ship(find_run(run_name), PRETRAINED, reference_dir())
    click.echo(PRETRAINED / "CARD.md")


def _print_table(runs: "Sequence[Record]") -> None:
    """What went wrong has a column if something did."""
    from tabulate import tabulate

    headers = ["id", "notebook", "dataset", "state", "accuracy", "time", "age"]
    rows = [
        [run.id, run.notebook, run.dataset, run.state, run.accuracy, span(run.seconds), _age(run.started)]
        for run in runs
    ]
    if any(run.reason for run in runs):
        headers.append("why")
        rows = [[*row, _cut(run.reason)] for row, run in zip(rows, runs, strict=True)]
    click.echo(tabulate(rows, headers, disable_numparse=True))


def _short(value: object) -> str:
    """Hashes by their beginning, numbers to six digits."""
    if isinstance(value, str) and HASH.fullmatch(value):
        return value[:12]
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _cut(reason: str, most: int = 60) -> str:
    return reason if len(reason) <= most else reason[: most - 1] + "…"


def _age(started: datetime | None) -> str:
    return span((datetime.now(UTC) - started).total_seconds()) if started else ""
