import numpy as np
import pytest

from mnistlab.reading.grouping import group_pieces
from mnistlab.reading.ink import Patch
from mnistlab.reading.pieces import Pieces
from mnistlab.reading.prediction import Prediction


class Reader:
    """Reads ink by its number of pixels, as a table says; all else is no digit."""

    def __init__(self, pieces: Pieces, table: dict[int, int], confidence: float = 0.9) -> None:
        self.table, self.confidence, self.calls = table, confidence, []
        self.widths = {patch.ink.shape[1] for patch in pieces.patches}

    def __call__(self, images: np.ndarray) -> list[Prediction]:
        self.calls.append(len(images))
        return [self._predict(image) for image in images]

    def _predict(self, image: np.ndarray) -> Prediction:
        # The ink of a group is one row: it becomes 20 pixels wide, and as bright as the row is short.
        width = min(self.table, key=lambda width: abs(_brightness(width) - int(image.max())))
        known = abs(_brightness(width) - int(image.max())) <= 1
        probabilities = np.full(10, (1 - self.confidence) / 9, np.float32)
        probabilities[self.table[width] if known else 0] = self.confidence
        return Prediction(probabilities, image, 0.95 if known else 0.02)


def _brightness(width: int) -> int:
    """The brightest pixel of the image of a row of ink."""
    from mnistlab.preprocessing import image_from_ink

    return int(image_from_ink(np.full((1, width), 255, np.uint8)).max())


def row_of(*widths: int, together: float = 0.0, most: int = 4) -> Pieces:
    """Pieces one pixel high, side by side."""
    starts = np.cumsum([0, *widths])
    patches = tuple(
        Patch(int(start), 0, np.full((1, width), 255, np.uint8)) for start, width in zip(starts, widths, strict=False)
    )
    odds = np.full((len(widths), most - 1), -np.inf)
    for n in range(len(widths)):
        odds[n, : len(widths) - n - 1] = together
    return Pieces(patches, tuple((n,) for n in range(len(widths))), odds, 1.0)


def spans(pieces: Pieces, reader: Reader) -> list[tuple[int, int]]:
    return [(group.start, group.stop) for group in group_pieces(pieces, reader)]


def test_pieces_are_joined_where_that_gives_digits() -> None:
    pieces = row_of(20, 30, 25, 45)  # 50 is a digit, and so is 70; 20, 30, 25 and 45 alone are none
    reader = Reader(pieces, {50: 4, 70: 7})
    groups = group_pieces(pieces, reader)
    assert [(group.start, group.stop, group.prediction.digit) for group in groups] == [(0, 2, 4), (2, 4, 7)]
    assert [(group.patch.left, group.patch.right) for group in groups] == [(0, 50), (50, 120)]


def test_all_that_can_be_a_digit_is_read_at_once() -> None:
    pieces = row_of(20, 30, 25, 45, 21)
    reader = Reader(pieces, {50: 4})
    group_pieces(pieces, reader)
    assert reader.calls == [5 + 4 + 3 + 2]


def test_where_both_can_be_read_the_places_decide() -> None:
    table = {20: 1, 30: 1, 50: 4}
    near, far = row_of(20, 30, together=2.0), row_of(20, 30, together=-2.0)
    assert spans(near, Reader(near, table)) == [(0, 2)]
    assert spans(far, Reader(far, table)) == [(0, 1), (1, 2)]


def test_what_lies_far_apart_is_not_even_read_together() -> None:
    pieces = row_of(20, 30, together=-20.0)
    reader = Reader(pieces, {50: 4})
    assert spans(pieces, reader) == [(0, 1), (1, 2)]
    assert reader.calls == [2]


@pytest.mark.parametrize("most", [2, 4])
def test_no_digit_has_more_pieces_than_the_most(most: int) -> None:
    pieces = row_of(20, 20, 20, 20, 20, together=5.0, most=most)
    assert max(stop - start for start, stop in spans(pieces, Reader(pieces, {100: 8}))) == most
