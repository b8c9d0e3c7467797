"""What the widgets of this folder share: a script of their own, and that a page may set few of their attributes."""

import logging
from collections.abc import Mapping
from pathlib import Path

from anywidget import AnyWidget

from mnistlab.widgets.callbacks import handling
from mnistlab.widgets.page_input import PageInput, Rule, limit_page_input

HERE = Path(__file__).parent

SHARED = HERE / "elements.js"
"""Stands before the script of each: a page gets a widget's script as one text."""

log = logging.getLogger(__name__)


def read_parts(name: str) -> tuple[str, str]:
    """Return the script and the style of a widget, which lie beside its module."""
    script, style = (HERE / f"{name}.{ending}" for ending in ("js", "css"))
    return "\n".join(part.read_text(encoding="utf-8") for part in (SHARED, script)), style.read_text(encoding="utf-8")


class PageWidget(AnyWidget):
    """A widget that takes from a page only what its rules say.

    Parameters
    ----------
    rules : mapping of str to Rule
        By the name of an attribute that a page may set.
    state
        The attributes at first.
    """

    def __init__(self, rules: Mapping[str, Rule], **state: object) -> None:
        super().__init__(**state)
        limit_page_input(self, {self: PageInput(rules)}, handling(_log_error))


def _log_error(error: Exception) -> None:
    log.error("a widget: %s", error, exc_info=error)
