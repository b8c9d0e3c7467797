from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnistlab.data import sample, split
from mnistlab.datasets.digits import Digits
from mnistlab.errors import ParameterError, RunError
from mnistlab.runs.record import DatasetInfo
from mnistlab.runs.run import Run
from mnistlab.training.presets import TrainConfig, configure
from mnistlab.training.run_check import require_images, require_run_of

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


@pytest.mark.parametrize(
    "damage",
    [
        {"preset": "best"},
        {"epochs": "3"},
        {"train_size": "400"},
    ],
)
def test_damaged_parameters_are_said_in_a_line(begin: Begin, digits: Pair, damage: dict[str, object]) -> None:
    run = begin()
    run.update(parameters={**run.parameters, **damage})
    with pytest.raises(RunError, match=f"^run.json of {run.name} is damaged: run the cell .* with --force$"):
        check(run, configure("baseline"), digits)


def test_a_run_of_a_notebook_without_presets_takes_any_training(reports: Path, digits: Pair) -> None:
    run = Run(reports / "99_own-1")
    run.path.mkdir(parents=True)
    run.begin("99_own", {"seed": 5})
    check(run, replace(configure("baseline"), weight_decay=0.5), digits)


SMALL = replace(configure("baseline"), batch_size=50)


@pytest.mark.parametrize(
    ("train_size", "config", "said"),
    [
        (
            200,
            configure("fast"),
            "train_size 200 gives 190 images to train on, which do not fill a batch (batch_size 256): "
            "take train_size 270 or more, or batch_size 190 or less",
        ),
        (
            0,
            configure("baseline", batch_size=1300),
            "dataset digits with all its 1437 images gives 1293 images to train on, which do not fill a batch "
            "(batch_size 1300): take a dataset of 1445 images or more, or batch_size 1293 or less",
        ),
        (
            5,
            SMALL,
            "train_size 5 gives 4 images to train on and 1 to validate on (validation_fraction 0.1), "
            "too few for every digit in both: take train_size 91 or more",
        ),
        (
            50,
            replace(SMALL, validation_fraction=0.9, batch_size=1),
            "train_size 50 gives 5 images to train on and 45 to validate on (validation_fraction 0.9), "
            "too few for every digit in both: take train_size 100 or more",
        ),
        (
            1430,
            SMALL,
            "train_size 1430 leaves out fewer than 10 of the 1437 images of dataset digits: "
            "train_size takes 0 for all of them, or at most 1427",
        ),
    ],
)
def test_too_few_images_are_said_in_a_line_with_both_parameters(
    train_size: int, config: TrainConfig, said: str, digits: Pair
) -> None:
    with pytest.raises(ParameterError) as refused:
        require_images(config, digits[0], train_size)
    assert str(refused.value) == said


def test_what_is_let_through_can_be_split_and_what_is_not_cannot(digits: Pair) -> None:
    """The rule computes what `sample` and `split` do."""
    random = np.random.default_rng(0)
    sizes = {*range(0, 250, 7), *range(1410, 1450), *map(int, random.integers(0, 1437, 30))}
    refused = []
    for number, size in enumerate(sorted(sizes)):
        config = replace(SMALL, validation_fraction=(0.05, 0.1, 0.5, 0.9)[number % 4], batch_size=1)
        try:
            require_images(config, digits[0], size)
        except ParameterError:
            refused.append(size)
            with pytest.raises(ParameterError):
                split(sample(digits[0], size, 0), config.validation_fraction, 0)
        else:
            kept, validation = split(sample(digits[0], size, 0), config.validation_fraction, 0)
            require_images(replace(config, batch_size=len(kept)), digits[0], size)
            with pytest.raises(ParameterError, match=f"batch_size {len(kept) + 1}"):
                require_images(replace(config, batch_size=len(kept) + 1), digits[0], size)
            assert len(np.unique(validation.labels)) == len(np.unique(kept.labels)) == 10
    assert 20 < len(refused) < len(sizes) - 20


def test_the_size_that_is_named_is_enough_and_none_smaller_is(digits: Pair) -> None:
    for config in (configure("baseline"), configure("fast"), configure("accurate", batch_size=10)):
        with pytest.raises(ParameterError) as refused:
            require_images(config, digits[0], 1)
        least = int(str(refused.value).split("take train_size ")[1].split(" ")[0])
        require_images(config, digits[0], least)
        with pytest.raises(ParameterError):
            require_images(config, digits[0], least - 1)
