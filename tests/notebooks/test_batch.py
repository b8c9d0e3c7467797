"""The real notebooks, executed once in batch."""

from pathlib import Path

import nbformat
import pytest

from mnistlab.execution.options import Reporter
from mnistlab.execution.runner import train_and_evaluate
from mnistlab.runs.history import History


def test_training_and_evaluation_write_one_folder_with_every_file(
    reports: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []
    parameters = {"preset": "baseline", "dataset": "digits", "epochs": 3, "seed": 1}
    run = train_and_evaluate(parameters, reporter=Reporter(echo=said.append))
    assert list(reports.glob("[0-9]*")) == [run.path]
    left = {str(path.relative_to(run.path)) for path in run.path.rglob("*") if path.is_file()}
    assert left >= {
        "run.json",
        "train.ipynb",
        "evaluate.ipynb",
        "report.html",
        "checkpoints/best.weights.h5",
        "model.weights.h5",
        "model.tflite",
        "history.csv",
        "history.png",
    }
    assert run.state == "complete"
    assert len(History.read(run.path / "history.csv")) == run.metrics["epochs"] == 3
    assert {"temperature", "calibration_error"} <= run.metrics.keys()
    assert ("drawn_accuracy" in run.metrics) == (run.record.extra["drawn_digits"]["count"] >= 100)
    assert len(run.record.extra["drawn_digits"]["conditions"]) == 5
    assert run.metrics["test_accuracy_low"] < run.metrics["test_accuracy"] < run.metrics["test_accuracy_high"]
    assert [line.split(":")[0] for line in said if "epoch" in line] == ["  epoch 1/3", "  epoch 2/3", "  epoch 3/3"]
    assert said[3].endswith("at most 0 s left")

    evaluate = nbformat.read(run.path / "evaluate.ipynb", as_version=4)
    assert sum("predictor.predict_images(digits[1].images)" in cell.source for cell in evaluate.cells) == 1, (
        "the test set is looked at once"
    )
    outputs = [
        output
        for cell in nbformat.read(run.path / "train.ipynb", as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    assert not any("widget-view" in kind for output in outputs for kind in output.get("data", {})), "no bar in batch"

    page = (run.path / "report.html").read_text()
    assert page.index("How does a network learn") < page.index("How well does it read")
