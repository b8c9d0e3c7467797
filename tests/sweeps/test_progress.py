import io

import pytest

from mnistlab.sweeps.progress import SweepProgress


def test_one_line_says_all_there_is_to_know(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    progress = SweepProgress(3)
    progress.running = 2
    progress.add(True, 0.98, {"rate": 0.1, "seed": 1})
    progress.add(False, None, {"rate": 0.3, "seed": 1})
    progress.add(True, 0.97, {"rate": 0.5, "seed": 1})
    assert "2 running, 1 failed" in terminal.getvalue()
    progress.close()
    last = terminal.getvalue().split("\r")[-1]
    assert "100%" in last
    assert "3/3" in last
    assert "0 running, 1 failed, best 98.00% in validation (rate 0.1, seed 1)" in last


def test_where_nobody_looks_it_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    progress = SweepProgress(1)
    progress.add(True, 0.98, {"rate": 0.1})
    progress.close()
    assert capsys.readouterr() == ("", "")
