"""Commands that need no training: read pictures, serve the pad, download data."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from mnistlab.commands.output import echo
from mnistlab.system.formatting import printable
from mnistlab.web.settings import WebSettings


@click.command("fetch")
def fetch_command() -> None:
    """Download the datasets ahead of time.

    MNIST and three sets of pen drawings; prints where each file is.
    """
    from mnistlab.datasets.download import fetch
    from mnistlab.datasets.sources import MNIST, PENDIGITS, UJI, UNIPEN

    for source in (MNIST, PENDIGITS, UJI, UNIPEN):
        for path in fetch(source):
            echo(path)


@click.command("predict")
@click.argument("pictures", nargs=-1, required=True, metavar="PICTURE...")
@click.option("--run", "run_name", help="A trained run ('latest', its id) instead of the model that ships.")
@click.option("--number", is_flag=True, help="Read a number of several digits; '?' stands for what is not a digit.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object a line: file, digit or number, confidence, is_digit and more.",
)
def predict_command(pictures: Sequence[str], run_name: str | None, number: bool, as_json: bool) -> None:
    """Read the digit in each picture, or say that it shows none.

    PICTURE is a file, a folder of files, a data URL, or - for a file on standard input. Files are PNG, JPEG, WebP,
    GIF, BMP or TIFF, of up to 50 megapixels; HEIC, SVG, and PDF of one page too, if the extra of that name is
    installed. One that cannot be read is an error of its own: with --json it is a line with file and error.
    """
    from mnistlab.commands.picture_sources import read_each
    from mnistlab.prediction import Predictor
    from mnistlab.runs.registry import find_run

    predictor = Predictor.from_run(find_run(run_name).path) if run_name else Predictor.pretrained()
    failures = 0
    for name, found in read_each(pictures, predictor.read_number_picture if number else predictor.predict_picture):
        if isinstance(found, ValueError):
            failures += 1
            if as_json:
                _echo_json(file=name, error=str(found))
            else:
                echo(f"Error: {printable(name)}: {printable(str(found))}", err=True)
        elif as_json:
            _echo_json(file=name, **found.record())
        else:
            echo(f"{printable(name)}: {found}")
    sys.exit(bool(failures))


def _echo_json(**told: object) -> None:
    echo(json.dumps(told, allow_nan=False))


@click.command("app")
@click.option("--port", default=WebSettings.port, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--host",
    default=WebSettings.host,
    show_default=True,
    help="Address to listen on; anything but loopback is visible to others.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="Another address of the app, as https://digits.example.org behind a proxy; may be repeated.",
)
@click.option(
    "--sessions",
    default=WebSettings.sessions,
    show_default=True,
    type=click.IntRange(1),
    help="Pages open at once, at most.",
)
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Add the drawings that people keep to this file; without it, nothing is kept.",
)
def app_command(port: int, host: str, origins: tuple[str, ...], sessions: int, keep: Path | None) -> None:
    """Serve the drawing pad as a web app."""
    from mnistlab.execution.plan import find_notebook
    from mnistlab.web.app import serve

    serve(find_notebook("04_draw"), WebSettings(host, port, origins, sessions, keep=keep), echo=echo)
