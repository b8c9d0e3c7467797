"""The process in which papermill executes one notebook: it ends, kernel included, when who started it does.

Takes one line of JSON on standard input: source, output and parameters. The other end of that pipe
is the starter's; once it is closed, by whatever end the starter came to, there is nobody to work for.
"""

import json
import os
import sys
import threading
from pathlib import Path

import papermill
import psutil


def main() -> None:
    """Do as the line says."""
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    papermill.execute_notebook(
        order["source"],
        order["output"],
        order["parameters"],
        kernel_name="python3",
        cwd=str(Path(order["source"]).parent),
        progress_bar=False,
    )


def _end_with_the_starter() -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the pipe is closed
    for process in psutil.Process().children(recursive=True):
        process.kill()
    os._exit(1)


if __name__ == "__main__":
    main()
