import numpy as np
import pytest
from pads import set_from_page

from mnistlab.datasets.digits import Digits
from mnistlab.widgets.inside.digit_map import MARGIN, DigitMap

IMAGES = np.random.default_rng(0).integers(0, 256, (4, 28, 28)).astype(np.uint8)
POINTS = np.array([[-10, 5], [30, 5], [10, 15], [10, -5]], np.float32)


def digits() -> Digits:
    return Digits("some", IMAGES.copy(), np.array([7, 1, 2, 9], np.uint8))


@pytest.fixture
def on_map() -> DigitMap:
    return DigitMap(POINTS, digits(), np.array([7, 1, 7, 4]), [f"test digit {i}" for i in (5, 8, 30, 31)])


def test_the_map_is_a_square_on_one_scale_with_y_going_down(on_map: DigitMap) -> None:
    placed = np.frombuffer(on_map.points, "<f4").reshape(-1, 2)
    low, high = MARGIN, 1 - MARGIN
    quarter = (high - low) / 4
    expected = [[low, 0.5], [high, 0.5], [0.5, 0.5 - quarter], [0.5, 0.5 + quarter]]
    np.testing.assert_allclose(placed, expected, atol=1e-6)


def test_a_single_point_lies_in_the_middle() -> None:
    one = DigitMap(POINTS[:1], digits().take(np.array([0])), np.array([7]))
    assert np.frombuffer(one.points, "<f4").tolist() == [0.5, 0.5]
    assert one.captions == ["digit 0: label 7, answer 7"]


def test_it_begins_with_a_mistake_if_there_is_one(on_map: DigitMap) -> None:
    assert on_map.chosen == 2
    assert repr(on_map) == "DigitMap(4 digits; chosen: test digit 30: label 2, answer 7)"
    assert DigitMap(POINTS, digits(), digits().labels).chosen == 0


def test_a_page_gets_images_labels_and_answers(on_map: DigitMap) -> None:
    assert on_map.images == IMAGES.tobytes()
    assert [*on_map.labels] == [7, 1, 2, 9]
    assert [*on_map.answers] == [7, 1, 7, 4]
    assert on_map.captions[3] == "test digit 31: label 9, answer 4"


@pytest.mark.parametrize(("sent", "taken"), [(0, 0), (3, 3), (4, 3), (-7, 0), (10**400, 3)])
def test_a_page_chooses_one_of_the_digits(on_map: DigitMap, sent: int, taken: int) -> None:
    set_from_page(on_map, chosen=sent)
    assert on_map.chosen == taken


@pytest.mark.parametrize("sent", ["1", None, [1], True])
def test_what_is_no_number_chooses_nothing(on_map: DigitMap, sent: object) -> None:
    set_from_page(on_map, chosen=sent)
    assert on_map.chosen == 2


@pytest.mark.parametrize("name", ["_esm", "_css", "images", "points", "labels", "answers", "captions"])
def test_nothing_else_is_taken_from_a_page(on_map: DigitMap, name: str) -> None:
    before = getattr(on_map, name)
    set_from_page(on_map, **{name: []})
    set_from_page(on_map, **{name: "x"})
    assert getattr(on_map, name) == before


def test_one_digit_for_each_point() -> None:
    with pytest.raises(ValueError, match="zip"):
        DigitMap(POINTS, digits(), np.array([7, 1]))
