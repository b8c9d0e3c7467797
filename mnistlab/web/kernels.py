"""How the web app starts its kernels, and asks whether the pad in one of them answers."""

import asyncio
import os
import shutil
import tempfile
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from queue import Empty
from typing import Any

import psutil
from jupyter_client.session import Session
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager
from traitlets import Float, Integer, Unicode
from traitlets.config import Config

from mnistlab.keeping.place import KEEP
from mnistlab.system.threads import allot
from mnistlab.web.settings import WebSettings

FOLDER_PREFIX = "mnistlab-app-"
"""Begins the names of the folders for connection files; the number of the process follows."""

MAX_TEMPORARY = 8
"""Characters of the path of the folder for temporary files, at most: a kernel's channel is a file, whose whole path has
103 at most on macOS, and 95 of them are added here and by Jupyter."""

ANSWER_TIMEOUT = 10.0
"""Seconds that a pad has for its answer: it may be drawing what came before, on a busy machine."""


class PadState(StrEnum):
    """What a page is told of its pad."""

    ANSWERS = "answers"
    SILENT = "silent"  # the process is there, but busy or stopped
    ENDED = "ended"


class PadKernelManager(ServerKernelManager):
    """Starts `mnistlab.web.kernel.PadKernel`, and cleans up behind a process that has ended by itself."""

    memory_megabytes = Integer().tag(config=True)
    message_seconds = Float().tag(config=True)
    keep = Unicode().tag(config=True)

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the usual command with our kernel and its limits."""
        limits = [
            "--IPKernelApp.kernel_class=mnistlab.web.kernel.PadKernel",
            f"--PadKernel.memory_megabytes={self.memory_megabytes}",
            f"--PadKernel.message_seconds={self.message_seconds}",
        ]
        return super().format_kernel_cmd([*(extra_arguments or []), *limits])

    async def start_kernel(self, **arguments: Any) -> Any:
        """Say where its pad keeps drawings, and give it one thread: pages share the machine, and each costs memory."""
        arguments["env"] = {**arguments.get("env", os.environ), **allot(1), KEEP: self.keep}
        return await super().start_kernel(**arguments)

    async def post_start_kernel(self, **arguments: Any) -> None:
        """Watch the process."""
        await super().post_start_kernel(**arguments)
        self.add_restart_callback(self._clean_up, "dead")

    def count_as_used(self) -> None:
        """Begin the time anew after which an idle kernel is ended: it may have waited in the pool for longer."""
        self.last_activity = datetime.now(UTC)

    def _clean_up(self) -> None:
        """The process has ended; Jupyter itself only forgets it, and would keep its sockets and files."""
        if self.kernel_id in self.parent:
            self.parent.stop_watching_activity(self.kernel_id)
        self._cleaning = asyncio.ensure_future(self.shutdown_kernel(now=True))


def kernel_config(settings: WebSettings) -> Config:
    """Return the configuration of the app's kernels: their limits, and when they are ended."""
    config = Config()
    config.AsyncMappingKernelManager.kernel_manager_class = f"{__name__}.{PadKernelManager.__name__}"
    config.PadKernelManager.memory_megabytes = settings.memory_megabytes
    config.PadKernelManager.message_seconds = settings.message_seconds
    config.PadKernelManager.keep = str(settings.keep.absolute()) if settings.keep else ""
    # A new process under the old name would know nothing of the page, and the page nothing of it.
    config.KernelRestarter.restart_limit = 0
    config.MappingKernelManager.cull_idle_timeout = 60 * settings.idle_minutes
    config.MappingKernelManager.cull_interval = 60
    config.MappingKernelManager.cull_connected = True
    config.MappingKernelManager.cull_busy = True
    return config


async def pad_state(kernel_manager: Any, kernel_id: str) -> PadState:
    """Ask a kernel for its widgets: a process that is there says nothing about the pad.

    Jupyter does not count this as activity, so a page that asks is still ended when nobody uses it.

    Parameters
    ----------
    kernel_manager : jupyter_server.services.kernels.kernelmanager.AsyncMappingKernelManager
    kernel_id : str
    """
    if kernel_id not in kernel_manager or not await kernel_manager.get_kernel(kernel_id).is_alive():
        return PadState.ENDED
    kernel = kernel_manager.get_kernel(kernel_id)
    client = kernel.client(session=Session(key=kernel.session.key))  # one name for two clients would mix up replies
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    try:
        reply = await client.comm_info("jupyter.widget", reply=True, timeout=ANSWER_TIMEOUT)
    except (TimeoutError, Empty):
        return PadState.SILENT
    finally:
        client.stop_channels()
    return PadState.ANSWERS if reply["content"]["comms"] else PadState.ENDED


def connection_folder() -> Path:
    """Make a folder for connection files that only this user can enter, and remove those of killed processes.

    Returns
    -------
    Path
        In the folder for temporary files, or in ``/tmp`` if that folder's path is too long for channels. Its
        name has the number of this process.
    """
    temporary = Path(tempfile.gettempdir())
    if os.name == "posix" and len(os.fsencode(temporary)) > MAX_TEMPORARY:
        temporary = Path("/tmp")
    for left in temporary.glob(f"{FOLDER_PREFIX}*"):
        process = left.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(left, ignore_errors=True)  # another user's folder stays
    return Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=temporary))
