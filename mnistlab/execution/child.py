"""The process in which papermill executes one notebook.

It reads one line of JSON on standard input: source, output, parameters and environment variables. The
other end of that pipe belongs to the process that started it; once that end is closed, also because that
process was killed, it ends with its kernel.

With the path of a notebook as its argument it starts the kernel before that line comes, and has it execute
the notebook's first code cell, which holds the imports.
"""

import json
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import psutil
from jupyter_client.manager import KernelManager

KERNEL = "python3"


def main() -> None:
    """Execute the notebook that the line names."""
    early = EarlyKernel(Path(sys.argv[1])) if len(sys.argv) > 1 else None
    import papermill  # late: an early kernel imports at the same time

    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        if line:  # else the process was not needed
            job = json.loads(line)
            os.environ.update(job["environment"])
            if early:
                early.tell(job["environment"])
            papermill.execute_notebook(
                job["source"],
                job["output"],
                job["parameters"],
                kernel_name=KERNEL,
                cwd=str(Path(job["source"]).parent),
                progress_bar=False,
                shutdown_kernel="immediate",  # its work is written; with TensorFlow it takes seconds to end by itself
                **({"km": early.manager} if early else {}),
            )
    finally:
        if early:
            early.manager.shutdown_kernel(now=True)


class EarlyKernel:
    """A kernel that imports what a notebook imports, before it is known for which run."""

    def __init__(self, notebook: Path) -> None:
        self.manager: Any = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel(cwd=str(notebook.parent))
        self._client = self.manager.client()
        self._client.start_channels()
        imports = next(cell.source for cell in nbformat.read(notebook, 4).cells if cell.cell_type == "code")
        self._client.execute(imports, silent=True, store_history=False)

    def tell(self, environment: dict[str, str]) -> None:
        """Set the environment variables of its run, once the imports are done."""
        code = f"import os; os.environ.update({environment!r})"
        self._client.execute(code, silent=True, store_history=False, reply=True)
        self._client.stop_channels()


def _end_with_the_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the pipe is closed
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it may have ended just now
            process.kill()
    os._exit(1)


if __name__ == "__main__":
    main()
