"""The command line as a function."""

from click.testing import CliRunner

from mnistlab.cli import main


def mnistlab(*arguments: str, stdin: bytes | None = None) -> tuple[int, str]:
    """Return the exit code and all that was printed; `stdin`: what is on standard input."""
    result = CliRunner().invoke(main, arguments, input=stdin)
    return result.exit_code, result.output
