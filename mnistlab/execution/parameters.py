"""The parameters of a notebook: its ``parameters`` cell, read and checked against the values given.

A line of that cell says name, type, default and range: ``epochs: int = 3  # most passes: 1 to 100`` bounds a number,
``preset: str = "fast"  # the training: one of baseline, fast`` lists the choices, ``any of mnist, digits joined by +``
those of which it takes several.
"""

import ast
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import papermill

from mnistlab.errors import ParameterError

Value = str | int | float | bool

TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}

NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Python stands bytes that are not UTF-8 for half a character each."""

NUMBER = r"[-+]?\d[\d.e+-]*"

NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Python stands bytes that are not UTF-8 for half a character each."""


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell."""

    name: str
    type: type
    default: Value
    choices: tuple[str, ...] | None  # the only values, if listed
    bounds: tuple[float, float] | None  # lowest and highest value, if given
    joined: bool = False  # whether it takes several choices joined by a plus

    @property
    def valid(self) -> str:
        """The values that it takes, in words."""
        if self.choices:
            listed = ", ".join(self.choices)
            return f"any of {listed} joined by +" if self.joined else f"one of {listed}"
        if self.bounds:
            low, high = self.bounds
            return f"{self.type.__name__}, {low:g} to {high:.10g}"
        return self.type.__name__

    def parse(self, given: Value) -> Value:
        """Return `given` as this parameter's type, or raise ParameterError."""
        value = self._typed(given)
        outside = self.bounds and not self.bounds[0] <= float(value) <= self.bounds[1]
        chosen = str(value).split("+") if self.joined else [value]
        if outside or (self.choices and not {*chosen} <= {*self.choices}):
            raise ParameterError(f"{self.name} cannot be {given}: it takes {self.valid}")
        return value

    def _typed(self, given: Value) -> Value:
        try:
            if self.type is bool:
                return {"true": True, "false": False}[str(given).lower()]
            return self.type(str(given))
        except (KeyError, ValueError):
            raise ParameterError(f"{self.name} cannot be {given!r}: it takes {self.valid}") from None


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook by name, in their order.

    Raises
    ------
    ParameterError
        If a default is not a plain literal.
    """
    return {name: _parameter(line) for name, line in papermill.inspect_notebook(notebook).items()}


def fill_in(notebook: str, known: Mapping[str, Parameter], given: Mapping[str, Value]) -> dict[str, Value]:
    """Return the value of every parameter of a notebook: as given, else its default.

    Parameters
    ----------
    notebook : str
        Its name, for messages.
    known : mapping of str to Parameter
        As `read_parameters` returns them.
    given : mapping of str to value
        Text is converted, as it comes from a command line.

    Raises
    ------
    ParameterError
        For an unknown name, a wrong type or a value out of range; the message lists what is valid.
    """
    check_names(notebook, known, given)
    return {name: p.parse(given[name]) if name in given else p.default for name, p in known.items()}


def check_names(notebook: str, known: Mapping[str, Parameter], names: Iterable[str]) -> None:
    """Raise ParameterError for a name that is no parameter of the notebook."""
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            offer = "; ".join(f"{p.name}: {p.valid}" for p in known.values()) or "none"
            raise ParameterError(f"{notebook} has no parameter {name}{hint}. It has {offer}")


def require_text(given: Value) -> None:
    """Raise ParameterError for bytes of a command line that are no text, and for a NUL, which no file name has."""
    if isinstance(given, str) and NO_TEXT.search(given):
        raise ParameterError(f"{given!r} is no text: write parameters and their values in UTF-8")


def _parameter(line: Mapping[str, str]) -> Parameter:
    comment = line["help"]
    choices = re.search(r"(?:one|any) of (\w[^;]*?)( joined by \+)?(?:;|$)", comment)
    bounds = re.search(rf"({NUMBER}) to ({NUMBER})", comment)
    return Parameter(
        name=line["name"],
        type=TYPES[line["inferred_type_name"]],
        default=ast.literal_eval(line["default"]),
        choices=tuple(re.split(r",\s*", choices[1].strip())) if choices else None,
        bounds=(float(bounds[1]), float(bounds[2])) if bounds else None,
        joined=bool(choices and choices[2]),
    )
