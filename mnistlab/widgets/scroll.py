"""Bringing a cell into view."""

from pathlib import Path

from anywidget import AnyWidget

SCRIPT = Path(__file__).parent / "scroll.js"


class ScrollToCell(AnyWidget):
    """Shows nothing, but has the page scroll to the cell whose output it is part of, once it is there."""

    _esm = SCRIPT.read_text(encoding="utf-8")
