"""The settings of a sweep: all of a grid, or some drawn at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, isfinite, log, prod

import numpy as np

from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Parameter, Value

MAX_RUNS = 100_000
"""Runs in a sweep, at most: a mistyped range would fill the memory."""

MAX_VALUES = 2**62
"""Whole numbers in a range, at most: as many as NumPy can draw from."""

DIGITS = 4
"""Significant digits of a number drawn from a range."""

ATTEMPTS = 100
"""Draws for each setting, at most: a narrow range may not have so many different ones."""

Values = str | Sequence[Value]
"""Values of one parameter: a sequence, or text as ``1e-3,3e-3`` or ``0..4``."""


@dataclass(frozen=True)
class Axis:
    """The values of one parameter in a sweep, all different."""

    name: str
    values: Sequence[Value]
    interval: tuple[float, float] | None = None  # instead of values: everything between these two

    def draw(self, random: np.random.Generator) -> Value:
        """Return a value at random; from a positive interval on a log scale."""
        if not self.interval:
            return self.values[int(random.integers(len(self.values)))]
        low, high = self.interval
        value = exp(random.uniform(log(low), log(high))) if low > 0 else random.uniform(low, high)
        return min(max(float(f"{value:.{DIGITS}g}"), low), high)


def grid_settings(known: Mapping[str, Parameter], grid: Mapping[str, Values]) -> list[dict[str, Value]]:
    """Return every combination of the values of some parameters, the last one changing fastest.

    Parameters
    ----------
    known : mapping of str to Parameter
        The notebook's parameters, as `mnistlab.execution.parameters.read_parameters` returns it.
    grid : mapping of str to values
        ``"1e-3,3e-3"``; ``"0..4"`` for all whole numbers from 0 to 4; or any sequence.

    Raises
    ------
    ParameterError
        If the notebook does not take one of the values, or there are too many combinations.
    """
    axes = _axes(known, grid)
    for axis in axes:
        if axis.interval:
            raise ParameterError(f"{axis.name} is a range of real numbers: list values, or draw from it with --sample")
    _check_number(prod(len(axis.values) for axis in axes), "narrow the grid, or draw with --sample")
    return [dict(zip(grid, combination, strict=True)) for combination in product(*(axis.values for axis in axes))]


def draw_settings(
    known: Mapping[str, Parameter], grid: Mapping[str, Values], number: int, seed: int = 0
) -> list[dict[str, Value]]:
    """Return a number of different combinations drawn at random; all of them if there are fewer.

    Parameters
    ----------
    known, grid
        As in `grid_settings`; here a range of a parameter of type float, ``"1e-4..1e-2"``, stands for
        every number in it. Errors are those of `grid_settings`.
    number : int
        How many.
    seed : int
        Of the random numbers.

    References
    ----------
    J. Bergstra, Y. Bengio: Random search for hyper-parameter optimization, JMLR 13, 2012.
    """
    _check_number(number, "draw fewer")
    axes = _axes(known, grid)
    if not any(axis.interval for axis in axes) and prod(len(axis.values) for axis in axes) <= number:
        return grid_settings(known, grid)
    random = np.random.default_rng(seed)
    drawn: dict[tuple[Value, ...], None] = {}
    for _ in range(ATTEMPTS * number):
        if len(drawn) < number:
            drawn[tuple(axis.draw(random) for axis in axes)] = None
    return [dict(zip(grid, combination, strict=True)) for combination in drawn]


def _check_number(runs: int, remedy: str) -> None:
    if runs > MAX_RUNS:
        raise ParameterError(f"that is {runs:,} runs, {MAX_RUNS:,} at most: {remedy}")


def _axes(known: Mapping[str, Parameter], grid: Mapping[str, Values]) -> list[Axis]:
    if not grid:
        raise ParameterError("a sweep varies at least one parameter")
    return [_axis(known, name, values) for name, values in grid.items()]


def _axis(known: Mapping[str, Parameter], name: str, values: Values) -> Axis:
    parameter = known[name]
    if not isinstance(values, str):
        parsed = [parameter.parse(value) for value in values]
    elif ".." in values and parameter.type in (int, float):
        low, high = (parameter.parse(end) for end in values.split("..", 1))
        if not (isfinite(low) and isfinite(high)):  # type: ignore[arg-type]  # both are numbers, as below
            raise ParameterError(f"{name} cannot be {values}: both ends must be finite")
        if low > high:  # type: ignore[operator]
            raise ParameterError(f"{name} cannot be {values}: give the lower end first")
        if parameter.type is float:
            return Axis(name, (), (float(low), float(high)))
        if int(high) - int(low) >= MAX_VALUES:
            raise ParameterError(f"{name} cannot be {values}: that is too wide a range")
        return Axis(name, range(int(low), int(high) + 1))
    else:
        parsed = [parameter.parse(value.strip()) for value in values.split(",")]
    if not parsed:
        raise ParameterError(f"{name} has no values")
    return Axis(name, list(dict.fromkeys(parsed)))
