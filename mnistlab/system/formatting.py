"""How durations, counts and other values are written in messages and tables."""

import re
import unicodedata

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


def printable(text: str) -> str:
    """Return a text in one line for a terminal: what could move the cursor, colour or turn letters is escaped.

    Control characters, marks that change the direction of writing and half characters become ``\\x1b``
    or ``\\u202e``; letters of all languages stay.
    """
    return "".join(_escaped(character) if _is_unsafe(character) else character for character in text)


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in _JOINERS


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


_JOINERS = "\u200c\u200d"
"""Format characters that words of some languages need."""


def short(value: object) -> str:
    """Return a value as it is shown in a line: hashes cut, numbers with six significant digits, None as unknown."""
    if value is None:
        return "unknown"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = printable(str(value))
    return text[:HASH_DIGITS] if HASH.fullmatch(text) else text
