"""A research workbench for handwritten digits, driven by Jupyter notebooks.

Import the module you need, for example ``from mnistlab.data import load_dataset``: the package
itself imports nothing, so that using a plot never waits for TensorFlow.
"""

__version__ = "0.1.0"
