import pytest

from mnistlab.errors import ParameterError
from mnistlab.presets import PRESETS, configure


def test_a_preset_with_values_replaced() -> None:
    assert configure("baseline") == PRESETS["baseline"]
    changed = configure("baseline", epochs=2, learning_rate=0.1, seed=5)
    assert (changed.epochs, changed.batch_size, changed.learning_rate, changed.seed) == (2, 128, 0.1, 5)
    with pytest.raises(ParameterError, match="'best': choose one of baseline"):
        configure("best")
