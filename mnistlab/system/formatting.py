"""How durations, counts and other values are written in messages and tables."""

import re

HASH = re.compile(r"[0-9a-f]{40,}")
"""A sha256 or a git commit."""

HASH_DIGITS = 12
"""Of these, what is shown."""


def span(seconds: float) -> str:
    """Return a duration in the largest unit that leaves at least two of it: 90 s, 3 min, 5 h, 4 d."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 run, 2 runs, 1,000 runs."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def short(value: object) -> str:
    """Return a value as it is shown in a line: hashes cut, numbers with six significant digits, None as unknown."""
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return text[:HASH_DIGITS] if HASH.fullmatch(text) else text
