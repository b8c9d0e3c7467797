import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab.execution.options import SILENT, Reporter
from mnistlab.execution.rerun import compared, rerun
from mnistlab.execution.runner import run_notebook

FINISH = """
from mnistlab.runs.run import current_run
current_run("01_x", {}, ()).finish(score=n / 2)
"""


def test_the_same_comes_out_beside_the_first_and_what_differs_is_said(
    project: Callable[..., Path], reports: Path
) -> None:
    project("01_x", "n: int = 1  # a number: 0 to 9", FINISH)
    run = run_notebook("01_x", {"n": 3}, reporter=SILENT)
    before = run.record
    said: list[str] = []
    again = rerun(run, reporter=Reporter(echo=said.append))
    assert again.name == f"{run.name}-again"
    assert run.record == before
    assert again.metrics == run.metrics
    assert said[0] == "code, data and versions are the same as then"
    assert said[-1] == "score: 1.5, the same"

    info = json.loads((run.path / "run.json").read_text())
    info["versions"]["numpy"] = "1.0"
    info["code"]["library"] = "f" * 64
    (run.path / "run.json").write_text(json.dumps(info))
    said.clear()
    project("01_x", "n: int = 1  # a number: 0 to 9", FINISH.replace("n / 2", "n / 3"))
    other = rerun(run, reporter=Reporter(echo=said.append))
    assert other.name not in (run.name, again.name)
    assert [line.split(" differs")[0] for line in said[:3]] == ["the notebook", "the library", "numpy"]
    assert "ffffffff then" in said[1]
    assert said[-1] == "score: 1.5, now 1"


def test_metrics_are_held_against_each_other() -> None:
    assert compared({"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 1.0, "b": 2.5}) == ["a: 1, the same", "b: 2, now 2.5"]


def test_what_the_notebook_no_longer_has_is_an_error(project: Callable[..., Path], reports: Path) -> None:
    from mnistlab.errors import ParameterError

    project("01_x", "n: int = 1  # a number: 0 to 9", FINISH)
    run = run_notebook("01_x", {}, reporter=SILENT)
    project("01_x", "m: int = 1  # a number: 0 to 9", FINISH)
    with pytest.raises(ParameterError, match="01_x has no parameter n"):
        rerun(run, reporter=SILENT)
