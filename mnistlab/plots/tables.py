"""Tables that a reader can sort, in a notebook and in a report."""

from pathlib import Path
from typing import Any

import pandas as pd

SCRIPT = Path(__file__).parent / "sortable.js"

ARROWS = """
.mnistlab-sortable th[aria-sort=ascending]::after { content: " ▲"; }
.mnistlab-sortable th[aria-sort=descending]::after { content: " ▼"; }
"""


class SortableTable:
    """A table that a click on the head of a column sorts; a second click reverses the order.

    Parameters
    ----------
    table : DataFrame
        Missing values are shown as empty cells.
    formats : dict of str to str, optional
        Format string for the values of a column, ``"{:.2%}"`` for example. Other numbers are written
        with up to six digits.
    """

    def __init__(self, table: pd.DataFrame, formats: dict[str, str] | None = None) -> None:
        self._table, self._formats = table, formats or {}

    def __repr__(self) -> str:
        return f"SortableTable({len(self._table)} rows: {', '.join(map(str, self._table.columns))})"

    def _repr_html_(self) -> str:
        numbers = self._table.select_dtypes("float").columns
        formats: dict[Any, Any] = {**dict.fromkeys(numbers, "{:g}"), **self._formats}
        styled = (
            self._table.style.format(formats, na_rep="", escape="html")
            .format_index(escape="html", axis="index")
            .format_index(escape="html", axis="columns")
            .set_uuid("mnistlab")
            .set_table_attributes('class="mnistlab-sortable"')
        )
        return f"{styled.to_html()}<style>{ARROWS}</style><script>{SCRIPT.read_text(encoding='utf-8')}</script>"
