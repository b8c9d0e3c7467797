"""What nbval masks in the outputs of notebooks before it compares them."""

import re
from pathlib import Path

from nbval.plugin import get_sanitize_patterns

CONFIG = Path(__file__).parent / "notebooks" / "sanitize.cfg"

RULES: list[tuple[str, str]] = get_sanitize_patterns(CONFIG.read_text(encoding="utf-8"))
"""Regular expressions and their replacements, in order."""


def sanitize(text: str) -> str:
    """Mask a text as nbval does."""
    for regex, replacement in RULES:
        text = re.sub(regex, replacement, text)
    return text
