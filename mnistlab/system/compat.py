"""Parts of other libraries that they do not promise to keep: private attributes and undocumented details.

Every function takes the library's object, so nothing heavy is imported here. Each has a test in
``tests/system/test_compat.py`` that fails when the library changes, and ``pyproject.toml`` has an
upper bound for each of these libraries.
"""

import asyncio
from typing import Any

PooledKernel = asyncio.Task[dict[str, Any]]
"""A kernel in Voilà's pool: a task whose result has its ``kernel_id`` and the ``task`` that runs its notebook."""


def resend_current_canvas(canvas: Any) -> None:
    """Make ipycanvas say again, before the next command, which canvas the commands are for.

    ipycanvas says it only when the canvas changes, so a page that was opened later never learns it and
    draws nothing. https://github.com/jupyter-widgets-contrib/ipycanvas/issues/322
    """
    canvas._canvas_manager._current_canvas = None


def handle_widget_message(widget: Any, message: dict[str, Any]) -> None:
    """Have a widget handle a message from a page, as it does by itself unless its comm has another callback."""
    widget._handle_msg(message)


def accept_messages_while_busy(comm: Any) -> None:
    """Let a widget's messages be handled by the subshell that JupyterLab names, in its thread, also while a cell runs.

    From version 7.4, ipykernel sends them instead to the shell that last wrote to the widget: that may be
    the busy one, and messages to two widgets may overtake each other.
    """
    comm._reply_subshell_for = lambda _data, named: named


def is_executing(worker: Any, key: str) -> bool:
    """Return whether a Dask worker is executing the task with this key; a cancelled task is not."""
    task = worker.state.tasks.get(key)
    return task is not None and task.state == "executing"


def take_pooled_kernel(kernel_manager: Any, notebook: str) -> PooledKernel:
    """Take the kernel that Voilà gives to the next page of a notebook out of the pool; it must not be empty."""
    kernel: PooledKernel = kernel_manager._pools[notebook].pop(0)
    return kernel


def put_back_pooled_kernel(kernel_manager: Any, notebook: str, kernel: PooledKernel) -> None:
    """Put a kernel back into Voilà's pool; the next page of the notebook gets it."""
    kernel_manager._pools[notebook].insert(0, kernel)


async def wait_until_notebook_was_run(kernel: PooledKernel) -> None:
    """Wait until a kernel from the pool has started and run its notebook; raises what made either fail."""
    await asyncio.shield((await asyncio.shield(kernel))["task"])


def kernel_id_of(kernel: PooledKernel) -> str | None:
    """Return the id of a kernel from the pool, or None if it did not start or has not started yet."""
    if not kernel.done() or kernel.cancelled() or kernel.exception():
        return None
    return str(kernel.result()["kernel_id"])


async def wait_until_pool_is_ready(kernel_manager: Any) -> None:
    """Wait until each kernel in Voilà's pool has started and run its notebook, or failed."""
    starting = [kernel for pool in kernel_manager._pools.values() for kernel in pool]
    kernels = await asyncio.gather(*starting, return_exceptions=True)
    running = [kernel["task"] for kernel in kernels if isinstance(kernel, dict)]
    await asyncio.gather(*running, return_exceptions=True)
