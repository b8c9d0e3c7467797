"""What a kept drawing must be: checked when it is made, and again when it is read."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from mnistlab.keeping.limits import MAX_CANVAS, MAX_NAME, MAX_POINTS, MAX_STROKES, OUTSIDE, PEN_WIDTHS
from mnistlab.strokes import Drawing, points_of
from mnistlab.system.json_objects import HALF_CHARACTER

LABELS = range(10)


def check_label(label: int, name: str) -> None:
    """Raise ValueError, which calls it `name`, if a label is no digit."""
    if label not in LABELS:
        raise ValueError(f"{name} is {label}, not a digit from 0 to 9")


def check_name(text: str, name: str) -> None:
    """Raise ValueError, which calls it `name`, if the name of a writer or of a model cannot be kept."""
    if len(text) > MAX_NAME or HALF_CHARACTER.search(text):
        raise ValueError(f"{name} is {text[:30]!r}, not a name of at most {MAX_NAME} whole characters")


def check_strokes(strokes: Drawing, widths: Sequence[float], canvas_size: int) -> None:
    """Raise ValueError if strokes, or the pen's width for each, are not those of a drawing on a canvas of this size."""
    if not 1 <= canvas_size <= MAX_CANVAS:
        raise ValueError(f"canvas_size is {canvas_size}, not 1 to {MAX_CANVAS}")
    if not strokes or not all(strokes) or len(widths) != len(strokes):
        raise ValueError("strokes and widths do not fit: each stroke has a width, and at least one point")
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS:
        raise ValueError(f"strokes are too many: at most {MAX_STROKES:,}, with {MAX_POINTS:,} points")
    if bool in map(type, chain(widths, *chain.from_iterable(strokes))):  # for Python, true is 1
        raise ValueError("strokes and widths are made of numbers, not of true or false")
    points = np.concatenate(points_of(strokes, canvas_size))
    if points.min() < -OUTSIDE or points.max() > canvas_size + OUTSIDE:
        raise ValueError(
            f"strokes have a point more than {OUTSIDE:g} pixels outside the canvas, which goes from 0 to {canvas_size}"
        )
    if not all(PEN_WIDTHS[0] <= width <= PEN_WIDTHS[1] for width in widths):
        raise ValueError(f"widths have one that is not {PEN_WIDTHS[0]} to {PEN_WIDTHS[1]} canvas pixels")
