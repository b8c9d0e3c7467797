"""Random choices that all parts make."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

Range = tuple[float, float]
"""Smallest and largest of a random number."""


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """Return one of the options, each equally likely."""
    return options[int(rng.integers(len(options)))]


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number between two: each doubling is equally likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
