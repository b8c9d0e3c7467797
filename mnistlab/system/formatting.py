"""How durations and other values are written in messages and tables."""


def span(seconds: float) -> str:
    """Return a duration in the largest unit that leaves at least two of it: 90 s, 3 min, 5 h, 4 d."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
