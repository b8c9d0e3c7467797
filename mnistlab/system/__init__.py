"""The machine: files, threads, stderr, TensorFlow, and how numbers are written."""
