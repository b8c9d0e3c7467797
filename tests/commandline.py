"""The command line as a function."""

from click.testing import CliRunner

from mnistlab.cli import main


def mnistlab(*arguments: str) -> tuple[int, str]:
    """Return the exit code and all that was printed."""
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output
