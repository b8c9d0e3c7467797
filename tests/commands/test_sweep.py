from pathlib import Path

import pytest
from commandline import mnistlab

from mnistlab.datasets import download


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-g", "epohcs", "1,2"), "02_train has no parameter epohcs (did you mean epochs?)"),
        (("-g", "epochs", "1,ten"), "epochs cannot be 'ten': it takes int, 0 to 1000"),
        (("-g", "epochs", "1,2", "-p", "epochs", "3"), "epochs is given twice: once for all runs, and once to vary"),
        (("-g", "epochs", "1,2", "-g", "epochs", "3"), "epochs is given twice with -g: list all its values in one"),
        (
            ("-g", "learning_rate", "1e-4..1e-2"),
            "learning_rate is a range of real numbers: list values, or draw from it",
        ),
        (("-g", "epochs", "1,2", "--sample", "1000000"), "that is 1,000,000 runs, 100,000 at most: draw fewer"),
        (("-g", "epochs", "1,2", "--sample", "0"), "Invalid value for '--sample': 0 is not in the range x>=1"),
        (("-g", "epochs", "1,2", "--sample", "2", "--seed", "-1"), "Invalid value for '--seed': -1 is not in"),
        (("-g", "epochs", "1,2", "--limit", "nan"), "the limit cannot be nan: it takes minutes, more than 0"),
        (("-g", "epochs", "1,2", "--limit", "inf"), "the limit cannot be inf"),
        (("-g", "epochs", "1,2", "--limit", "1e308"), "the limit cannot be 1e+308"),
        (("-g", "epochs", "1,2", "--limit", "-1"), "Invalid value for '--limit': -1.0 is not in the range x>0"),
        (("-g", "epochs", "1,2", "--workers", "0"), "Invalid value for '--workers': 0 is not in the range x>=1"),
        (("-g", "epochs", "1,2", "--workers", "10000"), "10,000 workers on this machine: it takes 1 to "),
        (("-g", "epochs", "1,2", "--threads", "-1"), "Invalid value for '--threads': -1 is not in the range x>=1"),
        (("-g", "epochs", "1,2", "--threads", "10000"), "10,000 threads: it takes 1 to 4,096"),
        (("-g", "seed", "0..999999", "-g", "epochs", "1..1000"), "that is 1,000,000,000 runs, 100,000 at most"),
        (("-g", "epochs", ""), "epochs cannot be '': it takes int"),
        (("-g", "epochs", "1,2", "--scheduler", "tcp://127.0.0.1:9"), "no scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_the_whole_grid_is_checked_before_anything_starts(
    reports: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistlab.sweeps.remote.CONNECT_TIMEOUT", 0.5)
    code, output = mnistlab("sweep", "02_train", "-p", "dataset", "digits", *arguments)
    assert code in (1, 2)
    assert output.splitlines()[-1].startswith(f"Error: {said}")
    assert not reports.exists()


def test_a_dry_run_lists_the_runs_and_starts_none(reports: Path) -> None:
    arguments = ("-p", "dataset", "digits", "-g", "learning_rate", "1e-3,3e-3", "-g", "seed", "0..4", "--dry-run")
    code, output = mnistlab("sweep", "02_train", *arguments)
    header, _, *rows, count = output.splitlines()
    assert (code, header.split()) == (0, ["learning_rate", "seed", "run", "state"])
    assert [row.split()[:2] for row in rows[4:6]] == [["0.001", "4"], ["0.003", "0"]]
    assert count == "2 learning_rate x 5 seed: 10 runs, 0 complete already, 10 to do"
    assert not reports.exists()
    code, output = mnistlab("sweep", "02_train", *arguments, "--sample", "3", "--seed", "1")
    assert output.splitlines()[-1] == ("drawn at random: learning_rate, seed: 3 runs, 0 complete already, 3 to do")


def test_a_sweep_reports_that_it_was_not_about_mnist(
    reports: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr(download.pooch, "os_cache", lambda name: tmp_path / "cache")
    monkeypatch.setattr("mnistlab.sweeps.dispatch.SweepExecution.run", lambda self: None)
    output = mnistlab("sweep", "02_train", "-g", "seed", "0,1")[1]
    assert output.splitlines()[-2].startswith("NOT MNIST")
