from dataclasses import fields

import pytest

from mnistlab.data import DATASETS
from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Parameter, read_parameters
from mnistlab.execution.plan import find_notebook
from mnistlab.training.presets import PRESETS, Distortion, TrainConfig, configure


def test_a_preset_with_values_replaced() -> None:
    assert configure("baseline") == PRESETS["baseline"]
    changed = configure("baseline", epochs=2, learning_rate=0.1, seed=5)
    assert (changed.epochs, changed.batch_size, changed.learning_rate, changed.seed) == (2, 128, 0.1, 5)
    with pytest.raises(ParameterError, match="'best': choose one of baseline"):
        configure("best")


def test_few_images_mean_more_epochs_unless_epochs_are_given() -> None:
    fast = configure("fast")
    assert (fast.epochs_on(57_000), fast.steps_on(57_000)) == (1, 222)
    assert fast.epochs_on(1365) * fast.steps_on(1365) >= fast.min_steps > 0
    assert configure("fast", epochs=2).epochs_on(1365) == 2
    assert fast.steps_on(10) == 1


def test_the_dataset_is_the_presets_unless_another_is_asked_for() -> None:
    assert configure("drawn").dataset == "mnist+strokes"
    assert configure("drawn", dataset="preset").dataset == "mnist+strokes"
    assert configure("drawn", dataset="digits").dataset == "digits"
    assert all({*preset.dataset.split("+")} <= {*DATASETS} for preset in PRESETS.values())


@pytest.mark.parametrize(
    ("name", "value", "valid"),
    [
        ("epochs", -1, "int, 1 to 1000"),
        ("epochs", 2.5, "int, 1 to 1000"),
        ("learning_rate", 5, "float, 0 to 1"),
        ("learning_rate", float("nan"), "float, 0 to 1"),
        ("batch_size", 20_000, "int, 1 to 10000"),
        ("seed", -1, "int, 0 to 1000000"),
    ],
)
def test_a_number_out_of_bounds_is_refused_in_a_line(name: str, value: float, valid: str) -> None:
    with pytest.raises(ParameterError, match=f"^{name} cannot be {value}: it takes {valid}$"):
        configure("fast", **{name: value})


def test_a_distortion_has_bounds_too() -> None:
    with pytest.raises(ParameterError, match=r"^rotation cannot be 200: it takes float, 0 to 180$"):
        Distortion(rotation=200)


def test_the_notebook_has_the_bounds_of_the_configuration() -> None:
    parameters: dict[str, Parameter] = read_parameters(find_notebook("02_train"))
    configured = {part.name: part.metadata["bounds"] for part in fields(TrainConfig) if "bounds" in part.metadata}
    shared = parameters.keys() & configured.keys()
    assert shared == {"epochs", "batch_size", "learning_rate", "seed"}
    for name in shared:
        assert parameters[name].bounds == (0, configured[name][1]), "0 takes the preset's"
