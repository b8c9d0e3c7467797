import threading

import pytest
from pads import is_changing

from mnistlab.widgets.callbacks import handling


def in_another_thread(function: object, *arguments: object) -> threading.Thread:
    """Call it in a thread, and return that thread once it has ended."""
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    thread.join()
    return thread


def test_a_callback_runs_where_it_is_called_and_nothing_else_changes_meanwhile() -> None:
    calls: list[tuple[object, threading.Thread, bool]] = []
    wrap = handling(pytest.fail)
    callback = wrap(lambda argument: calls.append((argument, threading.current_thread(), is_changing())))
    wrap(callback)("here")
    there = in_another_thread(callback, "there")
    assert calls == [("here", threading.current_thread(), True), ("there", there, True)]


def test_an_error_reaches_the_handler_where_it_was_raised() -> None:
    errors: list[tuple[str, threading.Thread, bool]] = []
    wrap = handling(lambda error: errors.append((repr(error), threading.current_thread(), is_changing())))
    there = in_another_thread(wrap(lambda: 1 / 0))
    assert errors == [("ZeroDivisionError('division by zero')", there, True)]
