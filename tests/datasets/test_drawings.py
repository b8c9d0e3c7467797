import numpy as np
import pytest
from images import centre_of_mass, differ

from mnistlab.datasets.drawings import labels_of, load_drawings, render_at_random
from mnistlab.datasets.examples import EXAMPLES
from mnistlab.errors import DataNotFoundError, ParameterError
from mnistlab.evaluation.drawn import CONDITIONS, Condition, render
from mnistlab.preprocessing import CENTRE


def test_the_conditions_are_those_of_the_table() -> None:
    centred, small, thin, thick, tilted = CONDITIONS
    assert (centred.size, centred.pen_width, centred.tilt) == (200, 24, 0)
    assert (small.size, small.pen_width, small.in_a_corner) == (80, 12, True)
    assert (thin.pen_width, thick.pen_width, tilted.tilt) == (8, 40, 15)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_every_example_is_drawn_whole_and_normalised(condition: Condition) -> None:
    images = render(EXAMPLES, condition)
    assert (images.shape, images.dtype) == ((12, 28, 28), np.uint8)
    assert np.abs(centre_of_mass(images) - CENTRE).max() <= 0.5 + 1e-9
    longest = np.maximum(images.any(axis=2).sum(axis=1), images.any(axis=1).sum(axis=1))
    assert longest.max() == 20
    np.testing.assert_array_equal(images, render(EXAMPLES, condition))


def test_a_corner_changes_nothing_but_the_place() -> None:
    corner, middle = (render(EXAMPLES, Condition("", 80, 12, in_a_corner=where)) for where in (True, False))
    assert max(differ(one, other) for one, other in zip(corner, middle, strict=True)) <= 3


def test_a_thicker_pen_leaves_more_ink_and_a_tilt_goes_to_either_side() -> None:
    thin, centred, thick = (render(EXAMPLES, CONDITIONS[i]).mean() for i in (2, 0, 3))
    assert thin < centred < thick
    ones = [drawn for drawn in EXAMPLES if drawn.label == 1][:1] * 20
    assert len(np.unique(render(ones, Condition("", tilt=15)), axis=0)) == 2


def test_for_training_each_gets_its_own_pen_and_the_seed_decides() -> None:
    one, again, other = (render_at_random([EXAMPLES[0]] * 5, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert len({image.tobytes() for image in [*one, *other]}) == 10


def test_the_examples_hold_every_digit() -> None:
    name, drawings = load_drawings("examples")
    assert name == "examples"
    assert set(labels_of(drawings)) == set(range(10))


def test_auto_takes_the_examples_where_there_is_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.delenv("MNISTLAB_DATA_DIR", raising=False)
    monkeypatch.setattr("mnistlab.datasets.download.pooch.os_cache", lambda name: tmp_path_factory.mktemp("cache"))
    assert load_drawings("auto")[0] == "examples"
    with pytest.raises(
        DataNotFoundError, match=r"ujipenchars2.json is not on this machine\. Put .* in the folder uji/ under"
    ):
        load_drawings("uji")
    with pytest.raises(ParameterError, match="set of drawings 'mine': choose one of auto, uji"):
        load_drawings("mine")


@pytest.mark.parametrize(("name", "count", "writers"), [("uji", 1200, 1), ("pendigits", 7494, 30)])
def test_the_real_files_hold_what_their_authors_say(name: str, count: int, writers: int) -> None:
    try:
        drawings = load_drawings(name)[1]
    except DataNotFoundError as error:
        pytest.skip(str(error))
    assert len(drawings) == count
    assert len({drawn.writer for drawn in drawings}) == writers
    if name == "uji":
        assert np.bincount(labels_of(drawings)).tolist() == [120] * 10
