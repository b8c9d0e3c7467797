"""11_sweep_cost with and without a measurement of its own."""

import json
from pathlib import Path

import pytest
from notebook_cells import run_cells

from mnistlab.benchmarks import sweep_cost


def metrics(reports: Path) -> dict[str, float]:
    (run,) = reports.glob("11_sweep_cost-*")
    return dict(json.loads((run / "run.json").read_text())["metrics"])


def test_what_was_not_measured_is_neither_printed_nor_kept(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_cells("11_sweep_cost", listed=10)
    said = capsys.readouterr().out
    assert "nan" not in said
    assert "the scheduler was not timed: set tasks to 2000, for example" in said
    assert metrics(reports).keys() == {"listing_seconds"}, "the reference was measured elsewhere"


def test_what_was_measured_is_printed_and_kept(
    reports: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = sweep_cost.reference_sweeps()
    monkeypatch.setattr(sweep_cost, "seconds_per_task", lambda tasks: 0.0059)
    monkeypatch.setattr(sweep_cost, "measure_each", lambda notebook, runs, counts, parameters: reference)
    run_cells("11_sweep_cost", listed=10, tasks=2000, runs=12)
    assert "the scheduler takes 5.9 ms for a task" in capsys.readouterr().out
    found = metrics(reports)
    assert found.keys() == {"listing_seconds", "task_seconds", "overhead_seconds", "efficiency"}
    assert found["efficiency"] == pytest.approx(0.84, abs=0.005)
