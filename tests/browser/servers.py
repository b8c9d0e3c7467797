"""Real servers for the tests: JupyterLab and the web app, each with folders of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
import requests

from mnistlab.system.files import project_dir

QUIET = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"


def pad_notebook(folder: Path) -> None:
    """Put ``draw.ipynb`` there: of ``04_draw`` what the web app shows, up to the pad."""
    notebook = nbformat.read(project_dir() / "notebooks" / "04_draw.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "notebook-only" not in cell.metadata.get("tags", [])]
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / "draw.ipynb")


@contextmanager
def jupyterlab(folder: Path, state: Path) -> Iterator[str]:
    """Serve a folder with JupyterLab as it is on the first day; yields the address."""
    settings = state / "settings" / QUIET
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = ["-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    dirs = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    environment = {**os.environ, **{name: str(state / part) for name, part in dirs.items()}}
    with _server(command, environment, f"{address}/api", state / "jupyterlab.log"):
        yield address


@contextmanager
def web_app(state: Path, *options: str) -> Iterator[str]:
    """Serve the drawing pad with ``mnistlab app``; yields the address."""
    state.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = ["-c", "from mnistlab.cli import main; main()", "app", "--port", str(port), *options]
    with _server(command, dict(os.environ), f"http://127.0.0.1:{port}/voila/static/", state / "app.log"):
        yield f"http://127.0.0.1:{port}/"


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _server(command: list[str], environment: dict[str, str], probe: str, log: Path) -> Iterator[None]:
    with log.open("w") as output:
        server = psutil.Popen([sys.executable, *command], env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_for(probe, server, log)
            yield
        finally:
            if server.poll() is None:
                family = [server, *server.children(recursive=True)]
                server.terminate()
                for process in psutil.wait_procs(family, timeout=10)[1]:
                    process.kill()


def _wait_for(probe: str, server: psutil.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(probe, timeout=5)
            return
        except requests.ConnectionError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
