import socket

import pytest

from mnistlab.errors import ParameterError
from mnistlab.web.hosts import Hosts, is_from_other_site, is_loopback, netloc, url

LOOPBACK = ["127.0.0.1", "127.0.0.1:5000", "127.8.9.10", "localhost:5000", "LocalHost", "[::1]:5000", "[::1]", "::1"]
FOREIGN = [
    "evil.example",
    "evil.example:5000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "10.0.0.7",
    "",
    ":5000",
]
FOREIGN += ["[fe80::1]:5000", "169.254.1.1", "0.0.0.0:5000", "[::]:5000"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_loopback_only_loopback_names_are_served(host: str) -> None:
    hosts = Hosts(host)
    assert [name for name in LOOPBACK if not hosts.serves(name)] == []
    assert [name for name in FOREIGN if hosts.serves(name)] == []


@pytest.mark.parametrize("host", ["10.0.0.7", "pad.example", "Pad.Example"])
def test_a_named_address_is_served_and_no_other(host: str) -> None:
    hosts = Hosts(host)
    assert hosts.serves(f"{host.lower()}:5000")
    assert hosts.serves("127.0.0.1")
    assert not hosts.serves("evil.example")
    assert not hosts.serves("10.0.0.8")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_on_all_addresses_every_address_is_served_but_no_foreign_name(host: str) -> None:
    hosts = Hosts(host)
    assert hosts.serves("10.0.0.7:5000")
    assert hosts.serves("[fe80::1]:5000")
    assert hosts.serves(socket.gethostname())
    assert not hosts.serves("evil.example")


def test_an_origin_adds_its_name() -> None:
    hosts = Hosts("127.0.0.1", ["https://Digits.example.org/", "http://[2001:db8::1]:8080"])
    assert hosts.serves("digits.example.org")
    assert hosts.serves("[2001:db8::1]:8080")
    assert hosts.accepts("https://digits.example.org", "127.0.0.1:5000"), "behind a proxy that changes the host"
    assert not hosts.accepts("http://digits.example.org", "127.0.0.1:5000")


def test_a_websocket_is_opened_by_the_apps_own_page_or_by_a_program() -> None:
    hosts = Hosts("127.0.0.1")
    assert hosts.accepts("http://127.0.0.1:5000", "127.0.0.1:5000")
    assert hosts.accepts("http://[::1]:5000", "[::1]:5000")
    assert hosts.accepts(None, "127.0.0.1:5000")
    for origin in ("http://127.0.0.1:8888", "http://localhost:5000", "http://evil.example", "null", "file://", ""):
        assert not hosts.accepts(origin, "127.0.0.1:5000")


@pytest.mark.parametrize("host", ["", "  "])
def test_an_empty_host_is_an_error(host: str) -> None:
    with pytest.raises(ParameterError, match="--host is empty"):
        Hosts(host)


@pytest.mark.parametrize(
    "origin", ["", "digits.example.org", "ftp://a.example", "https://", "https://a.example/pad", "*", "http://a:b"]
)
def test_what_is_no_origin_is_an_error(origin: str) -> None:
    with pytest.raises(ParameterError, match="is not an origin: give scheme and host"):
        Hosts("127.0.0.1", [origin])


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_loopback_is_told_from_the_rest(host: str, loopback: bool) -> None:
    assert is_loopback(host) == loopback


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert url("::1", 5000) == "http://[::1]:5000"
    assert url("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert url("fe80::1%eth0", 80) == "http://[fe80::1%25eth0]:80"
    assert netloc("::1", 80) == "[::1]:80"


@pytest.mark.parametrize(
    ("site", "mode", "destination", "is_other"),
    [
        ("cross-site", "no-cors", "image", True),
        ("cross-site", "navigate", "iframe", True),
        ("same-site", "cors", "empty", True),  # another port of this machine
        ("cross-site", "navigate", "document", False),  # somebody followed a link
        ("same-origin", "cors", "empty", False),
        ("none", "navigate", "document", False),  # the address was typed
        (None, None, None, False),
    ],
)
def test_a_page_of_another_site_is_told_from_a_person(
    site: str | None, mode: str | None, destination: str | None, is_other: bool
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    assert is_from_other_site({name: value for name, value in headers.items() if value}) == is_other
