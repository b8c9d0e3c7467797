import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from commandline import mnistlab
from PIL import Image

from mnistlab import prediction
from mnistlab.datasets import download
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.reading.prediction import Prediction
from mnistlab.strokes import rasterize


def test_no_data_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reports: Path) -> None:
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr(download.pooch, "os_cache", lambda name: tmp_path / "cache")
    code, output = mnistlab("fetch")
    assert (code, output.count("\n")) == (1, 1)
    assert "MNISTLAB_OFFLINE is set" in output


def test_each_picture_is_one_line_and_unreadable_ones_are_named(tmp_path: Path) -> None:
    seven, notes, blank = (str(tmp_path / name) for name in ("seven.png", "notes.txt", "blank.png"))
    Image.fromarray(255 - rasterize(EXAMPLES[9].drawing)).save(seven)
    Image.new("L", (50, 50), 255).save(blank)
    Path(notes).write_text("no picture")
    code, output = mnistlab("predict", notes, seven, blank)
    first, second, third = output.splitlines()
    assert code == 1
    assert first == f"Error: {notes}: not a picture that can be read: give a PNG or JPEG file"
    assert re.fullmatch(rf"{seven}: 7 \(\d+\.\d%\)", second)
    assert third == f"Error: {blank}: the picture is blank: there is no digit in it"
    code, output = mnistlab("predict", "--json", seven)
    told = json.loads(output)
    assert (code, told["file"], told["digit"]) == (0, seven, 7)
    assert told["confidence"] == max(told["probabilities"])
    assert sum(told["probabilities"]) == pytest.approx(1, abs=1e-4)


def test_what_is_no_digit_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = str(tmp_path / "letter.png")
    Image.fromarray(255 - rasterize(EXAMPLES[4].drawing)).save(letter)
    told = Prediction(np.eye(10, dtype=np.float32)[4], np.zeros((28, 28), np.uint8), 0.2)
    monkeypatch.setattr(prediction.Predictor, "predict_picture", lambda predictor, picture: told)
    assert mnistlab("predict", letter) == (0, f"{letter}: not a digit (would be 4)\n")
    line = json.loads(mnistlab("predict", "--json", letter)[1])
    assert (line["digit"], line["is_digit"], line["digit_probability"]) == (4, False, 0.2)


def test_a_number_is_read_and_told(tmp_path: Path) -> None:
    page, blank = str(tmp_path / "page.png"), str(tmp_path / "blank.png")
    zero = [[(x + 130, y) for x, y in stroke] for stroke in EXAMPLES[0].drawing]
    Image.fromarray(255 - rasterize([*EXAMPLES[9].drawing, *zero], 14, 400)).save(page)
    Image.new("L", (50, 50), 255).save(blank)
    code, output = mnistlab("predict", "--number", blank, page)
    first, second = output.splitlines()
    assert (code, first) == (1, f"Error: {blank}: the picture is blank: there is no digit in it")
    assert re.fullmatch(rf"{page}: 70 \(\d+\.\d%\)", second)
    told = json.loads(mnistlab("predict", "--number", "--json", page)[1])
    assert (told["file"], told["number"], told["is_number"]) == (page, "70", True)
    assert [digit["digit"] for digit in told["digits"]] == [7, 0]


def test_with_json_a_file_that_cannot_be_read_is_a_line_too_and_the_others_are_read(tmp_path: Path) -> None:
    pipe, seven, missing = (str(tmp_path / name) for name in ("pipe.png", "seven.png", "missing.png"))
    os.mkfifo(pipe)
    Image.fromarray(255 - rasterize(EXAMPLES[9].drawing)).save(seven)
    code, output = mnistlab("predict", "--json", pipe, seven, missing)
    first, second, third = map(json.loads, output.splitlines())
    assert code == 1
    assert first == {"file": pipe, "error": "cannot be read: a pipe, a socket or a device, not a file"}
    assert (second["file"], second["digit"]) == (seven, 7)
    assert third == {"file": missing, "error": "cannot be read: No such file or directory"}


def test_a_damaged_model_is_one_line_and_no_fault_of_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seven = str(tmp_path / "seven.png")
    Image.fromarray(255 - rasterize(EXAMPLES[9].drawing)).save(seven)
    for name in ("model.tflite", "card.json"):
        shutil.copy(prediction.PRETRAINED / name, tmp_path)
    with (tmp_path / "model.tflite").open("r+b") as model:
        model.seek(500_000)
        model.write(b"something else")
    monkeypatch.setattr(prediction, "PRETRAINED", tmp_path)
    code, output = mnistlab("predict", "--json", seven, seven)
    assert (code, output.count("\n")) == (1, 1)
    assert re.match(r"Error: .*model.tflite is damaged, expected sha256 \w+, found \w+: train it again", output)


def test_an_unknown_run_is_one_line(reports: Path) -> None:
    code, output = mnistlab("predict", "--run", "nothing", "x.png")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("Error: no trained run named nothing in ")
