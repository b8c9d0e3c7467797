"""Conditions on the rows of a table of runs, in a small language of its own: text is compared, never executed.

``dataset == 'mnist' and accuracy > 0.99``, ``0.9 < accuracy <= 0.99``, ``epochs in [1, 3] or not dirty``: columns,
numbers, texts, True, False, None and lists of these, compared by ``== != < <= > >=``, ``in`` and ``not in``, joined by
``and``, ``or``, ``not`` and brackets. A column whose name is no Python name stands between backticks.
"""

import ast
import difflib
import operator
import re
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from mnistlab.errors import ParameterError

MAX_LENGTH, MAX_DEPTH = 1000, 50
"""Characters and levels of a condition, at most."""

QUOTED = re.compile(r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|`([^`]*)`""")
"""A text, or a column between backticks."""

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, values: value in values,
    ast.NotIn: lambda value, values: value not in values,
}

FORM = "compare columns with values by == != < <= > >= in, and join comparisons by and, or, not"


def fulfilled(table: pd.DataFrame, where: str) -> list[bool]:
    """Return which rows of a table fulfil a condition.

    What compares with a missing value is not known, nor is its ``not``, and such a row is not chosen:
    neither ``accuracy > 0.9`` nor ``not accuracy > 0.9`` chooses a run without accuracy. ``accuracy == None``
    does. The same holds for values that have no order, as a number and a text.

    Parameters
    ----------
    table : DataFrame
        The name of its index is a column, too. A time is compared with a text in ISO 8601, in UTC if no zone is given.
    where : str
        The condition, as this module describes it.

    Raises
    ------
    ParameterError
        If the condition is not of this form, names an unknown column, or compares what cannot be
        compared in any row.
    """
    condition, quoted = _parse(where)
    return [truth is True for truth in _Rows(table, quoted).truths(condition)]


def _parse(where: str) -> tuple[ast.expr, dict[str, str]]:
    """The condition as a tree, and which names in it stand for columns between backticks."""
    if len(where) > MAX_LENGTH:
        raise ParameterError(f"it has {len(where):,} characters, {MAX_LENGTH:,} at most")
    quoted: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        quoted[placeholder := f"__{len(quoted)}__"] = match[2]
        return f" {placeholder} "

    try:
        with warnings.catch_warnings(action="ignore"):  # about what Python would make of it
            condition = ast.parse(QUOTED.sub(name, where).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two for very many levels
        raise ParameterError(FORM) from None
    if _is_deep(condition):
        raise ParameterError(f"it has more than {MAX_DEPTH} levels")
    return condition, quoted


def _is_deep(tree: ast.AST) -> bool:
    """Whether a tree has more levels than `MAX_DEPTH`; counted level by level, as deep ones must not recurse."""
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


class _Rows:
    """Evaluates a condition on all rows of a table at once."""

    def __init__(self, table: pd.DataFrame, quoted: dict[str, str]) -> None:
        self._table, self._quoted = table, quoted

    def truths(self, node: ast.expr) -> list[bool | None]:
        """Whether each row fulfils it; None if that is not known."""
        match node:
            case ast.BoolOp(op, parts):
                join = _all if isinstance(op, ast.And) else _any
                return [join(row) for row in zip(*(self.truths(part) for part in parts), strict=True)]
            case ast.UnaryOp(ast.Not(), part):
                return [None if truth is None else not truth for truth in self.truths(part)]
            case ast.Compare(first, operators, others):
                each = [self._compared(*parts) for parts in zip(operators, [first, *others], others, strict=False)]
                return [_all(row) for row in zip(*each, strict=True)]
            case ast.Name() | ast.Constant(bool()):
                values = self._values(node)
                if all(isinstance(value, bool) or _is_missing(value) for value in values):
                    return [value if isinstance(value, bool) else None for value in values]
        raise ParameterError(f"{_text(node)} is neither true nor false; {FORM}")

    def _compared(self, operation: ast.cmpop, left: ast.expr, right: ast.expr) -> list[bool | None]:
        """One comparison in each row; with None it asks what is missing."""
        pairs = list(zip(self._values(left), self._values(right), strict=True))
        if isinstance(operation, ast.Eq | ast.NotEq) and "None" in (_text(left), _text(right)):
            return [COMPARISONS[type(operation)](*map(_is_missing, pair)) for pair in pairs]
        return _compared(operation, pairs)

    def _values(self, node: ast.expr) -> list[object]:
        """Its value in each row."""
        if isinstance(node, ast.Name):
            return self._column(self._quoted.get(node.id, node.id))
        return [_literal(node)] * len(self._table)

    def _column(self, name: str) -> list[object]:
        if name in self._table:
            return self._table[name].tolist()
        if name == self._table.index.name:
            return self._table.index.tolist()
        close = difflib.get_close_matches(name, map(str, self._table.columns), n=3)
        hint = f" (did you mean {' or '.join(close)}?)" if close else ""
        raise ParameterError(f"there is no column {name}{hint}")


def _literal(node: ast.expr) -> object:
    match node:
        case ast.Constant(str() | int() | float() | None as value):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as number)):
            return -number
        case ast.List(elements) | ast.Tuple(elements):
            return [_literal(one) for one in elements]
    raise ParameterError(f"{_text(node)} is no column and no value; {FORM}")


def _compared(operation: ast.cmpop, pairs: Sequence[tuple[object, object]]) -> list[bool | None]:
    """One comparison of each pair; an error if there are values, and none of them can be compared."""
    if (compare := COMPARISONS.get(type(operation))) is None:
        raise ParameterError(f"'is' is no comparison here; {FORM}")
    if isinstance(operation, ast.In | ast.NotIn) and not all(isinstance(values, list) for _, values in pairs):
        raise ParameterError(f"'in' takes a list, in ['a', 'b']; {FORM}")
    truths: list[bool | None] = []
    failed: tuple[object, ...] = ()
    for pair in pairs:
        try:
            truths.append(None if any(map(_is_missing, pair)) else bool(compare(*_as_times(*pair))))
        except (TypeError, ValueError):
            truths.append(None)
            failed = pair
    if failed and all(truth is None for truth in truths):
        raise ParameterError(f"{' and '.join(repr(str(value)[:60]) for value in failed)} cannot be compared")
    return truths


def _as_times(left: object, right: object) -> tuple[object, object]:
    """A text, or a list of texts, that is compared with a time is read as a time."""
    if isinstance(left, datetime):
        return left, _as_time(right)
    return (_as_time(left), right) if isinstance(right, datetime) else (left, right)


def _as_time(value: object) -> object:
    if isinstance(value, list):
        return [_as_time(one) for one in value]
    if not isinstance(value, str):
        return value
    time = datetime.fromisoformat(value)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)


def _all(truths: Sequence[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _any(truths: Sequence[bool | None]) -> bool | None:
    return True if True in truths else None if None in truths else False


def _text(node: ast.expr) -> str:
    return ast.unparse(node)[:60]
