import asyncio
import threading
from collections.abc import Callable

import pytest
from pads import until

from mnistlab.widgets.event_loop import CallbackLoop, running_loop


def recorder(calls: list[tuple[object, threading.Thread]]) -> Callable[[object], None]:
    """Return a callback that records its argument and the thread that it runs in."""
    return lambda argument: calls.append((argument, threading.current_thread()))


def test_a_plain_script_has_no_loop() -> None:
    assert running_loop() is None


def test_a_callback_runs_on_the_loop_from_whichever_thread_it_is_called() -> None:
    async def call() -> None:
        calls: list[tuple[object, threading.Thread]] = []
        callback = CallbackLoop(recorder([])).wrap(recorder(calls))
        callback("here")
        assert calls == [("here", threading.current_thread())], "on its own thread it does not wait"
        await asyncio.to_thread(callback, "there")
        await until(lambda: len(calls) == 2)
        assert calls[1] == ("there", threading.current_thread())

    asyncio.run(call())


@pytest.mark.parametrize("elsewhere", [False, True], ids=["own thread", "other thread"])
def test_an_error_reaches_the_handler_on_the_loop(elsewhere: bool) -> None:
    async def fail() -> None:
        errors: list[tuple[object, threading.Thread]] = []
        callback = CallbackLoop(recorder(errors)).wrap(lambda: 1 / 0)
        await asyncio.to_thread(callback) if elsewhere else callback()
        await until(lambda: bool(errors))
        ((error, thread),) = errors
        assert isinstance(error, ZeroDivisionError)
        assert thread == threading.current_thread()

    asyncio.run(fail())


def test_without_a_loop_a_callback_runs_where_it_is_called() -> None:
    calls: list[tuple[object, threading.Thread]] = []
    callback = CallbackLoop(recorder([])).wrap(recorder(calls))
    thread = threading.Thread(target=callback, args=["there"])
    thread.start()
    thread.join()
    assert calls == [("there", thread)]
