"""What every command prints goes through here, because names and texts of runs and files come from anywhere."""

import io
import sys
from collections.abc import Sequence

import click

from mnistlab.execution.options import Reporter
from mnistlab.system.formatting import printable


def echo(text: object, err: bool = False) -> None:
    """Print text of one or several lines, control characters as visible escapes; `err`: on stderr."""
    click.echo(printable(str(text), keep="\n"), err=err)


def print_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows of cells below their headers; numbers stay as they are written."""
    from tabulate import tabulate

    echo(tabulate([[printable(str(cell)) for cell in row] for row in rows], headers, disable_numparse=True))


def allow_any_encoding() -> None:
    """Have characters that the terminal's encoding lacks printed as escapes, too, instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


REPORTER = Reporter(echo=echo)
"""Prints what a run or a sweep has to say."""
