"""The command line: a thin skin over the library.

Each command imports what it needs when it runs, so that ``--help`` answers at once.
"""

import signal
import sys
from types import FrameType

import click

from mnistlab import __version__
from mnistlab.commands.drawings import drawings_command
from mnistlab.commands.notebooks import handout_command, rerun_command, run_command, train_command
from mnistlab.commands.output import allow_any_encoding
from mnistlab.commands.predict import app_command, fetch_command, predict_command
from mnistlab.commands.runs import rm_command, runs_command, ship_command, show_command
from mnistlab.commands.sweep import sweep_command
from mnistlab.errors import ParameterError, WorkbenchError
from mnistlab.system.formatting import printable


class Commands(click.Group):
    """Turns errors that the user can fix into one line on stderr, and signals into a clean end."""

    def invoke(self, ctx: click.Context) -> object:
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _interrupt)
        allow_any_encoding()
        try:
            return super().invoke(ctx)
        except ParameterError as error:
            raise click.UsageError(printable(str(error))) from None
        except WorkbenchError as error:
            raise click.ClickException(printable(str(error))) from None
        except OSError as error:  # a full disk, a folder that may not be written
            where = f": {error.filename}" if error.filename else ", while writing"
            raise click.ClickException(printable(f"{error.strerror or error}{where}")) from None
        except KeyboardInterrupt:
            click.echo("Stopped. What was finished is kept; the same command continues from there.", err=True)
            sys.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """A research workbench for handwritten digits."""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


for command in (
    fetch_command,
    train_command,
    run_command,
    sweep_command,
    rerun_command,
    handout_command,
    predict_command,
    app_command,
    drawings_command,
    runs_command,
    show_command,
    rm_command,
    ship_command,
):
    main.add_command(command)
