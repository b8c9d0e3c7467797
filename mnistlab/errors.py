"""Errors that are no faults of the code: each message is one line that says what to do."""

from collections.abc import Iterable
from importlib.util import find_spec


class WorkbenchError(Exception):
    """Base of all errors that the user can fix."""


class DataNotFoundError(WorkbenchError):
    """A dataset is not on this machine and cannot be downloaded."""


class DataDamagedError(WorkbenchError):
    """A data file has the wrong content."""


class ParameterError(WorkbenchError):
    """A parameter does not exist, or cannot have that value."""


class UnknownNameError(ParameterError):
    """A name that is not in a list of choices; the message lists them."""

    def __init__(self, kind: str, name: str, offered: Iterable[str]) -> None:
        super().__init__(f"unknown {kind} {name!r}: choose one of {', '.join(offered)}")


class RunError(WorkbenchError):
    """A run could not be found, started or finished."""


class RunHeldError(RunError):
    """Another process executes the run."""


def require_extra(extra: str, package: str = "") -> None:
    """Raise WorkbenchError, saying how to install it, if the package of an extra is missing; empty: one of its name."""
    if find_spec(package or extra) is None:
        raise WorkbenchError(f"{package or extra} is not installed: pip install 'mnistlab[{extra}]'")
