"""05_inside with few digits: in batch, and in this process with a drawing, a trained run, and other parameters."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from notebook_cells import run_cells

from mnistlab.data import load_dataset
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.execution.options import SILENT
from mnistlab.execution.runner import run_notebook
from mnistlab.pad import DrawingPad
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.runs.run import Run
from mnistlab.system.run_files import MODEL, WEIGHTS

SMALL: dict[str, object] = {"dataset": "digits", "digit": 3, "train_digits": 40, "test_digits": 60}


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where maps are kept in an open notebook; empty."""
    monkeypatch.setattr("mnistlab.inside.embedding.pooch.os_cache", lambda name: str(tmp_path / name))
    return tmp_path / "mnistlab" / "maps"


def test_in_batch_the_page_has_a_picture_of_everything_and_the_run_has_the_map(reports: Path) -> None:
    run = run_notebook("05_inside", SMALL, reporter=SILENT)
    assert run.state == "complete"
    maps = [*run.path.glob("map-*.npy")]
    assert len(maps) == 1
    assert {np.load(path).shape for path in maps} == {(60, 2)}
    cells = nbformat.read(run.path / "inside.ipynb", as_version=4).cells
    kinds = [kind for cell in cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert kinds.count("image/png") == 9
    page = (run.path / "report.html").read_text()
    assert page.count("data:image/png") >= 9
    for words in ("SlidingWindow(filter ", "s answer is ", "of the ten nearest have the same label"):
        assert words in page
    assert len(page) < 2_000_000


def test_a_drawing_goes_through_in_place_of_the_test_digit(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prediction = Predictor.pretrained().predict_drawing(EXAMPLES[9].drawing)
    monkeypatch.setattr(DrawingPad, "predict", lambda pad: prediction)
    run_cells("05_inside", **SMALL)
    said = capsys.readouterr().out
    assert f"your drawing: the network's answer is 7, confidence {prediction.confidence:.1%}" in said
    assert re.search(r"why 7, not [^7]: ", said), "the second most likely: 7 cannot be compared with itself"
    assert len([*cache.iterdir()]) == 2


def test_a_run_goes_with_its_dataset_and_the_last_digit_stands_for_those_that_are_not_there(
    cache: Path, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained = Run(reports / "02_train-abcd1234")
    trained.path.mkdir(parents=True)
    for name in (MODEL, WEIGHTS):
        shutil.copy(PRETRAINED / name, trained.path / name)
    trained.update(notebook="02_train", state="complete", dataset={"name": "digits"}, metrics={"test_accuracy": 0.9})
    run_cells("05_inside", **SMALL | {"dataset": "auto", "run": "latest", "digit": 9999, "test_digits": 10000})
    said = capsys.readouterr().out
    labels = load_dataset("digits")[1].labels
    assert "02_train-abcd1234 (90.00% on digits's test set): 21 layers, opened for Digits(digits, 360 images)" in said
    assert f"test digit 359, label {labels[359]}: the network's answer is" in said
    assert "mistakes are among the 360 digits of the map" in said


def test_it_waits_for_no_tensorflow() -> None:
    names = "inside.embedding, mnistlab.plots.inside.answer, mnistlab.widgets.inside.digit_map"
    program = f"import sys, mnistlab.{names}; print('tensorflow' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
