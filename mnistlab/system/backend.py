"""Keras and TensorFlow, imported without their start messages and with the fast CPU kernels switched on.

The import takes 3 to 8 s: only modules that build or train networks import this one.
"""

import logging
import os

from mnistlab.system.stderr import native_stderr_discarded

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Off by default on CPUs without AVX-512, where it makes the baseline's training step twice as fast.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

# TensorFlow's C++ side logs before any log level holds.
with native_stderr_discarded():
    import keras

logging.getLogger("tensorflow").setLevel(logging.WARNING)

__all__ = ["keras"]
