"""Options that several commands share."""

import click

limit_option = click.option(
    "--limit", type=click.FloatRange(min=0, min_open=True), default=120, show_default=True, help="Minutes a notebook."
)
store_option = click.option(
    "--store",
    default="",
    envvar="MNISTLAB_STORE",
    metavar="URL",
    help="Where runs are copied to: s3://bucket/folder.",
)
parameter_option = click.option(
    "-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A parameter of the notebook; can be repeated."
)
force_option = click.option("--force", is_flag=True, help="Run it again even if it is complete.")


mlflow_option = click.option(
    "--mlflow", default="", metavar="URI", help="Log each run there too: sqlite:///runs.db, http://…"
)
