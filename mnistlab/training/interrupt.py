"""An interrupt during a training: Ctrl-C in a terminal, *Interrupt Kernel* in a notebook."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mnistlab.training.progress import Progress


@contextmanager
def stop_when_interrupted(progress: Progress) -> Iterator[None]:
    """Have an interrupt end the training as Stop does, and raise KeyboardInterrupt after that: all is saved then.

    Raised anywhere within a batch it could end up in code that drops it. A second interrupt is raised at once. Where
    the first one would not raise KeyboardInterrupt, and in all threads but the main one, nothing is changed.

    Parameters
    ----------
    progress : Progress
        Its `stop_asked` is set.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    interrupted = False

    def ask_to_stop(_signal: int, _frame: object) -> None:
        nonlocal interrupted
        interrupted = progress.stop_asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if interrupted:
        raise KeyboardInterrupt
