"""Conditions on the rows of a table, in a small language of their own: nothing in them is ever executed."""

import ast
import difflib
import operator
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from mnistlab.errors import ParameterError

MAX_LENGTH = 2000
"""Characters of a condition, at most."""

MAX_NODES = 500
"""Names, values and operators of a condition, at most."""

Truth = bool | None
"""Of a row: true, false, or unknown because a value is missing."""

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

_QUOTED = re.compile(r"""('[^']*'|"[^"]*")|`([^`]+)`""")


def fulfils(table: pd.DataFrame, condition: str) -> list[bool]:
    """Return for each row of a table whether it fulfils a condition.

    A condition compares columns and values: ``dataset == 'mnist' and accuracy > 0.99``. There are
    ``== != < <= > >= in``, ``and``, ``or``, ``not`` and parentheses; lists for ``in``; numbers, texts in
    quotes, ``True``, ``False`` and ``None``, which a missing value equals. A column of truth values may
    stand alone. Backticks enclose a column whose name is no Python name. Times compare with texts:
    ``started > '2026-01-31'``.

    Whether a missing value is larger, smaller or different from another is unknown. A row for which the
    condition is unknown does not fulfil it, nor its contrary.

    Parameters
    ----------
    table : DataFrame
    condition : str
        At most 2,000 characters.

    Returns
    -------
    list of bool

    Raises
    ------
    ParameterError
        If the condition is not valid, or there is no such column; the message lists the columns.
    """
    try:
        return [truth is True for truth in _Evaluation(table).truths(_parse(condition))]
    except ValueError as error:
        offer = f"the columns are {', '.join(map(str, table.columns))}"
        shown = condition if len(condition) <= MAX_LENGTH else condition[:50] + "…"
        raise ParameterError(f"{shown!r} is not a valid condition: {error}; {offer}") from None


def _parse(condition: str) -> ast.expr:
    if len(condition) > MAX_LENGTH:
        raise ValueError(f"it is longer than {MAX_LENGTH:,} characters")
    # A name in backticks becomes a subscript, which nothing else in a condition is.
    source = _QUOTED.sub(lambda match: match[1] or f"_[{match[2]!r}]", condition)
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(getattr(error, "msg", None) or "it is nested too deeply") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ValueError("it is too complicated")
    return tree


class _Evaluation:
    """Evaluates a condition for all rows of a table at once."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    def truths(self, node: ast.expr) -> list[Truth]:
        match node:
            case ast.BoolOp(ast.And(), parts):
                return [_all(row) for row in zip(*map(self.truths, parts), strict=True)]
            case ast.BoolOp(ast.Or(), parts):
                return [_not(_all(map(_not, row))) for row in zip(*map(self.truths, parts), strict=True)]
            case ast.UnaryOp(ast.Not(), part):
                return [_not(truth) for truth in self.truths(part)]
            case ast.Compare(left, operators, rights):
                sides = pairwise([left, *rights])
                links = [self._compare(*pair, type(link)) for pair, link in zip(sides, operators, strict=True)]
                return [_all(row) for row in zip(*links, strict=True)]
        values = self._values(node)
        if not all(isinstance(value, bool) or _is_missing(value) for value in values):
            raise ValueError(f"{ast.unparse(node)} is no condition: compare it with something")
        return [None if _is_missing(value) else value for value in values]

    def _compare(self, left: ast.expr, right: ast.expr, link: type[ast.cmpop]) -> list[Truth]:
        if link not in COMPARISONS:
            raise ValueError("only == != < <= > >= in and not in compare")
        if link in (ast.In, ast.NotIn) and not isinstance(right, ast.List | ast.Tuple | ast.Set):
            raise ValueError("after in stands a list: preset in ['fast', 'drawn']")
        with_none = any(isinstance(side, ast.Constant) and side.value is None for side in (left, right))
        truths: list[Truth] = []
        mismatch = None
        for a, b in zip(self._values(left), self._values(right), strict=True):
            if with_none and link in (ast.Eq, ast.NotEq):
                truths.append((_is_missing(a) and _is_missing(b)) == (link is ast.Eq))
                continue
            try:
                truths.append(None if _is_missing(a) or _is_missing(b) else bool(COMPARISONS[link](*_alike(a, b))))
            except TypeError:
                truths.append(None)
                mismatch = f"{ast.unparse(left)} and {ast.unparse(right)} are of different kinds"
        if mismatch and all(truth is None for truth in truths):
            raise ValueError(mismatch)
        return truths

    def _values(self, node: ast.expr) -> list[Any]:
        """The value of a column or of a literal for each row."""
        match node:
            case ast.Name(name) | ast.Subscript(ast.Name("_"), ast.Constant(str(name))):
                return self._column(name)
            case ast.List(parts) | ast.Tuple(parts) | ast.Set(parts):
                return [[_literal(part) for part in parts]] * len(self._table)
        return [_literal(node)] * len(self._table)

    def _column(self, name: str) -> list[Any]:
        if name in self._table:
            return list(self._table[name].tolist())
        near = " or ".join(difflib.get_close_matches(name, map(str, self._table.columns), n=3))
        raise ValueError(f"there is no column {name!r}" + (f", but {near}" if near else ""))


def _literal(node: ast.expr) -> Any:
    match node:
        case ast.Constant(bool() | int() | float() | str() | None as value):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int() | float() as value)):
            return -value
    raise ValueError(f"{ast.unparse(node)[:50]} is neither a column, a number, a text in quotes, nor a list of these")


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _alike(a: Any, b: Any) -> Iterator[Any]:
    """Both values; a text beside a time becomes a time."""
    for value, other in ((a, b), (b, a)):
        if isinstance(value, str) and isinstance(other, pd.Timestamp):
            time = pd.Timestamp(value)
            yield time.tz_localize(other.tz) if time.tz is None else time
        else:
            yield value


def _all(truths: Any) -> Truth:
    found = list(truths)
    return False if False in found else None if None in found else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth
