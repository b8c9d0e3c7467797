import json
import shutil
from pathlib import Path

import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import RunError
from mnistlab.prediction import PRETRAINED
from mnistlab.system.run_files import MODEL, WEIGHTS
from mnistlab.widgets.model_choice import choices, choose, shipped


@pytest.fixture
def run(reports: Path) -> Path:
    """A complete run with the model that ships."""
    folder = reports / "02_train-1a2b3c4d"
    folder.mkdir(parents=True)
    for name in (MODEL, WEIGHTS):
        shutil.copy(PRETRAINED / name, folder / name)
    info = {
        "notebook": "02_train",
        "state": "complete",
        "dataset": {"name": "digits"},
        "metrics": {"test_accuracy": 0.95},
        "started": "2026-01-01T00:00:00+00:00",
    }
    (folder / "run.json").write_text(json.dumps(info))
    return folder


def test_the_shipped_model_comes_first_and_says_what_it_is(reports: Path) -> None:
    (only,) = choices()
    assert only == shipped() == choose()
    assert str(only).startswith("drawn, mnist+pendigits, 99.")
    assert only.load().predict_drawing(EXAMPLES[3].drawing).digit == 2


def test_every_complete_run_can_be_chosen(run: Path) -> None:
    assert [str(choice) for choice in choices()[1:]] == ["02_train-1a2b3c4d, digits, 95.00%"]
    assert choose("latest") == choose("1a2b3c4d") == choices()[1]
    assert choices()[1].folder == run


@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_what_did_not_come_to_its_end_cannot(run: Path, state: str) -> None:
    info = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**info, "state": state}))
    assert choices() == [shipped()]


def test_a_run_without_a_test_says_so(run: Path) -> None:
    info = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**info, "metrics": {}}))
    assert str(choices()[1]) == "02_train-1a2b3c4d, digits, not tested"


def test_an_unknown_run_is_an_error(reports: Path) -> None:
    with pytest.raises(RunError, match="no trained run named nothing"):
        choose("nothing")
