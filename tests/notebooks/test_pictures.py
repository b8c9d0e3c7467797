"""12_pictures with few pictures of the twelve example drawings."""

import subprocess
import sys
from pathlib import Path

import pytest
from notebook_cells import run_cells

from mnistlab.errors import ParameterError, UnknownNameError
from mnistlab.execution.options import SILENT
from mnistlab.execution.runner import run_notebook
from mnistlab.runs.registry import list_runs

SMALL: dict[str, object] = {"drawings": "examples", "kinds": "paper+thin", "pictures": 2, "shown": 1}


def test_in_batch_every_kind_is_counted_and_twelve_drawings_give_no_accuracy(reports: Path) -> None:
    run = run_notebook("12_pictures", {**SMALL, "shown": 0}, reporter=SILENT)
    assert run.state == "complete"
    assert run.metrics == {}
    counted = run.record.extra["pictures"]
    assert [*counted][:3] == ["plain paper", "clean screen", "1 px on 400"]
    assert {row["pictures"] for row in counted.values()} == {2}
    page = (run.path / "report.html").read_text()
    assert "only 12 drawings, too few" in page
    assert page.count("data:image/jpeg") == 3 + len(counted), "the steps, and every kind that was measured"
    assert len(page) < 1_500_000


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if twelve drawings were enough."""
    monkeypatch.setattr("mnistlab.benchmarks.picture_accuracy.MIN_DRAWINGS", 12)


@pytest.mark.usefixtures("many")
def test_in_an_open_notebook_the_result_is_said_and_kept(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_cells("12_pictures", **SMALL)
    said = capsys.readouterr().out
    assert "of 7 kinds do not reach their bar" in said
    assert "1 of 7 kinds shown" in said
    (run,) = list_runs()
    assert run.state == "complete"
    assert run.metrics.keys() >= {"picture_accuracy", "picture_bars_reached"}
    assert f"{run.metrics['picture_accuracy']:.1%} read correctly, mean of 7 kinds" in said


@pytest.mark.parametrize(
    ("parameters", "error", "said"),
    [
        ({"kinds": "paper+frame"}, UnknownNameError, "unknown kind of pictures 'frame': choose one of all, paper"),
        ({"pictures": 0}, ParameterError, "0 pictures of each kind"),
    ],
)
@pytest.mark.usefixtures("reports")
def test_what_cannot_be_measured_is_said(parameters: dict[str, object], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=f"^{said}"):
        run_cells("12_pictures", **SMALL | parameters)


def test_it_waits_for_no_tensorflow() -> None:
    program = "import sys, mnistlab.benchmarks.pictures, mnistlab.plots.pictures; print('tensorflow' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
