from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab import __version__
from mnistlab.errors import WorkbenchError
from mnistlab.sweeps import cluster


class Workers:
    """Stands in for a Dask client: each worker answers what it is told to."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers

    def run(self, question: Callable[..., object], *args: object, on_error: str = "") -> dict[str, object]:
        return self.answers if question is cluster.whoami else dict.fromkeys(self.answers, True)


def test_a_worker_with_another_library_is_refused(reports: Path) -> None:
    other = (__version__, "0" * 64)
    with pytest.raises(
        WorkbenchError, match=r"worker tcp://b has mnistlab .* \(000000000000\), this machine .*: install the same"
    ):
        cluster._check(Workers({"tcp://a": cluster.whoami(), "tcp://b": other}), shares_reports=True)


def test_a_worker_without_the_library_is_refused(reports: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"worker tcp://a has no mnistlab .*No module named.*: install it there"):
        cluster._check(Workers({"tcp://a": ModuleNotFoundError("No module named 'mnistlab'")}), shares_reports=True)


def test_a_worker_like_this_machine_will_do_and_nothing_is_left_behind(reports: Path) -> None:
    cluster._check(Workers({"tcp://a": cluster.whoami()}), shares_reports=True)
    assert list(reports.iterdir()) == []


def test_a_scheduler_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_TIMEOUT", 0.5)
    with (
        pytest.raises(
            WorkbenchError, match=r"no scheduler answers at tcp://127.0.0.1:9: start one with 'dask scheduler'"
        ),
        cluster.remote_cluster("tcp://127.0.0.1:9", shares_reports=True),
    ):
        pass


def test_as_many_workers_as_suit_machine_and_work() -> None:
    assert cluster.usual_workers(1) == 1
    assert 1 <= cluster.usual_workers(1000) <= cluster.machine_cores()
