import signal
import threading

import pytest

from mnistlab.training.interrupt import stop_when_interrupted
from mnistlab.training.progress import TerminalProgress


def interrupted_training(seen: list[bool], interrupts: int = 1, error: str = "") -> None:
    """A training that notes after each interrupt whether it was asked to stop, and may then fail."""
    progress = TerminalProgress()
    with stop_when_interrupted(progress):
        for _ in range(interrupts):
            signal.raise_signal(signal.SIGINT)
            seen.append(progress.stop_asked)
        if error:
            raise ValueError(error)


def test_an_interrupt_asks_to_stop_and_is_raised_at_the_end() -> None:
    seen: list[bool] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_training(seen)
    assert seen == [True]


def test_a_second_interrupt_is_raised_at_once() -> None:
    seen: list[bool] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_training(seen, interrupts=3)
    assert seen == [True]


def test_an_error_in_between_is_the_one_that_is_raised() -> None:
    with pytest.raises(ValueError, match="no space"):
        interrupted_training([], error="no space")


def test_afterwards_an_interrupt_is_what_it_was() -> None:
    with stop_when_interrupted(TerminalProgress()):
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_interrupts_are_ignored_they_stay_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stop_when_interrupted(TerminalProgress()):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_training_in_another_thread_changes_nothing() -> None:
    found: list[object] = []

    def train() -> None:
        with stop_when_interrupted(TerminalProgress()):
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]
