"""Callbacks on one event loop, from whichever thread they are called."""

import asyncio
import threading
from collections.abc import Callable

Callback = Callable[..., None]

Wrap = Callable[[Callback], Callback]
"""Returns what is to be called in place of a callback, as `CallbackLoop.wrap`."""


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that runs in this thread; None in a plain script, which has none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class CallbackLoop:
    """Runs callbacks on the event loop of the thread that made this object, and handles their errors.

    JupyterLab may deliver a widget's message in another thread of the kernel, a subshell. Where no loop
    was running, as in a plain script, a callback runs in the thread that calls it.

    Parameters
    ----------
    on_error : callable
        Called on the loop with what a callback raised: a page would not show it.
    """

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        self._on_error = on_error
        self._loop, self._thread = running_loop(), threading.get_ident()

    def wrap(self, callback: Callback) -> Callback:
        """Return a function that may be called from any thread and has `callback` run on the loop."""

        def run(*arguments: object) -> None:
            try:
                callback(*arguments)
            except Exception as error:
                self._on_error(error)

        def call(*arguments: object) -> None:
            if self._loop is None or threading.get_ident() == self._thread:
                run(*arguments)
            else:
                self._loop.call_soon_threadsafe(run, *arguments)

        return call
