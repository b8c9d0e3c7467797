import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab import __version__
from mnistlab.errors import WorkbenchError
from mnistlab.sweeps import remote


class Workers:
    """Stands in for a Dask client: each worker answers what it is told to."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers

    def run(self, question: Callable[..., object], *args: object, on_error: str = "") -> dict[str, object]:
        return self.answers if question is remote.whoami else dict.fromkeys(self.answers, True)


def test_a_worker_with_another_library_is_refused(reports: Path) -> None:
    other = (__version__, "0" * 64)
    with pytest.raises(
        WorkbenchError, match=r"worker tcp://b has mnistlab .* \(000000000000\), this machine .*: install the same"
    ):
        remote._check(Workers({"tcp://a": remote.whoami(), "tcp://b": other}), shares_reports=True)


def test_a_worker_without_the_library_is_refused(reports: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"worker tcp://a has no mnistlab .*No module named.*: install it there"):
        remote._check(Workers({"tcp://a": ModuleNotFoundError("No module named 'mnistlab'")}), shares_reports=True)


def test_a_worker_like_this_machine_will_do_and_nothing_is_left_behind(reports: Path) -> None:
    remote._check(Workers({"tcp://a": remote.whoami()}), shares_reports=True)
    assert list(reports.iterdir()) == []


def refusal(monkeypatch: pytest.MonkeyPatch, address: str) -> str:
    """Return what is said of an address behind "no scheduler answers at …"."""
    monkeypatch.setattr(remote, "CONNECT_TIMEOUT", 0.5)
    with pytest.raises(WorkbenchError) as caught, remote.remote_cluster(address, shares_reports=True):
        pass
    begins = f"no scheduler answers at {address}: "
    assert str(caught.value).startswith(begins)
    return str(caught.value).removeprefix(begins)


def test_a_scheduler_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask and this module wait for the same time: whose words stand behind it depends on which is first."""
    said = refusal(monkeypatch, "tcp://127.0.0.1:9")
    assert said.startswith(
        ("start one with 'dask scheduler' (Timed out", "start one with 'dask scheduler' (it says nothing")
    )
    assert "\n" not in said


def test_what_accepts_a_connection_and_says_nothing_is_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert refusal(monkeypatch, f"tcp://127.0.0.1:{silent.getsockname()[1]}").endswith("(it says nothing)")


@pytest.mark.parametrize(
    "address", ["x", "http://127.0.0.1:9", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "ucx://a:1"]
)
def test_an_address_of_another_kind_is_one_line(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert "\n" not in refusal(monkeypatch, address)


def test_a_scheduler_that_asks_for_a_certificate_needs_one() -> None:
    with (
        pytest.raises(WorkbenchError, match=r"tls://127.0.0.1:9 asks for a certificate: name its files in DASK_"),
        remote.remote_cluster("tls://127.0.0.1:9", shares_reports=True),
    ):
        pass
