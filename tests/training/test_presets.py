import pytest

from mnistlab.data import DATASETS
from mnistlab.errors import ParameterError
from mnistlab.training.presets import PRESETS, configure


def test_a_preset_with_values_replaced() -> None:
    assert configure("baseline") == PRESETS["baseline"]
    changed = configure("baseline", epochs=2, learning_rate=0.1, seed=5)
    assert (changed.epochs, changed.batch_size, changed.learning_rate, changed.seed) == (2, 128, 0.1, 5)
    with pytest.raises(ParameterError, match="'best': choose one of baseline"):
        configure("best")


def test_few_images_are_gone_through_more_often_unless_told_how_often() -> None:
    fast = configure("fast")
    assert (fast.epochs_on(57_000), fast.steps_on(57_000)) == (1, 222)
    assert fast.epochs_on(1365) * fast.steps_on(1365) >= fast.min_steps > 0
    assert configure("fast", epochs=2).epochs_on(1365) == 2
    assert fast.steps_on(10) == 1


def test_what_is_drawn_learns_from_pen_strokes_too() -> None:
    assert configure("drawn").dataset == "mnist+pendigits"
    assert all(preset.dataset in DATASETS for preset in PRESETS.values())
