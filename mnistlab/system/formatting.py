"""How durations, counts and other values are written in messages and tables."""

import re

HASH = re.compile(r"[0-9a-f]{40,}")
"""A sha256 or a git commit."""

HASH_DIGITS = 12
"""Of these, what is shown."""

CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that change what a terminal shows around them, or show nothing: C0, C1, direction of text, lines,
invisible ones; and half characters."""


def printable(text: str, keep: str = "") -> str:
    """Return a text with its control characters as visible escapes, ``\\x1b`` for example.

    Other characters, of any language, stay as they are.

    Parameters
    ----------
    text : str
        From anywhere: a name of a file, a message, a parameter.
    keep : str
        Control characters that stay: a newline, for text of several lines.
    """
    return CONTROL.sub(lambda one: one[0] if one[0] in keep else one[0].encode("unicode_escape").decode(), text)


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
    """Return a value as it is shown in a line: hashes cut, numbers with six significant digits, None as unknown.

    What comes back is `printable`.
    """
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = printable(str(value))
    return text[:HASH_DIGITS] if HASH.fullmatch(text) else text
