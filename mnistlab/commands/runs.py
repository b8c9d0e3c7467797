"""Commands about runs that exist: list, show, remove, ship."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from mnistlab.commands.options import store_option
from mnistlab.commands.output import echo, print_table
from mnistlab.system.formatting import printable, short, span
from mnistlab.system.run_files import REPORT

if TYPE_CHECKING:
    from mnistlab.runs.snapshot import RunSnapshot

CLOCK_DIFFERS = "clock differs"
"""The age of a run that started in the future, by this machine's clock."""


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
        echo(table.map(lambda cell: printable(cell) if isinstance(cell, str) else cell).to_csv().rstrip("\n"))
    elif as_json:
        echo(table.reset_index().to_json(orient="records", lines=True, date_format="iso").rstrip("\n"))
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
    from mnistlab.runs.registry import columns_of, find_run, require_readable

    run = find_run(run_name, trained=False, store=store)
    require_readable(run)
    if as_json:
        echo(run.record.text().rstrip())
        return
    columns = columns_of(run)
    echo(f"{run.name}: {run.state}{f', {printable(run.reason)}' if run.reason else ''}")
    for title, group in (("parameters", "parameters"), ("metrics", "metrics"), ("from", "origin")):
        line = ", ".join(f"{printable(name)} {short(value)}" for name, value in columns[group].items())
        if line:
            echo(f"{title}: {line}")
    took = f"took {_duration(run.seconds)}" if run.seconds is not None else ""
    started = f"started {_start(run.started)}" if run.started else ""
    echo(", ".join(part for part in (took, started) if part))
    report = run.path / REPORT
    echo(f"Report: {report}" if report.exists() else f"No report in {run.path}")


@click.command("rm")
@click.argument("run_names", metavar="RUN...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def rm_command(run_names: Sequence[str], yes: bool) -> None:
    """Remove runs with their folders, after asking.

    Each RUN is a whole name or id.
    """
    from mnistlab.runs.registry import check_removable, find_exactly, remove

    runs = list({run.name: run for run in map(find_exactly, run_names)}.values())
    for run in runs:
        check_removable(run)
    for run in runs:
        if yes or click.confirm(f"Remove {run.name} ({run.accuracy or run.state}, {run.path})?"):
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
    headers = ["id", "notebook", "dataset", "state", "accuracy", "time", "age"]
    rows = [
        [run.id, run.notebook, run.dataset, run.state, run.accuracy, _duration(run.seconds), _age(run.started)]
        for run in runs
    ]
    if any(run.reason for run in runs):
        headers.append("reason")
        rows = [[*row, _cut(run.reason)] for row, run in zip(rows, runs, strict=True)]
    print_table(headers, rows)


def _cut(reason: str, most: int = 60) -> str:
    return reason if len(reason) <= most else reason[: most - 1] + "…"


def _age(started: datetime | None) -> str:
    """As far as the clocks know: one of them was wrong if a run started in the future."""
    if started is None:
        return ""
    seconds = (datetime.now(UTC) - started).total_seconds()
    return span(seconds) if seconds >= 0 else CLOCK_DIFFERS


def _start(started: datetime) -> str:
    age = _age(started)
    return f"{started:%Y-%m-%d %H:%M} UTC ({age})" if age == CLOCK_DIFFERS else f"{age} ago"


def _duration(seconds: float | None) -> str:
    return "" if seconds is None else span(seconds)
