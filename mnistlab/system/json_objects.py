"""JSON that others may have written or damaged: read within limits, and checked before it is used."""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from functools import cache
from math import isfinite
from pathlib import Path
from stat import S_ISREG
from types import NoneType, UnionType
from typing import Any, Self, get_args, get_origin, get_type_hints

MOST_BYTES = 8 * 2**20
"""Of a file; the longest that is written here, a sweep of ten thousand runs, has 5 MB."""

MOST_LEVELS = 50
"""Objects and lists within each other."""

MOST_DIGITS = 18
"""Of a whole number with its sign: such a number fits into 64 bits."""

YEARS = range(1970, 2200)
"""Of a time that can be one."""

HALF_CHARACTER = re.compile("[\ud800-\udfff]")

KINDS = {str: "text", bool: "true or false", int: "a whole number", float: "a number", NoneType: "null"}
"""What values of these types are called in messages."""


@dataclass(frozen=True, kw_only=True)
class JsonObject:
    """Base of dataclasses that stand for an object in a file. Keys that a class does not know are kept in `extra`.

    A field is text, a number, true or false, a `StrEnum`, another such object, a mapping from text to one of these,
    a tuple of them, or a union of them.
    """

    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, content: object, name: str = "") -> Self:
        """Return the object that stands for a parsed one; ValueError says which field has another type.

        Parameters
        ----------
        content : object
            As `parse_json` returns it.
        name : str
            What it is called in messages; empty for the whole file.
        """
        if not isinstance(content, Mapping):
            raise ValueError(_wrong(content, "an object", name))
        types = cls._types()
        for own in fields(cls):
            if own.name not in content and own.default is own.default_factory is MISSING:
                raise ValueError(f"{_path(name, own.name)} is missing")
        known = {key: _typed(content[key], kind, _path(name, key)) for key, kind in types.items() if key in content}
        return cls(**known, extra={key: value for key, value in content.items() if key not in types})

    @classmethod
    @cache
    def _types(cls) -> dict[str, Any]:
        return {name: kind for name, kind in get_type_hints(cls).items() if name != "extra"}

    def write(self) -> dict[str, Any]:
        """Return the object as it is written to a file."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "extra"}
        return {name: _written(value) for name, value in {**own, **self.extra}.items()}


def read_text(path: Path) -> str:
    """Return the text of a regular file of at most `MOST_BYTES`; OSError or ValueError if it is no such file."""
    found = path.stat()
    if not S_ISREG(found.st_mode):  # a FIFO would wait for its writer
        raise ValueError("it is no regular file")
    if found.st_size > MOST_BYTES:
        raise ValueError(f"it has {found.st_size:,} bytes, more than {MOST_BYTES:,}")
    return path.read_text(encoding="utf-8-sig")


def parse_json(text: str) -> object:
    """Return what a text in JSON stands for; NaN and the infinities, which JSON does not have, are read as null.

    Raises
    ------
    ValueError
        If it is no JSON, names a key twice, is nested deeper than `MOST_LEVELS`, or has numbers or text that
        cannot be kept.
    """
    try:
        content = json.loads(text, object_pairs_hook=_object, parse_int=_whole, parse_constant=lambda name: None)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check(content)
    return content


def check_time(text: str, name: str) -> None:
    """Raise ValueError, which calls it `name`, if a text is no time of ISO 8601 with its zone, in `YEARS`."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None or time.year not in YEARS:
        raise ValueError(f"{name} is {text[:30]!r}, not a time with its zone")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("it has the same key twice")
    return content


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"it has a number of {len(digits):,} digits")
    return int(digits)


def _check(content: object) -> None:
    """Raise ValueError for what JSON can say and Python cannot write again."""
    values = [content]
    for _ in range(MOST_LEVELS):
        inner: list[Any] = []
        for value in values:
            if isinstance(value, dict):
                inner += [*value, *value.values()]
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, float) and not isfinite(value):
                raise ValueError("it has a number that is too large")
            elif isinstance(value, str) and not value.isascii() and HALF_CHARACTER.search(value):
                raise ValueError("it has half a Unicode character")
        if not inner:
            return
        values = inner
    raise ValueError("it is nested too deeply")


def _typed(value: Any, kind: Any, name: str) -> Any:
    """The value as this type, or ValueError."""
    if kind is Any:
        return value
    if simple := _simple_types(kind):
        if type(value) in simple:
            return value
        raise ValueError(_wrong(value, " or ".join(KINDS[one] for one in get_args(kind) or (kind,)), name))
    if isinstance(kind, UnionType):  # null, or another type
        (other,) = (one for one in get_args(kind) if one is not NoneType)
        return None if value is None else _typed(value, other, name)
    if get_origin(kind) is Mapping:
        if not isinstance(value, Mapping):
            raise ValueError(_wrong(value, "an object", name))
        inner = get_args(kind)[1]
        return {key: _typed(one, inner, _path(name, key)) for key, one in value.items()}
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise ValueError(_wrong(value, "a list", name))
        return tuple(_typed(one, get_args(kind)[0], name) for one in value)
    if issubclass(kind, JsonObject):
        return kind.read(value, name)
    if value not in list(kind):  # a StrEnum
        raise ValueError(_wrong(value, f"one of {', '.join(kind)}", name))
    return kind(value)


@cache
def _simple_types(kind: Any) -> frozenset[type]:
    """The types of values in JSON that stand for text, a number, a truth value, null or a union of them; or none."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if not KINDS.keys() >= {*kinds}:
        return frozenset()
    return frozenset(kinds) | ({int, bool} if float in kinds else set())  # as in Python, true is 1


def _wrong(value: object, expected: str, name: str) -> str:
    shown = json.dumps(value)
    return f"{name or 'it'} is {shown if len(shown) <= 30 else shown[:29] + '…'}, not {expected}"


def _path(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _written(value: Any) -> Any:
    if isinstance(value, JsonObject):
        return value.write()
    if isinstance(value, Mapping):
        return {name: _written(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
