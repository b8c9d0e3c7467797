import json
import os
from pathlib import Path

import pytest

from mnistlab.benchmarks import sweep_cost
from mnistlab.errors import RunError
from mnistlab.runs.record import RunRecord
from mnistlab.runs.snapshot import RunSnapshot


def ran(name: str, started: str, finished: str, **phases: float) -> RunSnapshot:
    executed = {"02_train": {"id": "x", "seconds": sum(phases.values()), "phases": phases}}
    day = "2026-01-01T00:00:"
    info = {"notebook": "02_train", "started": day + started, "finished": day + finished, "executed": executed}
    return RunSnapshot(Path(name), RunRecord.read({"state": "complete", **info}))


ALONE = [ran("a", "00+00:00", "10+00:00", starting=1, importing=3, computing=5, reporting=1)]
TWO = [ran("b", "00+00:00", "11+00:00", importing=4), ran("c", "00.5+00:00", "12.5+00:00", importing=6)]


def test_phases_are_a_row_for_each_run() -> None:
    table = sweep_cost.phases(ALONE)
    assert table.loc[0].to_dict() == {"starting": 1, "importing": 3, "computing": 5, "reporting": 1}


def test_efficiency_is_the_speed_of_a_worker_as_a_share_of_one_alone() -> None:
    table = sweep_cost.efficiency({1: ALONE, 2: TWO})
    assert table["seconds"].tolist() == [10, 12.5]
    assert table["runs_per_hour"].tolist() == [360, 576]
    assert table["efficiency"].tolist() == pytest.approx([1, 0.8])


def test_the_last_wave_counts_whole() -> None:
    assert sweep_cost.waves(10_000, 3_200) == 4
    assert sweep_cost.waves(10_000, 3_334) == 3
    assert sweep_cost.waves(9_600, 3_200) == 3


def test_listing_is_timed_and_leaves_nothing() -> None:
    assert 0 < sweep_cost.seconds_to_list(ALONE[0], 10) < 60


def test_runs_go_into_another_folder_only_while_they_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", "before")
    with sweep_cost._reports_in(tmp_path):
        assert os.environ["MNISTLAB_REPORTS_DIR"] == str(tmp_path)
    assert os.environ["MNISTLAB_REPORTS_DIR"] == "before"


def test_the_reference_has_the_numbers_that_the_notebook_names() -> None:
    sweeps = sweep_cost.reference_sweeps()
    assert [len(sweeps[workers]) for workers in (1, 2)] == [12, 12]
    phases = sweep_cost.phases(sweeps[2])
    assert phases.notna().all(axis=None)
    overhead = phases.drop(columns="computing").sum(axis=1).mean()
    assert overhead == pytest.approx(5.4, abs=0.05)
    assert phases["importing"].mean() > 0.5 * overhead, "most of it is importing"
    assert sweep_cost.efficiency(sweeps).loc[2, "efficiency"] == pytest.approx(0.84, abs=0.005)


def test_a_measurement_is_written_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_cost, "reference_dir", lambda: tmp_path)
    (tmp_path / "11_sweep_cost-x").mkdir()
    info = {"state": "complete", "sweeps": sweep_cost.to_json({1: ALONE, 2: TWO})}
    (tmp_path / "11_sweep_cost-x" / "run.json").write_text(json.dumps(info))
    assert sweep_cost.efficiency(sweep_cost.reference_sweeps()).equals(sweep_cost.efficiency({1: ALONE, 2: TWO}))


def test_a_missing_reference_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_cost, "reference_dir", lambda: tmp_path)
    with pytest.raises(RunError, match="no reference report of 11_sweep_cost"):
        sweep_cost.reference_sweeps()


def test_a_sweep_without_a_complete_run_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_cost, "measure", lambda notebook, runs, workers, given: ALONE if workers == 1 else [])
    with pytest.raises(RunError, match="no run with 2 workers was complete: see what 'mnistlab run 02_train' says"):
        sweep_cost.measure_each("02_train", 3, (1, 2), {})
    assert sweep_cost.measure_each("02_train", 3, (1,), {}) == {1: ALONE}
