"""Callbacks, one at a time, in whichever thread they are called."""

from collections.abc import Callable

from mnistlab.system.threads import one_at_a_time

Callback = Callable[..., None]

Wrap = Callable[[Callback], Callback]
"""Returns what is to be called in place of a callback, as `handling`."""


def handling(on_error: Callable[[Exception], None]) -> Wrap:
    """Return a function that wraps callbacks: what one raises is handled, and no two run at the same time.

    A callback runs in the thread that has the message for it: that of a subshell of the kernel, which JupyterLab
    names, also while a cell runs; the main thread elsewhere.

    Parameters
    ----------
    on_error : callable
        Called with what a callback raised: a page would not show it.
    """

    def wrap(callback: Callback) -> Callback:
        @one_at_a_time
        def call(*arguments: object) -> None:
            try:
                callback(*arguments)
            except Exception as error:
                on_error(error)

        return call

    return wrap
