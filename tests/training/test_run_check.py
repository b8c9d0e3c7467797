from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mnistlab.data import sample, split
from mnistlab.datasets.digits import Digits
from mnistlab.errors import RunError
from mnistlab.runs.record import DatasetInfo
from mnistlab.runs.run import Run
from mnistlab.training.presets import TrainConfig, configure
from mnistlab.training.run_check import require_run_of

Pair = tuple[Digits, Digits]
Begin = Callable[..., Run]
PARAMETERS = {
    "preset": "baseline",
    "dataset": "preset",
    "train_size": 400,
    "epochs": 0,
    "batch_size": 0,
    "learning_rate": 0.0,
    "seed": 0,
    "tensorboard": False,
}


@pytest.fixture
def begin(reports: Path, digits: Pair) -> Begin:
    """A function that begins a run as `current_run` does."""

    def begin(**changed: object) -> Run:
        run = Run(reports / f"02_train-{len(list(reports.glob('*')))}")
        run.path.mkdir(parents=True)
        parameters = {**PARAMETERS, **changed}
        run.begin("02_train", parameters, DatasetInfo.of(str(parameters["dataset"]), *digits))
        return run

    return begin


def check(run: Run, config: TrainConfig, digits: Pair, train_size: int = 400) -> None:
    train, validation = split(sample(digits[0], train_size, 0), 0.1, 0)
    require_run_of(config, train, validation, run.path)


def test_the_training_of_the_run_is_let_through(begin: Begin, digits: Pair, tmp_path: Path) -> None:
    check(begin(), configure("baseline"), digits)
    check(begin(preset="drawn", dataset="auto", seed=3), configure("drawn", dataset="auto", seed=3), digits)
    check(begin(train_size=0), configure("baseline"), digits, train_size=0)
    check(begin(train_size=2000), configure("baseline"), digits, train_size=2000)  # there are 1437
    check(Run(tmp_path), configure("fast"), digits)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seed": 1}, "seed 0, not seed 1"),
        ({"epochs": 3}, "epochs 20, not epochs 3"),
        ({"learning_rate": 0.01, "batch_size": 32}, "batch_size 128, learning_rate 0.001, not batch_size 32, learning"),
        ({"dataset": "digits"}, "dataset auto, not dataset digits"),
        ({"preset": "fast"}, "architecture baseline, epochs 20, min_steps 0, …, not architecture fast"),
    ],
)
def test_another_parameter_is_named_before_anything_is_trained(
    begin: Begin, digits: Pair, changed: dict[str, object], said: str
) -> None:
    run = begin()
    with pytest.raises(RunError, match=f"^{run.name} was begun with {said}.*: run the cell with current_run again"):
        check(run, configure(**{"preset": "baseline", **changed}), digits)


def test_another_number_of_images_is_named(begin: Begin, digits: Pair) -> None:
    with pytest.raises(RunError, match="was begun with train_size 400, not train_size 300: "):
        check(begin(), configure("baseline"), digits, train_size=300)
    with pytest.raises(RunError, match="was begun with train_size 1437, not train_size 400: "):
        check(begin(train_size=0), configure("baseline"), digits)


def test_a_run_of_a_notebook_without_presets_takes_any_training(reports: Path, digits: Pair) -> None:
    run = Run(reports / "99_own-1")
    run.path.mkdir(parents=True)
    run.begin("99_own", {"seed": 5})
    check(run, replace(configure("baseline"), weight_decay=0.5), digits)
