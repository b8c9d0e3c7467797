"""What can go wrong through no fault of the code: each message is one line that says what to do."""

from collections.abc import Iterable
from importlib.util import find_spec


class WorkbenchError(Exception):
    """Base of all errors that the person at the keyboard can mend."""


class DataNotFoundError(WorkbenchError):
    """A dataset is neither on this machine nor to be had from a mirror."""


class DataDamagedError(WorkbenchError):
    """A data file is there but is not what it should be."""


class ParameterError(WorkbenchError):
    """A notebook was asked for something that its parameters cell does not offer."""


class UnknownNameError(ParameterError):
    """A name that is not among those on offer; the message lists them."""

    def __init__(self, kind: str, name: str, offered: Iterable[str]) -> None:
        super().__init__(f"unknown {kind} {name!r}: choose one of {', '.join(offered)}")


class RunError(WorkbenchError):
    """A run could not be found, started or finished."""


def require_extra(extra: str) -> None:
    """Raise WorkbenchError, saying how to install it, if the package that an extra is named after is missing."""
    if find_spec(extra) is None:
        raise WorkbenchError(f"{extra} is not installed: pip install 'mnistlab[{extra}]'")
