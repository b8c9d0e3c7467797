import threading

import pytest

from mnistlab.system.deadlines import watched, within


def test_what_a_task_returns_or_raises_is_passed_on() -> None:
    assert within(60, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 / 0)
    with pytest.raises(TimeoutError, match="its own"):
        within(60, raises_timeout)


def raises_timeout() -> None:
    raise TimeoutError("its own")


def test_a_task_that_never_ends_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(TimeoutError, match=r"no answer within 0.2 s"):
        within(0.2, never.wait)
    never.set()


def test_what_the_check_raises_ends_the_waiting() -> None:
    never = threading.Event()

    def check(passed: float) -> None:
        raise KeyboardInterrupt(f"{passed >= 0}")

    with pytest.raises(KeyboardInterrupt, match="True"):
        watched(never.wait, check)
    never.set()
