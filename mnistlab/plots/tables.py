"""Tables that a reader can sort, in a notebook and in a report."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # slow to import for a report, which needs only what stands below
    import pandas as pd

SCRIPT = Path(__file__).parent / "sortable.js"

ARROWS = """
.mnistlab-sortable th[aria-sort=ascending]::after { content: " ▲"; }
.mnistlab-sortable th[aria-sort=descending]::after { content: " ▼"; }
"""


class SortableTable:
    """A table that a click on the head of a column sorts; a second click reverses the order.

    All text in it, that of the headings too, is escaped: it may come from anywhere.

    Parameters
    ----------
    table : DataFrame
        Missing values are shown as empty cells.
    formats : dict of str to str, optional
        Format string for the values of a column, ``"{:.2%}"`` for example. Other numbers are written
        with up to six digits.
    """

    def __init__(self, table: "pd.DataFrame", formats: dict[str, str] | None = None) -> None:
        self._table, self._formats = table, formats or {}

    def __repr__(self) -> str:
        return f"SortableTable({len(self._table)} rows: {', '.join(map(str, self._table.columns))})"

    def _repr_html_(self) -> str:
        styled = self._table.style.format({name: self._writer(str(name)) for name in self._table}, na_rep="")
        styled.format_index(_escaped, axis="index").format_index(_escaped, axis="columns")
        styled.format_index_names(_escaped, axis="index")
        styled.set_uuid("mnistlab").set_table_attributes('class="mnistlab-sortable"')
        return f"{styled.to_html()}<style>{ARROWS}</style><script>{SCRIPT.read_text(encoding='utf-8')}</script>"

    def _writer(self, column: str) -> Callable[[object], str]:
        """What writes a column's values as HTML; a value that its format does not fit is shown as it is."""
        template = self._formats.get(column)

        def write(value: object) -> str:
            form = template or ("{:g}" if isinstance(value, float) else "{}")
            try:
                return escape(form.format(value))
            except (TypeError, ValueError):
                return _escaped(value)

        return write


def _escaped(value: object) -> str:
    return escape(str(value))
