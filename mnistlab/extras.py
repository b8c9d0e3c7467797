"""Packages that not everybody needs: installed by name, missed with a word that says how."""

from importlib.util import find_spec

from mnistlab.errors import WorkbenchError


def require_extra(extra: str) -> None:
    """Raise WorkbenchError if the package that an extra of the same name stands for is not installed."""
    if find_spec(extra) is None:
        raise WorkbenchError(f"{extra} is not installed: pip install 'mnistlab[{extra}]'")
