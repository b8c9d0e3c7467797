"""Options that several commands share, and how a command gets its options as one object."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import click

from mnistlab.execution.options import RunOptions

Options = TypeVar("Options")

parameter_option = click.option(
    "-p", "parameters", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebook; repeatable."
)
force_option = click.option("--force", is_flag=True, help="Run it again even if it is complete.")
limit_option = click.option(
    "--limit",
    type=click.FloatRange(min=0, min_open=True),
    default=RunOptions.limit,
    show_default=True,
    help="Time limit per notebook, in minutes.",
)
store_option = click.option(
    "--store",
    default="",
    envvar="MNISTLAB_STORE",
    metavar="URL",
    help="A store that runs are copied to: s3://bucket/folder.",
)
mlflow_option = click.option(
    "--mlflow", default="", metavar="URI", help="Log each run to MLflow too: sqlite:///runs.db, http://…"
)


def as_object(kind: Callable[..., Options]) -> Callable[[Callable[[Options], None]], Callable[..., None]]:
    """Have a command called with one object of this kind, made from its options by name."""

    def decorate(command: Callable[[Options], None]) -> Callable[..., None]:
        @wraps(command)
        def called(**options: object) -> None:
            command(kind(**options))

        return called

    return decorate
