import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mnistlab import litert
from mnistlab.errors import RunError
from mnistlab.litert import LiteRTModel, load_model, recorded_sha256
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.system.run_files import CARD, MODEL, RUN_JSON

CONTENT = (PRETRAINED / MODEL).read_bytes()
SHA256 = json.loads((PRETRAINED / CARD).read_text())["model_sha256"]
IMAGE = np.zeros((1, 28, 28), np.uint8)


def damaged(content: bytes, seed: int) -> bytes:
    """The content cut off, with flipped bits, or with other numbers in its structure, by chance."""
    rng = np.random.default_rng(seed)
    if seed % 3 == 0:
        return content[: rng.integers(len(content))]
    changed = bytearray(content)
    for _ in range(5):
        if seed % 3 == 1:
            changed[rng.integers(len(content))] ^= 1 << rng.integers(8)
        else:  # its structure lies in the first and the last bytes
            place = rng.choice([rng.integers(400), len(content) - 4 - rng.integers(8000)])
            struct.pack_into("<I", changed, place, rng.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF]))
    return bytes(changed)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Models that are none for digits, by what is wrong with them."""
    from mnistlab.system.backend import keras  # late, as in all tests: each worker collects them, one needs TensorFlow

    folder = tmp_path_factory.mktemp("models")
    small, image = keras.Input((14, 14, 1)), keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()
    nan = keras.initializers.Constant(np.nan)
    models = {
        "another input": keras.Model(small, keras.layers.Dense(10)(flat(small))),
        "another output": keras.Model(image, keras.layers.Dense(7)(flat(image))),
        "no numbers": keras.Model(image, keras.layers.Dense(10, bias_initializer=nan)(flat(image))),
    }
    for name, model in models.items():
        model.export(folder / f"{name}.tflite", format="litert", verbose=False)
    return {name: folder / f"{name}.tflite" for name in models}


def test_the_model_that_ships_is_the_one_on_its_card_and_is_loaded_without_a_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    assert recorded_sha256(PRETRAINED) == SHA256
    assert Predictor.pretrained().predict_images(IMAGE).shape == (1, 10)


def test_no_damaged_file_passes_if_its_sha256_is_known(tmp_path: Path) -> None:
    for seed in range(60):
        (tmp_path / MODEL).write_bytes(damaged(CONTENT, seed))
        with pytest.raises(RunError, match=r"model.tflite is damaged, expected sha256 .*: train it again with --force"):
            load_model(tmp_path / MODEL, SHA256)


@pytest.mark.parametrize("seed", [0, 2])
def test_without_a_sha256_another_process_tries_the_model_first(tmp_path: Path, seed: int) -> None:
    (tmp_path / MODEL).write_bytes(damaged(CONTENT, seed))
    with pytest.raises(RunError, match=r"model.tflite is damaged or no model for digits \(.*\): train it again"):
        Predictor.from_run(tmp_path)


def test_a_model_of_a_run_before_there_were_sha256_is_loaded(tmp_path: Path) -> None:
    shutil.copy(PRETRAINED / MODEL, tmp_path)
    (tmp_path / RUN_JSON).write_text('{"state": "complete"}')
    expected = Predictor.pretrained().predict_images(IMAGE)
    np.testing.assert_array_equal(Predictor.from_run(tmp_path).predict_images(IMAGE), expected)


def test_a_model_that_ends_or_holds_up_its_process_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(PRETRAINED / MODEL, tmp_path)
    monkeypatch.setattr(litert.sys, "executable", shutil.which("false"))
    with pytest.raises(RunError, match="it crashed"):
        load_model(tmp_path / MODEL, None)

    def wait(*arguments: object, **more: object) -> None:
        raise subprocess.TimeoutExpired("python", 120)

    monkeypatch.setattr(subprocess, "run", wait)
    with pytest.raises(RunError, match="gives no answer within 120 s"):
        load_model(tmp_path / MODEL, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("another input", "cannot be used"),
        ("another output", r"gives float32 \(1, 7\) for 1 images"),
        ("no numbers", "gives no numbers"),
    ],
)
def test_another_kind_of_model_is_one_line_about_the_model(
    exported: dict[str, Path], name: str, complaint: str
) -> None:
    content = exported[name].read_bytes()
    with pytest.raises(RunError, match=complaint) as caught:
        LiteRTModel(exported[name], content).logits(IMAGE)
    assert str(exported[name]) in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(RunError, match=complaint):
        load_model(exported[name], None)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"model_sha256": 7}', "[" * 100_000])
def test_a_record_that_says_nothing_about_the_model_is_no_error(tmp_path: Path, text: str) -> None:
    (tmp_path / RUN_JSON).write_text(text)
    assert recorded_sha256(tmp_path) is None


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / MODEL)
    with pytest.raises(RunError, match=r"model.tflite cannot be read"):
        Predictor.from_run(tmp_path)
    monkeypatch.setattr(litert, "MAX_MEGABYTES", 1)
    with pytest.raises(RunError, match="has more than 1 MB"):
        Predictor.pretrained()
