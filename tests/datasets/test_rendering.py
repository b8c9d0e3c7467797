import numpy as np

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.rendering import render_at_random


def test_for_training_each_digit_gets_its_own_pen_and_the_seed_decides() -> None:
    one, again, other = (render_at_random([EXAMPLES[0]] * 5, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert len({image.tobytes() for image in [*one, *other]}) == 10
