"""Which names of this server a request may use: others are pages that reach it through a name of their own."""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from mnistlab.errors import ParameterError


class Hosts:
    """The host names and origins that the app answers to.

    A page of a foreign site can give its name the address of this machine (DNS rebinding) and would then
    count as the app's own page; the ``Host`` of its requests tells.

    Parameters
    ----------
    host : str
        Address or name that the app listens on.
    origins : sequence of str
        Addresses under which people reach it otherwise: ``https://digits.example.org``.

    Raises
    ------
    ParameterError
        If the host is empty, or an origin is none.
    """

    def __init__(self, host: str, origins: Sequence[str] = ()) -> None:
        if not host.strip():
            raise ParameterError("--host is empty: leave it out for this machine only, or name an address")
        self.origins = frozenset(_checked(origin) for origin in origins)
        named = {host.lower(), *(str(urlsplit(origin).hostname) for origin in self.origins)}
        self._everywhere = is_unspecified(host)
        self._names = {"localhost", *named} | ({socket.gethostname().lower()} if self._everywhere else set())

    def serves(self, host: str) -> bool:
        """Return whether a request may name this host, with or without a port, an IPv6 address in brackets."""
        name = _without_port(host.lower())
        return name in self._names or (_address(name) is not None and (self._everywhere or is_loopback(name)))

    def accepts(self, origin: str | None, host: str) -> bool:
        """Return whether a page of this origin may open a websocket at this host; only programs have none."""
        if origin is None:
            return True
        return origin.lower() in self.origins or urlsplit(origin.lower()).netloc == host.lower()


def is_loopback(host: str) -> bool:
    """Return whether an address or host name can be reached from this machine only."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def is_unspecified(host: str) -> bool:
    """Return whether an address stands for all addresses of this machine."""
    address = _address(host)
    return address is not None and address.is_unspecified


def netloc(host: str, port: int) -> str:
    """Return host and port; an IPv6 address stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def url(host: str, port: int) -> str:
    """Return the address for a browser; in it, the percent sign before the zone of an IPv6 address is escaped."""
    return f"http://{netloc(host.replace('%', '%25'), port)}"


def is_from_other_site(headers: Mapping[str, str]) -> bool:
    """Return whether a page of another site makes a request by itself, as for an image; links are for people.

    Browsers tell since 2023: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    """
    is_link = (headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest")) == ("navigate", "document")
    return headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and not is_link


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text stands for; None if it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _checked(origin: str) -> str:
    """An origin in small letters, without a slash at its end."""
    try:
        parts = urlsplit(origin.lower().rstrip("/"))
        valid = (
            parts.scheme in ("http", "https") and parts.hostname and parts.netloc and not (parts.path or parts.query)
        )
        parts.port  # noqa: B018  # raises ValueError if it is no number
    except ValueError:
        valid = False
    if not valid:
        raise ParameterError(f"{origin!r} is not an origin: give scheme and host, as in https://digits.example.org")
    return f"{parts.scheme}://{parts.netloc}"


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and ":" not in name else host
