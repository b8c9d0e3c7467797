import signal

import pytest

from mnistlab.errors import ParameterError
from mnistlab.sweeps import cluster


def test_as_many_workers_as_suit_machine_and_work() -> None:
    assert cluster.usual_workers(1) == 1
    assert 1 <= cluster.usual_workers(1000) <= cluster.machine_cores()


@pytest.mark.parametrize("number", [-1, 10_000, 10**30])
def test_a_number_of_workers_that_would_stop_the_machine_is_refused(number: int) -> None:
    with pytest.raises(ParameterError, match=r"workers on this machine: it takes 1 to \d+"):
        cluster.Workers(number)


def test_a_running_cluster_without_certificates_is_pointed_out() -> None:
    class Client:
        dashboard_link = "http://127.0.0.1:8787/status"

    assert cluster.Workers(2).about(Client()) == ""
    assert cluster.Workers(0, "tls://a:1").about(Client()).endswith("/status")
    assert cluster.Workers(0, "tcp://a:1").about(Client()).endswith(cluster.NO_CERTIFICATE)


def start_and_be_told_to_end(begun: list[str]) -> None:
    with cluster._uninterrupted():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        begun.append("workers")


def test_signals_wait_until_the_workers_have_started() -> None:
    begun: list[str] = []
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            start_and_be_told_to_end(begun)
        assert begun == ["workers"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGTERM, before)
