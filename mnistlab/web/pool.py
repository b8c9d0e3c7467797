"""The pool of kernels that are ready before a page is opened: only those that answer are given out."""

import asyncio
from typing import Any

from tornado.web import HTTPError

from mnistlab.system.compat import (
    PooledKernel,
    kernel_id_of,
    put_back_pooled_kernel,
    take_pooled_kernel,
    wait_until_notebook_was_run,
)
from mnistlab.web.kernels import PadState, pad_state

START_TIMEOUT = 60.0
"""Seconds for a kernel to start and run the notebook, on a busy machine too."""


async def prepare_kernel(kernel_manager: Any, notebook: str) -> str:
    """Make sure that the next page gets a kernel whose pad answers; others are ended and replaced.

    Parameters
    ----------
    kernel_manager : voila.voila_kernel_manager.VoilaKernelManager
    notebook : str

    Returns
    -------
    str
        The kernel's id. It is the first in the pool until the event loop runs again.

    Raises
    ------
    tornado.web.HTTPError
        503, if none of the kernels answers, not even those just started.
    """
    for _ in range(kernel_manager.get_pool_size(notebook) + 2):
        if not kernel_manager.get_pool_size(notebook):
            kernel_manager.fill_if_needed(delay=0, notebook_name=notebook)
        # Out of the pool, so that no other page gets it meanwhile.
        kernel = take_pooled_kernel(kernel_manager, notebook)
        if await _answers(kernel_manager, kernel):
            put_back_pooled_kernel(kernel_manager, notebook, kernel)
            return str(kernel_id_of(kernel))
        await _end(kernel_manager, kernel)
    raise HTTPError(503, "no kernel of the drawing pad answers")


async def _answers(kernel_manager: Any, kernel: PooledKernel) -> bool:
    try:
        await asyncio.wait_for(wait_until_notebook_was_run(kernel), START_TIMEOUT)
    except Exception:
        return False
    kernel_id = str(kernel_id_of(kernel))
    if kernel_id in kernel_manager:
        kernel_manager.get_kernel(kernel_id).count_as_used()
    return await pad_state(kernel_manager, kernel_id) == PadState.ANSWERS


async def _end(kernel_manager: Any, kernel: PooledKernel) -> None:
    kernel_id = kernel_id_of(kernel)
    if kernel_id in kernel_manager:
        await kernel_manager.shutdown_kernel(kernel_id, now=True)
