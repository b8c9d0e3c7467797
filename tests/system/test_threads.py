import pytest

from mnistlab.system.threads import allot, allotted_threads, machine_cores


@pytest.mark.parametrize(
    ("told", "taken"), [("1", 1), ("", machine_cores()), ("many", machine_cores()), ("0", machine_cores())]
)
def test_a_process_takes_what_it_was_told(told: str, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert allotted_threads() == taken


def test_nobody_takes_more_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in allot(10_000).items():
        monkeypatch.setenv(name, value)
    assert allotted_threads() == machine_cores()
