from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest

from mnistlab.benchmarks.scenes.kinds import ALL, GROUPS, KINDS, Kind, Scene, compose_scenes, kinds_named
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.datasets.formats.labelled import LabelledDrawing
from mnistlab.errors import UnknownNameError
from mnistlab.strokes import Drawing

NAMES = [kind.name for kind in KINDS]


@cache
def composed(kind: Kind) -> list[Scene]:
    return [*compose_scenes(kind, EXAMPLES, 2, seed=5)]


def first(kind: Kind, seed: int) -> np.ndarray:
    return next(compose_scenes(kind, EXAMPLES, 1, seed)).picture


def test_kinds_have_names_of_their_own_and_bars() -> None:
    assert len({*NAMES}) == len(NAMES) >= 60
    assert {kind.bar for kind in KINDS} == {0.9, 0.95, 0.99}
    assert {kind.name for kind in KINDS if kind.bar == 0.99} == {"plain paper", "clean screen"}


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_scenes_are_pictures_of_a_size_that_can_be_read(kind: Kind) -> None:
    for scene in composed(kind):
        assert scene.picture.dtype == np.uint8
        assert scene.picture.shape[2:] in ((), (3,), (4,))
        assert 28 <= max(scene.picture.shape[:2]) <= 2400
        assert (scene.label in range(10)) == (kind.digits == 1)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_the_same_seed_gives_the_same_pictures_and_another_gives_others(kind: Kind) -> None:
    np.testing.assert_array_equal(first(kind, seed=5), composed(kind)[0].picture)
    assert not np.array_equal(first(kind, seed=6), composed(kind)[0].picture)
    assert not np.array_equal(*(scene.picture for scene in composed(kind)))


def test_a_kind_does_not_depend_on_what_is_composed_of_others() -> None:
    tiny, thin = kinds_named("tiny", "1 px on 400")[::-1]
    both = zip(compose_scenes(tiny, EXAMPLES, 2, seed=5), compose_scenes(thin, EXAMPLES, 2, seed=5), strict=True)
    for (mine, other), alone in zip(both, composed(tiny), strict=True):
        np.testing.assert_array_equal(mine.picture, alone.picture)
        assert other.picture.shape != mine.picture.shape
    assert not np.array_equal(first(replace(tiny, name="other"), seed=5), composed(tiny)[0].picture)


def made_of(name: str, digits: int) -> tuple[Kind, list[Drawing]]:
    """A kind whose pictures are small and empty, and the list of what they should have shown."""
    drawn: list[Drawing] = []

    def compose(rng: np.random.Generator, drawing: Drawing) -> np.ndarray:
        drawn.append(drawing)
        return np.zeros((2, 2), np.uint8)

    return Kind(
        name, "mine", 0.9, compose, digits, lambda rng, drawings: [part for each in drawings for part in each]
    ), drawn


def labelled(label: int, writer: int = 0, **more: bool) -> LabelledDrawing:
    """A drawing whose only stroke begins at its label and its writer."""
    return LabelledDrawing([[(label, writer), (label + 1, writer + 3)]], label, writer, **more)


def test_the_label_is_that_of_the_digit_and_all_are_equally_frequent() -> None:
    kind, drawn = made_of("any", 1)
    scenes = [*compose_scenes(kind, [labelled(label) for label in [*range(10), 3, 3, 3, 3]], 30)]
    assert Counter(scene.label for scene in scenes) == dict.fromkeys(range(10), 3)
    assert [scene.label for scene in scenes] == [drawing[0][0][0] for drawing in drawn]


def test_several_digits_are_by_one_writer() -> None:
    kind, drawn = made_of("any", 3)
    scenes = [*compose_scenes(kind, [labelled(label, writer) for label in range(10) for writer in range(5)], 20)]
    assert {scene.label for scene in scenes} == {None}
    assert [len({stroke[0][1] for stroke in drawing}) for drawing in drawn] == [1] * 20
    assert len({stroke[0] for stroke in drawn[0]}) > 1


def test_a_blank_picture_has_no_strokes() -> None:
    kind, drawn = made_of("any", 0)
    assert [scene.label for scene in compose_scenes(kind, EXAMPLES, 2)] == [None, None]
    assert drawn == [[], []]


def test_wrong_labels_and_digits_that_lie_on_their_side_are_left_out() -> None:
    lying = LabelledDrawing([[(0, 0), (9, 1)]], 1, 0)
    kind, drawn = made_of("any", 1)
    scenes = compose_scenes(kind, [labelled(7), labelled(5, is_wrong=True), lying._replace(label=7)], 9)
    assert {scene.label for scene in scenes} == {7}
    assert drawn == [labelled(7).drawing] * 9
    with pytest.raises(ValueError, match="all digits with the label 1 lie on their side"):
        next(compose_scenes(kind, [lying], 1))
    with pytest.raises(ValueError, match="there are no digits to compose pictures from"):
        next(compose_scenes(kind, [labelled(5, is_wrong=True)], 1))


def test_kinds_are_chosen_by_their_names_or_groups() -> None:
    assert [kind.name for kind in kinds_named("tiny", "plain paper")] == ["plain paper", "tiny"]
    assert {kind.group for kind in kinds_named("blank")} == {"blank"}
    assert kinds_named(*GROUPS) == kinds_named(ALL) == KINDS
    with pytest.raises(
        UnknownNameError, match=r"unknown kind of pictures 'ruled': choose one of all, paper, plain paper, "
    ):
        kinds_named("tiny", "ruled")


def test_scenes_are_composed_one_by_one() -> None:
    kind, drawn = made_of("any", 1)
    assert len([*islice(compose_scenes(kind, EXAMPLES, 1_000_000), 3)]) == len(drawn) == 3
