"""The folder in which Voilà keeps the connection files of its kernels."""

import os
import shutil
import tempfile
from pathlib import Path

import psutil

PREFIX = "mnistlab-app-"
"""Begins the folders' names; the number of the process follows."""


def connection_folder() -> Path:
    """Make a folder for this process, that only this user can enter, and remove those of processes that were killed.

    Returns
    -------
    Path
        In the folder for temporary files. Its name has the number of this process.
    """
    temporary = Path(tempfile.gettempdir())
    for left in temporary.glob(f"{PREFIX}*"):
        process = left.name.removeprefix(PREFIX).partition("-")[0]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(left, ignore_errors=True)  # another user's folder stays
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=temporary))
