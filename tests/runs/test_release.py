import hashlib
import json
from pathlib import Path

import pytest

from mnistlab.errors import RunError
from mnistlab.prediction import PRETRAINED
from mnistlab.runs.release import REFERENCE, SHIPPED, card_text, make_card, ship
from mnistlab.runs.run import Run
from mnistlab.system.files import reference_dir

CONDITION = {
    "drawings": "uji",
    "condition": "thin pen 8",
    "accuracy": 0.99,
    "low": 0.98,
    "high": 0.995,
    "mistakes": 12,
}

KIND = {"images": 2000, "eleventh logit": 0.995, "largest logit": 0.96, "energy": 0.97, "accepted": 0.041}

NUMBERS = {"numbers": 600, "drawing": 0.975, "grouping": 0.99, "picture": 0.95, "clear_picture": 0.985}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """As an evaluated training leaves it."""
    run = Run(tmp_path / "reports" / "02_train-abcd1234")
    run.path.mkdir(parents=True)
    for name in {*SHIPPED, *REFERENCE}:
        (run.path / name).write_text(name)
    (run.path / "run.json").unlink()
    run.update(
        notebook="02_train",
        state="complete",
        parameters={"preset": "drawn"},
        dataset={"name": "mnist+strokes", "sha256": {"train": "aa", "test": "bb"}},
        seed=0,
        git={"commit": "0123456789abcdef", "dirty": False},
        versions={"python": "3.12.1"},
        hardware={"cores": 2, "machine": "x86_64"},
        finished="2026-01-01T00:00:00+00:00",
        metrics={
            "test_accuracy": 0.9971,
            "test_accuracy_low": 0.9958,
            "test_accuracy_high": 0.998,
            "temperature": 0.7,
            "calibration_error": 0.001,
            "drawn_accuracy": 0.99,
            "drawn_accuracy_lowest": 0.985,
            "drawn_calibration_error": 0.003,
            "style_accuracy_lowest": 0.98,
            "digits_kept": 0.987,
            "epochs": 20,
            "training_seconds": 600.0,
        },
        drawn_digits={"drawings": "all", "count": 3912, "conditions": [CONDITION]},
        styles={"1, flag": 0.98},
        slashed_zeros={"uji": 0.975, "unipen": 1.0},
        outliers={"kinds": {"capitals": KIND}, "reason": ""},
        numbers={"all": NUMBERS},
    )
    return run


def test_model_card_and_report_come_to_their_places(run: Run, tmp_path: Path) -> None:
    package, reference = tmp_path / "pretrained", tmp_path / "reference"
    ship(run, package, reference)
    assert {path.name for path in package.iterdir()} == {*SHIPPED, "card.json", "CARD.md"}
    assert {path.name for path in (reference / run.name).iterdir()} == set(REFERENCE)
    card = json.loads((package / "card.json").read_text())
    assert (card["name"], card["metrics"]["test_accuracy"]) == ("drawn", 0.9971)
    assert card["model_sha256"] == hashlib.sha256(b"model.tflite").hexdigest()
    page = (package / "CARD.md").read_text()
    for said in (
        "99.71% (95 % interval 99.58% to 99.80%)",
        "| uji | thin pen 8 | 99.00% | 98.00% to 99.50% | 12 |",
        "| 1, flag | 98.0% |",
        "it reads 97.5% of uji's, 100.0% of unipen's.",
        "| capitals | 2,000 | 0.9950 | 0.9600 | 0.9700 | 4.1% |",
        "| all | 600 | 97.5% | 99.0% | 95.0% | 98.5% |",
        "commit 0123456789ab |",
        "CC BY",
        card["model_sha256"],
    ):
        assert said in page


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"state": "failed"}, "not complete and evaluated"),
        ({"dataset": {"name": "digits"}}, "trained and tested on digits"),
        ({"drawn_digits": {"drawings": "examples"}}, "not measured on all drawings"),
        ({"model_sha256": 64 * "0"}, "is not the model that 02_train-abcd1234 wrote"),
    ],
    ids=["failed", "not MNIST", "not all drawings", "damaged"],
)
def test_what_is_not_measured_does_not_ship(
    run: Run, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    run.update(**change)
    with pytest.raises(RunError, match=complaint):
        ship(run, tmp_path / "pretrained", tmp_path / "reference")
    assert not (tmp_path / "pretrained").exists()


def test_what_ships_is_small_and_its_card_is_of_the_reference_report() -> None:
    assert sum((PRETRAINED / name).stat().st_size for name in SHIPPED) < 3_000_000
    card = json.loads((PRETRAINED / "card.json").read_text())
    report = PRETRAINED.parent.parent / "reports" / "reference" / card["run"]
    assert {path.name for path in report.iterdir()} == set(REFERENCE)
    assert json.loads((report / "run.json").read_text())["metrics"] == card["metrics"]


def test_the_card_in_the_package_is_what_its_facts_say() -> None:
    card = json.loads((PRETRAINED / "card.json").read_text())
    assert (PRETRAINED / "CARD.md").read_text() == card_text(card)


def test_the_card_in_the_package_is_that_of_its_reference_report() -> None:
    card = json.loads((PRETRAINED / "card.json").read_text())
    assert card == make_card(Run(reference_dir() / card["run"]), PRETRAINED)
