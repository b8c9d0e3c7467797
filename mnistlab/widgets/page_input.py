"""What a page may send to widgets: everything else is left out, here and nowhere else.

A page can set any attribute of a widget that it knows of, to anything: the slider's maximum, a picture's
data, the canvas's size. Here each widget says what it takes, and numbers are moved into their range.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from mnistlab.system.compat import accept_messages_while_busy, handle_widget_message
from mnistlab.widgets.callbacks import Wrap

Rule = Callable[[Any], Any]
"""Returns the value to use for one that a page sent; raises ValueError if there is none."""

log = logging.getLogger(__name__)


def nothing(value: object) -> object:
    """Refuse everything."""
    raise ValueError("not taken from a page")


@dataclass(frozen=True)
class PageInput:
    """What a widget takes from a page."""

    traits: Mapping[str, Rule] = field(default_factory=dict)  # the attributes that a page may set
    event: Rule = nothing  # for events, such as a click


def limit_page_input(root: widgets.Widget, inputs: Mapping[widgets.Widget, PageInput], wrap: Wrap) -> None:
    """Have a widget and all that belong to it take only what they say from a page, in the order in which it was sent.

    Also while a cell runs, where `accept_messages_while_busy` can do that.

    Parameters
    ----------
    root : ipywidgets.Widget
        The widget that holds the others: children, layouts, styles.
    inputs : mapping
        What each widget takes; those that are not in it take nothing.
    wrap : callable
        See `mnistlab.widgets.callbacks.Wrap`.
    """
    for widget in _belonging_to(root):
        accept_messages_while_busy(widget.comm)
        widget.comm.on_msg(wrap(_filter(widget, inputs.get(widget, PageInput()))))


def number(lowest: float, highest: float) -> Rule:
    """Return the rule for a number: one outside the range is moved to its end."""

    def rule(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise ValueError("not a number")
        return float(min(max(value, lowest), highest))

    return rule


def whole_number(lowest: int, highest: int) -> Rule:
    """Return the rule for a whole number, moved into its range likewise."""
    in_range = number(lowest, highest)
    return lambda value: round(in_range(value))


def truth(value: Any) -> bool:
    """Take True or False."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def short_text(most: int) -> Rule:
    """Return the rule for text, cut to so many characters."""

    def rule(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError("no text")
        return value[:most]

    return rule


def position(choices: widgets.Dropdown | widgets.ToggleButtons) -> Rule:
    """Return the rule for the position of a choice in a list."""

    def rule(value: Any) -> int:
        if type(value) is not int or not 0 <= value < len(choices.options):
            raise ValueError("no position in the list")
        return value

    return rule


def click(content: Any) -> dict[str, str]:
    """Take a button's click."""
    if content["event"] != "click":
        raise ValueError("no click")
    return {"event": "click"}


def _filter(widget: widgets.Widget, taken: PageInput) -> Callable[[Any], None]:
    def handle(message: Any) -> None:
        try:
            data = _cleaned(message["content"]["data"], taken)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            # Not a warning: a page could fill the log with them, and turning the mouse wheel is one.
            log.info("%s: a message from a page was left out: %.80r", type(widget).__name__, error)
        else:
            handle_widget_message(widget, {"content": {"data": data}, "buffers": []})

    return handle


def _cleaned(data: Any, taken: PageInput) -> dict[str, Any]:
    match data:
        case {"method": "update", "state": dict(state)}:
            return {"method": "update", "state": {name: _rule(taken, name)(value) for name, value in state.items()}}
        case {"method": "custom", "content": dict(content)}:
            return {"method": "custom", "content": taken.event(content)}
        case {"method": "request_state"}:
            return {"method": "request_state"}
    raise ValueError("no message of ours")


def _rule(taken: PageInput, name: str) -> Rule:
    return taken.traits.get(name, nothing)


def _belonging_to(root: widgets.Widget) -> Iterator[widgets.Widget]:
    found = {root.model_id: root}
    waiting = [root]
    while waiting:
        widget = waiting.pop()
        yield widget
        for value in (getattr(widget, name) for name in widget.keys):
            for part in value if isinstance(value, Sequence) else [value]:
                if isinstance(part, widgets.Widget) and part.model_id not in found:
                    found[part.model_id] = part
                    waiting.append(part)
