"""The process in which papermill executes one notebook.

It reads one line of JSON on standard input: source, output, parameters and environment variables. The
other end of that pipe belongs to the process that started it; once that end is closed, also because that
process was killed, it ends with its kernel.
"""

import json
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import papermill
import psutil


def main() -> None:
    """Execute the notebook that the line names."""
    line = sys.stdin.buffer.readline()
    if not line:  # it was not needed
        return
    job = json.loads(line)
    os.environ.clear()
    os.environ.update(job["environment"])
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    papermill.execute_notebook(
        job["source"],
        job["output"],
        job["parameters"],
        kernel_name="python3",
        cwd=str(Path(job["source"]).parent),
        progress_bar=False,
        shutdown_kernel="immediate",  # its work is written; a kernel with TensorFlow takes seconds to end by itself
    )


def _end_with_the_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the pipe is closed
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it may have ended just now
            process.kill()
    os._exit(1)


if __name__ == "__main__":
    main()
