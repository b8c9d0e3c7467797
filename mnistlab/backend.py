"""Keras, imported without its greetings and with TensorFlow's fast CPU kernels switched on.

The import takes 3 to 8 s: only the modules that train, evaluate in bulk or look inside go through here.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Off by default on CPUs without AVX-512, where it makes the baseline's training step twice as fast.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


@contextmanager
def _native_stderr_closed() -> Iterator[None]:
    """TensorFlow's C++ side logs to stderr before any log level holds; real errors are exceptions."""
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(nowhere)
        os.close(stderr)


with _native_stderr_closed():
    import keras

__all__ = ["keras"]
