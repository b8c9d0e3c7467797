import numpy as np
import pytest

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.synthetic.doodles import DOODLES, draw_doodles
from mnistlab.datasets.synthetic.fragments import HALVES, halves, pairs
from mnistlab.datasets.synthetic.styles import (
    STYLES,
    TEST_SEED,
    TRAINING_SEED,
    draw_all_styles,
    draw_for_testing,
    draw_style,
)
from mnistlab.errors import UnknownNameError
from mnistlab.strokes import Drawing


def points(drawing: Drawing) -> np.ndarray:
    return np.concatenate([np.asarray(stroke, float).reshape(-1, 2) for stroke in drawing])


@pytest.mark.parametrize("style", STYLES)
def test_every_style_draws_its_digit_in_many_hands(style: str) -> None:
    drawings = draw_style(style, 20)
    assert {labelled.label for labelled in drawings} == {int(style[0])}
    assert len({str(labelled.drawing) for labelled in drawings}) == 20
    for labelled in drawings:
        assert 0.8 < np.ptp(points(labelled.drawing)[:, 1]) < 2.2
        assert np.isfinite(points(labelled.drawing)).all()


def test_the_seed_and_the_position_decide_the_drawing() -> None:
    assert draw_style("4, open", 5, seed=3) == draw_style("4, open", 9, seed=3)[:5]
    assert draw_style("4, open", 5, seed=3) != draw_style("4, open", 5, seed=4)
    assert [d.label for d in draw_all_styles(2)] == [int(style[0]) for style in STYLES for _ in range(2)]


def test_the_flag_of_a_one_is_as_long_and_as_steep_as_people_draw_it() -> None:
    """Warped and slanted, so the bounds are wider than those that the generator draws from."""
    lengths = []
    for labelled in draw_style("1, flag", 200):
        (stroke,) = labelled.drawing
        corner = int(np.argmin(np.asarray(stroke)[:, 1]))
        lengths.append(
            np.hypot(*np.subtract(stroke[0], stroke[corner])) / np.hypot(*np.subtract(stroke[corner], stroke[-1]))
        )
    assert 0.1 < min(lengths) < 0.25
    assert 0.6 < max(lengths) < 1


@pytest.mark.parametrize(("style", "falls"), [("0, slashed /", 0), ("0, slashed \\", 1)])
def test_a_zero_is_slashed_either_way(style: str, falls: float) -> None:
    slashes = [labelled.drawing[1] for labelled in draw_style(style, 50)]
    falling = [(slash[-1][0] - slash[0][0]) * (slash[-1][1] - slash[0][1]) > 0 for slash in slashes]
    assert np.mean(falling) == pytest.approx(falls, abs=0.1)


@pytest.mark.parametrize("kind", DOODLES)
def test_every_kind_of_doodle_can_be_drawn(kind: str) -> None:
    drawings = draw_doodles(kind, 10)
    assert len({str(drawing) for drawing in drawings}) == 10
    assert drawings[:5] == draw_doodles(kind, 5)
    assert all(np.isfinite(points(drawing)).all() for drawing in drawings)


def test_unknown_names_say_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match="style 'gothic': choose one of 0, plain"):
        draw_style("gothic", 1)
    with pytest.raises(UnknownNameError, match="kind of doodle 'cat': choose one of scribble"):
        draw_doodles("cat", 1)


def test_halves_come_only_from_digits_whose_half_is_no_digit() -> None:
    kept = [labelled for labelled in EXAMPLES if HALVES[labelled.label]]
    parts = halves(EXAMPLES)
    assert 0 < len(parts) <= len(kept) < len(EXAMPLES)
    for part, whole in zip(parts, kept, strict=True):
        everything = points(whole.drawing)
        assert {tuple(p) for p in points(part)} < {tuple(p) for p in everything}
        shares = np.ptp(points(part), axis=0) / np.ptp(everything, axis=0)
        assert shares.min() < 0.6


def test_a_stroke_that_leaves_the_half_and_comes_back_falls_apart() -> None:
    (part,) = halves(
        [EXAMPLES[0]._replace(drawing=[[(0, 0), (1, 0), (1, 9), (2, 9), (2, 0), (3, 0)]], label=5)], seed=1
    )
    assert part in ([[(0, 0), (1, 0)], [(2, 0), (3, 0)]], [[(1, 9), (2, 9)]])


def test_two_digits_stand_side_by_side() -> None:
    for drawing in pairs(EXAMPLES, 30):
        assert np.ptp(points(drawing)[:, 0]) > 0.15
    assert pairs(EXAMPLES, 3) == pairs(EXAMPLES, 5)[:3] != pairs(EXAMPLES, 3, seed=1)


def test_there_are_a_hundred_digits_of_each_style_to_test_with_and_none_is_trained_on() -> None:
    labels = [drawn.label for drawn in draw_for_testing()]
    assert labels == [label for label, _ in STYLES.values() for _ in range(100)]
    assert TEST_SEED != TRAINING_SEED
