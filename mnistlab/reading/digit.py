"""The one digit in a picture or a drawing, with what else is in it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from mnistlab.pictures import InkSteps, inks_in
from mnistlab.pictures.drawn import ink_of_drawing
from mnistlab.pictures.pen import widened
from mnistlab.preprocessing import image_from_ink
from mnistlab.reading.grouping import Reader
from mnistlab.reading.number import number_in_drawing
from mnistlab.reading.prediction import Prediction, where_digits_are_expected
from mnistlab.strokes import Drawing

HEIGHT = 0.5
"""Another digit is at least so high, as a share of the height of the first."""

INK = 0.15
"""Its ink is at least this share of that of the first."""

LEAST_PROBABILITY = 0.25
"""It is a digit with at least this probability: one that is missed costs more than one too many."""


CUT_PROBABILITY = 0.75
"""The same where it comes to the edge of the picture: a thumb does."""

TOGETHER = 0.9
"""Two that are a digit together with this probability are its parts: the strokes of a 4, the loops of an 8."""

TRIED = 5
"""Things in a picture that are read, at most, if what was read first is no digit."""

LARGE = 0.1
"""These are as large, at least, as this share of the picture."""


def digit_in_picture(picture: np.ndarray, read: Reader) -> Prediction:
    """Read the digit in a picture, and count what may be others.

    If what is found first is no digit, for the model, the next is tried: the ink on another sheet, lighter ink.

    Parameters
    ----------
    picture : uint8 array of shape (H, W), (H, W, 3) or (H, W, 4)
    read : callable
        Predicts a batch of images.

    Raises
    ------
    ValueError
        As `mnistlab.pictures.find_ink`.
    """
    inks = islice(inks_in(picture), TRIED)
    likeliest = _reading(next(inks), read)
    if not (likeliest.is_digit or likeliest.others):
        large = (found for found in inks if _size(found.ink) >= LARGE * max(found.ink.shape))
        digits = (prediction for found in large if (prediction := _reading(found, read)).is_digit)
        likeliest = next(digits, likeliest)
    return where_digits_are_expected(likeliest)


def digit_in_drawing(
    picture: np.ndarray, drawing: Drawing, pen_width: float | Sequence[float], canvas_size: int, read: Reader
) -> Prediction:
    """Read the digit in a drawing; if it is none, for the model, but several digits are, count the others.

    Parameters
    ----------
    picture : uint8 array of shape (H, W)
        The drawing as `mnistlab.strokes.rasterize` gives it.
    drawing : sequence of strokes
        In canvas pixels, with pen widths and the canvas's size as `mnistlab.strokes.rasterize` takes them.
    read : callable
        Predicts a batch of images.

    Raises
    ------
    ValueError
        If nothing is drawn on the canvas.
    """
    (prediction,) = read(image_from_ink(ink_of_drawing(picture))[np.newaxis])
    if prediction.is_digit or len(drawing) < 2:
        return prediction
    number = number_in_drawing(drawing, pen_width, canvas_size, read)
    return replace(prediction, others=len(number.digits) - 1) if number.is_number else prediction


def _reading(found: InkSteps, read: Reader) -> Prediction:
    """Read what was found; with what is beside it, if the two are parts of one digit."""
    height, amount = _height(found.ink), float(found.ink.sum())
    large = [ink for ink in found.beside if _height(ink) >= HEIGHT * height and ink.sum() >= INK * amount]
    inks = [found.ink, *map(widened, large)]
    together = [np.maximum(*inks)] if len(inks) == 2 else []
    prediction, *beside = read(np.stack([*map(image_from_ink, [*inks, *together])]))
    if together and (beside[1].digit_probability or 0) >= TOGETHER:
        return beside[1]
    least = [CUT_PROBABILITY if _is_cut(ink) else LEAST_PROBABILITY for ink in large]
    others = sum((p := other.digit_probability) is None or p >= q for other, q in zip(beside, least, strict=False))
    return replace(prediction, others=others, share_beside=found.share_beside)


def _is_cut(ink: np.ndarray) -> bool:
    """Whether ink comes to the edge of the picture: a thumb, or something that is not all there."""
    return bool(ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any())


def _size(ink: np.ndarray) -> int:
    """The longer side of the box around the ink."""
    return max(_height(ink), _height(ink.T))


def _height(ink: np.ndarray) -> int:
    rows = np.flatnonzero(ink.any(axis=1))
    return int(rows[-1] - rows[0]) + 1
