"""Which settings a sweep goes through: all of a grid, or some drawn at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, log, prod

import numpy as np

from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Parameter, Value

MAX_RUNS = 100_000
"""Runs in a grid, at most: a slip of the finger in a range would take all memory before it takes all time."""

DIGITS = 4
"""Significant digits of a number drawn from a range."""

ATTEMPTS = 100
"""Draws for each setting that is wanted, at most: a narrow range may not have so many different ones."""

Values = str | Sequence[Value]
"""Of one parameter: the values, or as a text ``1e-3,3e-3`` or ``0..4``."""


@dataclass(frozen=True)
class Axis:
    """The values of one parameter that a sweep goes through."""

    name: str
    values: Sequence[Value]
    reach: tuple[float, float] | None = None  # instead of values: everything between these two

    def draw(self, random: np.random.Generator) -> Value:
        """Return one of the values at random; of a range that is all positive, every magnitude alike."""
        if not self.reach:
            return self.values[int(random.integers(len(self.values)))]
        low, high = self.reach
        value = exp(random.uniform(log(low), log(high))) if low > 0 else random.uniform(low, high)
        return min(max(float(f"{value:.{DIGITS}g}"), low), high)


def grid(known: Mapping[str, Parameter], asked: Mapping[str, Values]) -> list[dict[str, Value]]:
    """Return every combination of the values of some parameters, the last one changing fastest.

    Parameters
    ----------
    known : mapping of str to Parameter
        What the notebook has, as `mnistlab.execution.parameters.read_parameters` returns it.
    asked : mapping of str to values
        ``"1e-3,3e-3"``; ``"0..4"`` for all whole numbers from 0 to 4; or any sequence.

    Raises
    ------
    ParameterError
        If the notebook has no such parameter, or it does not take such a value, or there are too many.
    """
    axes = [_axis(known, name, values) for name, values in asked.items()]
    for axis in axes:
        if axis.reach:
            raise ParameterError(f"{axis.name} is a range without end: list values, or draw from it with --sample")
    if (count := prod(len(axis.values) for axis in axes)) > MAX_RUNS:
        raise ParameterError(f"that is {count:,} runs, {MAX_RUNS:,} at most: narrow the grid, or draw with --sample")
    return [
        dict(zip(asked, combination, strict=True)) for combination in product(*(dict.fromkeys(a.values) for a in axes))
    ]


def sample(
    known: Mapping[str, Parameter], asked: Mapping[str, Values], count: int, seed: int = 0
) -> list[dict[str, Value]]:
    """Return so many different combinations drawn at random, or as many as there are.

    Parameters and errors are those of `grid`; here a range of a parameter that is no whole number,
    ``"1e-4..1e-2"``, stands for all that is in it.

    References
    ----------
    J. Bergstra, Y. Bengio: Random search for hyper-parameter optimization, JMLR 13, 2012.
    """
    axes = [_axis(known, name, values) for name, values in asked.items()]
    if not any(axis.reach for axis in axes) and prod(len(set(axis.values)) for axis in axes) <= count:
        return grid(known, asked)
    random = np.random.default_rng(seed)
    drawn: dict[tuple[Value, ...], None] = {}
    for _ in range(ATTEMPTS * count):
        if len(drawn) < count:
            drawn[tuple(axis.draw(random) for axis in axes)] = None
    return [dict(zip(asked, combination, strict=True)) for combination in drawn]


def _axis(known: Mapping[str, Parameter], name: str, values: Values) -> Axis:
    parameter = known[name]
    if not isinstance(values, str):
        parsed = [parameter.parse(value) for value in values]
    elif ".." in values and parameter.type in (int, float):
        low, high = (parameter.parse(end) for end in values.split("..", 1))
        if low > high:  # type: ignore[operator]  # both are numbers
            raise ParameterError(f"{name} cannot be {values}: the lower end comes first")
        if parameter.type is float:
            return Axis(name, (), (float(low), float(high)))
        return Axis(name, range(int(low), int(high) + 1))
    else:
        parsed = [parameter.parse(value.strip()) for value in values.split(",")]
    if not parsed:
        raise ParameterError(f"{name} has no values to go through")
    return Axis(name, parsed)
