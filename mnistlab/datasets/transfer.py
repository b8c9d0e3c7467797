"""A file from a server that may be slow, silent, or send something else."""

from dataclasses import dataclass
from itertools import pairwise
from threading import Event
from typing import NoReturn
from urllib.parse import urlsplit

import requests
from tqdm import tqdm

from mnistlab.system.deadlines import watched

TIMEOUT = (5, 20)
"""Seconds that a server may take to accept a connection, and to send the next bytes."""

CHUNK = 16_384
"""Bytes that are read at once."""

MAX_REDIRECTS = 5


@dataclass(frozen=True)
class Limits:
    """What a server may send, and how slowly."""

    size: int  # bytes, at most
    grace: float = 30.0  # seconds before its speed counts
    speed: float = 20_000.0  # bytes per second, at least, on average after that; so there is an end in any case


def download(url: str, limits: Limits, bar: "tqdm[NoReturn]") -> bytes:
    """Return the content at a URL.

    Parameters
    ----------
    url : str
        http or https; it is not redirected to anything else, nor from https to http.
    limits : Limits
    bar : tqdm
        Counts the bytes; its total is set.

    Raises
    ------
    OSError
        If there is no connection, an error status, another size than announced, or a limit is passed.
    """
    transfer = _Transfer(url, limits, bar)

    def check(passed: float) -> None:
        if len(transfer.content) < (passed - limits.grace) * limits.speed:
            transfer.given_up.set()
            raise TimeoutError(f"too slow: {len(transfer.content):,} bytes in {passed:.0f} s")

    watched(transfer.run, check)
    return bytes(transfer.content)


class _Transfer:
    """What a thread fetches while another one watches it."""

    def __init__(self, url: str, limits: Limits, bar: "tqdm[NoReturn]") -> None:
        self._url, self._limits, self._bar = url, limits, bar
        self.content = bytearray()
        self.given_up = Event()

    def run(self) -> None:
        with requests.Session() as session:
            session.max_redirects = MAX_REDIRECTS
            session.headers["Accept-Encoding"] = "identity"  # what is verified is the file as it is
            with session.get(self._url, stream=True, timeout=TIMEOUT) as response:
                response.raise_for_status()
                self._check_scheme(response)
                self._read(response)

    def _check_scheme(self, response: requests.Response) -> None:
        """Raise OSError if a redirection gave up encryption; to anything but http and https there is none."""
        schemes = [urlsplit(step.url).scheme for step in [*response.history, response]]
        if ("https", "http") in pairwise(schemes):
            raise OSError(f"redirected from https to {response.url}")

    def _read(self, response: requests.Response) -> None:
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal():
            self._check_size(int(announced))
            self._bar.reset(int(announced))
        for chunk in response.iter_content(CHUNK):
            if self.given_up.is_set():
                return
            self.content += chunk
            self._check_size(len(self.content))
            self._bar.update(len(chunk))
        if announced.isdecimal() and len(self.content) < int(announced):
            raise OSError(f"it ended after {len(self.content):,} of {int(announced):,} bytes")

    def _check_size(self, size: int) -> None:
        if size > self._limits.size:
            raise OSError(f"too much: {size:,} bytes or more, expected {self._limits.size:,} at most")
