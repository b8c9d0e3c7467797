"""The process in which papermill executes one notebook.

It reads one line of JSON on standard input: source, output, parameters and environment variables. The
other end of that pipe belongs to the process that started it; once that end is closed, also because that
process was killed, it ends with its kernel.

Cells that are for open notebooks only are left out.

With the path of a notebook as its argument it starts the kernel before that line comes, and has it execute
the notebook's first code cell, which holds the imports.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from mnistlab.system.files import replacing
from mnistlab.teaching.tags import ONLY_OPEN, without

KERNEL = "python3"

ASYNC_CLIENT = "jupyter_client.asynchronous.AsyncKernelClient"
"""The client with which papermill notices that a kernel has died: the usual one waits without end for its output."""

DEAD_KERNEL = "its kernel "
"""How the last line begins that is printed if the kernel died."""

HISTORY = "--HistoryManager.hist_file=:memory:"
"""A kernel of its own keeps no list of what was executed."""


def main() -> None:
    """Execute the notebook that the line names."""
    early = Kernel(Path(sys.argv[1]).parent) if len(sys.argv) > 1 else None
    if early:
        early.run_imports(Path(sys.argv[1]))
    import papermill  # noqa: F401  # late, but before the line comes: an early kernel imports at the same time

    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        if line:  # else the process was not needed
            _execute(json.loads(line), early)
    finally:
        if early:
            early.end()


class Kernel:
    """A kernel that papermill is given.

    Parameters
    ----------
    folder : Path
        The one that it works in.
    """

    def __init__(self, folder: Path) -> None:
        self.manager: Any = KernelManager(kernel_name=KERNEL)
        self.manager.client_class = ASYNC_CLIENT
        self.manager.start_kernel(cwd=str(folder), extra_arguments=[HISTORY])

    def run_imports(self, notebook: Path) -> None:
        """Have it import what a notebook imports, before it is known for which run."""
        self._client = BlockingKernelClient()
        self._client.load_connection_info(self.manager.get_connection_info())
        self._client.start_channels()
        imports = next(cell.source for cell in nbformat.read(notebook, 4).cells if cell.cell_type == "code")
        self._client.execute(imports, silent=True, store_history=False)

    def tell(self, environment: Mapping[str, str]) -> None:
        """Set the environment variables of its run, once the imports are done."""
        code = f"import os; os.environ.update({environment!r})"
        self._client.execute(code, silent=True, store_history=False, reply=True)
        self._client.stop_channels()

    def death(self) -> str:
        """Return how it ended."""
        return death(self.manager.provisioner.process.wait())

    def end(self) -> None:
        """End it; its work is written, and with TensorFlow it takes seconds to end by itself."""
        self.manager.shutdown_kernel(now=True)


def death(status: int) -> str:
    """Return in words how a process ended that should not have: by a signal, if its exit status is negative."""
    if status >= 0:
        return f"ended with exit status {status}"
    names = {one.value: one.name for one in signal.Signals}
    memory = ": the machine may have run out of memory" if names.get(-status) == "SIGKILL" else ""
    return f"was killed by {names.get(-status, f'signal {-status}')}{memory}"


def _execute(job: Mapping[str, Any], early: Kernel | None) -> None:
    """Execute a notebook; the last line that is printed says what went wrong."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.iorw import LocalHandler, papermill_io

    class WholeFiles(LocalHandler):
        """Writes the executed notebook whole or not at all, whenever papermill is killed."""

        def write(self, text: str, path: str) -> None:
            with replacing(Path(path)) as unfinished:
                unfinished.write_text(text, encoding="utf-8")

    class ForBatch(LocalHandler):
        """Reads the notebook without what is executed in an open one only."""

        def read(self, path: str) -> str:
            return str(nbformat.writes(without(nbformat.reads(super().read(path), as_version=4), ONLY_OPEN)))

    papermill_io.register(job["source"], ForBatch())  # for paths that begin so
    papermill_io.register(job["output"], WholeFiles())
    os.environ.update(job["environment"])
    folder = Path(job["source"]).parent
    if early:
        early.tell(job["environment"])
    kernel = early or Kernel(folder)
    try:
        papermill.execute_notebook(
            job["source"],
            job["output"],
            job["parameters"],
            kernel_name=KERNEL,
            cwd=str(folder),
            progress_bar=False,
            km=kernel.manager,
        )
    except DeadKernelError:
        sys.exit(f"{DEAD_KERNEL}{kernel.death()}")
    finally:
        if not early:
            kernel.end()


def _end_with_the_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when the pipe is closed
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it may have ended just now
            process.kill()
    os._exit(1)


if __name__ == "__main__":
    main()
