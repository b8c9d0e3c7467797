import json
import os
from pathlib import Path

import pytest

from mnistlab.benchmarks import sweep_cost
from mnistlab.runs.record import RunRecord
from mnistlab.runs.snapshot import RunSnapshot


def ran(name: str, started: str, finished: str, **phases: float) -> RunSnapshot:
    executed = {"02_train": {"id": "x", "seconds": sum(phases.values()), "phases": phases}}
    day = "2026-01-01T00:00:"
    info = {"notebook": "02_train", "started": day + started, "finished": day + finished, "executed": executed}
    return RunSnapshot(Path(name), RunRecord.read({"state": "complete", **info}))


ALONE = [ran("a", "00+00:00", "10+00:00", starting=1, importing=3, computing=5, reporting=1)]
TWO = [ran("b", "00+00:00", "11+00:00", importing=4), ran("c", "00.5+00:00", "12.5+00:00", importing=6)]


def test_phases_are_told_run_by_run() -> None:
    table = sweep_cost.phases(ALONE)
    assert table.loc[0].to_dict() == {"starting": 1, "importing": 3, "computing": 5, "reporting": 1}


def test_efficiency_is_the_share_of_what_one_would_do_alone() -> None:
    table = sweep_cost.efficiency({1: ALONE, 2: TWO})
    assert table["seconds"].tolist() == [10, 12.5]
    assert table["runs_an_hour"].tolist() == [360, 576]
    assert table["efficiency"].tolist() == pytest.approx([1, 0.8])


def test_the_last_wave_counts_whole() -> None:
    assert sweep_cost.cluster_seconds(10_000, 3_200, 10) == 40
    assert sweep_cost.cluster_seconds(9_600, 3_200, 10) == 30


def test_listing_is_timed_and_leaves_nothing() -> None:
    assert 0 < sweep_cost.seconds_to_list(ALONE[0], 10) < 60


def test_runs_go_elsewhere_only_while_they_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", "before")
    with sweep_cost._reports_in(tmp_path):
        assert os.environ["MNISTLAB_REPORTS_DIR"] == str(tmp_path)
    assert os.environ["MNISTLAB_REPORTS_DIR"] == "before"


def test_what_was_measured_before_comes_with_the_project() -> None:
    sweeps = sweep_cost.measured()
    assert [len(sweeps[workers]) for workers in (1, 2)] == [12, 12]
    assert sweep_cost.phases(sweeps[2]).notna().all(axis=None)


def test_a_measurement_is_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_cost, "reference_dir", lambda: tmp_path)
    (tmp_path / "06_scale-x").mkdir()
    info = {"state": "complete", "sweeps": sweep_cost.kept({1: ALONE, 2: TWO})}
    (tmp_path / "06_scale-x" / "run.json").write_text(json.dumps(info))
    assert sweep_cost.efficiency(sweep_cost.measured()).equals(sweep_cost.efficiency({1: ALONE, 2: TWO}))
