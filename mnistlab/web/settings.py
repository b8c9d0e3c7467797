"""Settings of the web app and their defaults; imports nothing heavy, so that the command line starts fast."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class WebSettings:
    """How the drawing pad is served."""

    host: str = "127.0.0.1"  # address to listen on: this machine only
    port: int = 5000
    origins: tuple[str, ...] = ()  # other addresses of the app, as https://digits.example.org
    sessions: int = 10  # pages open at the same time, at most: each needs about 100 MB of memory
    idle_minutes: int = 15  # a page without activity for this long loses its kernel and its session
    warm_kernels: int = 2  # kernels kept ready with the notebook run, for two people who come at the same time
    memory_megabytes: int = 1000  # memory of a kernel's own, at most; a page needs about 300. Not kept on macOS
    message_seconds: float = 10.0  # a kernel that works longer on one message from its page is ended
    keep: Path | None = None  # file for the drawings that people keep; None: nothing is kept
