"""Where a result comes from: code, versions, machine."""

import hashlib
import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from mnistlab.system.files import project_dir
from mnistlab.system.threads import allotted_threads, machine_cores

PACKAGES = ("mnistlab", "tensorflow", "keras", "numpy", "papermill")
"""Packages whose versions are recorded; the build of TensorFlow without GPU code has another name."""


PACKAGE = Path(__file__).resolve().parents[1]

WITHOUT_RESULTS = frozenset({"cli.py", "commands", "pad.py", "widgets", "web"})
"""Files and folders of the package that cannot change the result of a run: command line, pad, web app."""


def fingerprint(*parts: object) -> str:
    """Return eight hex digits that depend on all parts; each must be valid in JSON."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def library_sha256(package: Path = PACKAGE) -> str:
    """Return the sha256 over the source files that can change a run's result.

    Parameters
    ----------
    package : Path
        The folder of the package: all ``*.py`` below it count with their relative paths, but for `WITHOUT_RESULTS`.
    """
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        relative = path.relative_to(package)
        if relative.parts[0] not in WITHOUT_RESULTS:
            content = path.read_bytes()
            digest.update(f"{relative.as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def notebook_sha256(notebook: Path) -> str:
    """Return the sha256 over a notebook's cells; its outputs do not count."""
    import nbformat  # late: a kernel that begins a run does not need it

    cells = nbformat.read(notebook, as_version=4).cells
    return hashlib.sha256("\0".join(cell.source for cell in cells).encode()).hexdigest()


def describe(threads: int = 0) -> Mapping[str, object]:
    """Return git commit, versions and hardware, ready for JSON; `threads`: 0 for all that this process may use."""
    return {
        "git": {"commit": _git("rev-parse", "HEAD"), "dirty": bool(_git("status", "--porcelain"))},
        "versions": versions(),
        "hardware": {
            "machine": platform.machine(),
            "system": platform.platform(),
            "cores": machine_cores(),
            "threads": threads or allotted_threads(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        },
    }


def versions() -> Mapping[str, str | None]:
    """Return the versions of Python and of the packages that decide the result."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def _git(*arguments: str) -> str | None:
    """Git's answer about the clone, None where git or the repository is missing."""
    try:
        asked = subprocess.run(["git", *arguments], cwd=project_dir(), capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return asked.stdout.strip()


def _version(package: str) -> str | None:
    for name in (package, f"{package}-cpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None
