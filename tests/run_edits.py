"""Random edits of a ``run.json``, as a slip of an editor, a full disk or somebody else might make them."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, -(10**17), 1e308, float("nan"), float("inf"), "", "x", "\ud800", "\x1b[31m",
    "2026-01-01T00:00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "2099-01-01T00:00:00+00:00",
    "<script>", "é" * 1000, [], [1], [[]], {}, {"a": 1}, {"name": None}, {"message": 1}, {"": {}},
)  # fmt: skip
"""What is put in the place of a value."""

KEYS = ("accuracy", "state", "notebook", "seed", "run", "test_accuracy", "seconds", "commit", "", "reason")
"""What a key is renamed to."""


def edited(record: dict[str, Any], chance: random.Random) -> bytes:
    """Return the text of a record after one to three edits."""
    content = copy.deepcopy(record)
    for _ in range(chance.randint(1, 3)):
        owner, key = chance.choice([*places(content)])
        match chance.choice(("swap", "swap", "swap", "move", "delete", "rename")):
            case "swap":
                owner[key] = copy.deepcopy(chance.choice(VALUES))
            case "move":
                other, from_key = chance.choice([*places(content)])
                owner[key] = copy.deepcopy(other[from_key])
            case "delete":
                del owner[key]
            case "rename" if isinstance(owner, dict):
                owner[chance.choice(KEYS)] = owner.pop(key)
        if not content:
            break
    text = json.dumps(content, indent=2).encode()
    match chance.choice(("whole",) * 6 + ("cut", "flip", "twice", "deep", "prefix")):
        case "cut":
            return text[: chance.randrange(len(text))]
        case "flip":
            at = chance.randrange(len(text))
            return text[:at] + bytes([text[at] ^ 1 << chance.randrange(8)]) + text[at + 1 :]
        case "twice":
            return text.replace(b"{", b'{"state": "complete", ', 1)
        case "deep":
            return b'{"state": "complete", "x": ' + b"[" * 100_000
        case "prefix":
            return chance.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\x00")) + text
    return text


def places(content: Any) -> Iterator[tuple[Any, Any]]:
    """Every object or list in a record with each of its keys or indices."""
    for key in content if isinstance(content, dict) else range(len(content)):
        yield content, key
        if isinstance(content[key], dict | list):
            yield from places(content[key])
