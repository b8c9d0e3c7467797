"""How commands print: what others wrote can neither move the cursor nor forge a line."""

import io
import sys

import click

from mnistlab.system.formatting import printable


def echo(text: object, err: bool = False) -> None:
    """Print lines of text; control characters in them are escaped.

    Parameters
    ----------
    text : object
        Its ``str`` is printed, with a newline at the end.
    err : bool
        On stderr instead of stdout.
    """
    click.echo("\n".join(map(printable, str(text).split("\n"))), err=err)


def escape_what_cannot_be_encoded() -> None:
    """Have stdout and stderr escape the characters that their encoding does not have, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
