"""Real servers for the tests: JupyterLab and the web app, each with folders of its own."""

import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import requests
from processes import Processes, Started, family, wait_until

from mnistlab.system.files import project_dir

APP = """
from mnistlab.cli import main
from mnistlab.web import kernels

kernels.ANSWER_TIMEOUT = 5
main()
"""

NOTIFICATIONS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"


def pad_notebook(folder: Path) -> None:
    """Write ``draw.ipynb`` there: the cells of ``04_draw`` that the web app shows, up to the pad."""
    notebook = nbformat.read(project_dir() / "notebooks" / "04_draw.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "notebook-only" not in cell.metadata.get("tags", [])]
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / "draw.ipynb")


@dataclass(frozen=True)
class Server:
    """A server that answers: where, and its process."""

    address: str
    process: Started

    def kernels(self) -> dict[str, psutil.Process]:
        """Return the processes of its kernels that have not ended, by the kernels' ids."""
        found = {}
        for process in family(self.process):
            with suppress(psutil.NoSuchProcess):  # also one that has ended but was not waited for
                for kernel_id in re.findall(r"kernel-([0-9a-f-]+)\.json", " ".join(process.cmdline())):
                    found[kernel_id] = process
        return found


@contextmanager
def jupyterlab(folder: Path, state: Path, told: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve a folder with JupyterLab, without any settings of the user; `told` are more variables of environment."""
    settings = state / "settings" / NOTIFICATIONS
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    port = free_port()
    arguments = ["-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    arguments += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    dirs = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    environment = {**os.environ, **{name: str(state / part) for name, part in dirs.items()}, **(told or {})}
    with _server(arguments, state, f"http://127.0.0.1:{port}", probe="/api", env=environment) as server:
        yield server


@contextmanager
def web_app(state: Path, *options: str) -> Iterator[Server]:
    """Serve the drawing pad with ``mnistlab app``; a kernel that hangs is waited for half as long as usual."""
    state.mkdir(parents=True, exist_ok=True)
    port = free_port()
    arguments = ["-c", APP, "app", "--port", str(port), *options]
    with _server(arguments, state, f"http://127.0.0.1:{port}/", probe="voila/static/") as server:
        yield server


@contextmanager
def voila(notebook: Path, state: Path) -> Iterator[Server]:
    """Serve a notebook with Voilà as it is, without the web app's settings."""
    state.mkdir(parents=True, exist_ok=True)
    port = free_port()
    arguments = ["-m", "voila", str(notebook), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    with _server(arguments, state, f"http://127.0.0.1:{port}/", probe="voila/static/") as server:
        yield server


def free_port() -> int:
    """Return a port that no process listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _server(
    arguments: list[str], folder: Path, address: str, probe: str, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    with Processes(folder) as processes:
        process = processes.start(*arguments, env=env)
        wait_until(lambda: _answers(address + probe), needed=process)
        yield Server(address, process)
        processes.family(process)
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            process.terminate()  # it then removes its files
            process.wait(20)


def _answers(address: str) -> bool:
    try:
        requests.get(address, timeout=5)
    except requests.RequestException:
        return False
    return True
